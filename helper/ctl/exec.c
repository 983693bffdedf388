/*
 * c2mctl exec: another program with a short token for the API. In a file, where no list of processes and no core shows
 * it, which is renewed while the program runs; or, asked for by name, in its environment.
 */
#include "commands.h"
#include "complain.h"
#include "delivered.h"
#include "refusal.h"
#include "token_file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILE_VARIABLE "C2M_TOKEN_FILE"
enum { NOT_RUN = 126, NOT_THERE = 127, BY_SIGNAL = 128, MARGIN_S = 60, PATIENCE_S = 10 };

static bool is_variable(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    size_t first = strspn(name, letters);

    return first > 0 &&
           name[first + strspn(name + first, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
                                             "0123456789")] == '\0';
}

static int check_use(const struct options *options)
{
    if (options->rest[0] == NULL) {
        refusal_tell(options, "usage", "exec takes a command: c2mctl exec -- COMMAND [ARGUMENT ...]");
        return EXIT_USAGE;
    }
    if (options->env != NULL && !is_variable(options->env)) {
        refusal_tell(options, "usage", "--env takes the name of a variable, such as C2M_TOKEN");
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

/* Returns only when it could not: the exit code. */
static int become(char **words)
{
    execvp(words[0], words);
    int error = errno;
    complain(strerrordesc_np(error), words[0]);
    return error == ENOENT ? NOT_THERE : NOT_RUN;
}

static int become_with_variable(const struct options *options, const struct c2m_token *token)
{
    char text[C2M_TOKEN_MAX + 1];

    memcpy(text, token->token.bytes, token->token.length);
    text[token->token.length] = '\0';
    int rc = setenv(options->env, text, 1);
    explicit_bzero(text, sizeof text);
    return rc < 0 ? EXIT_SOFTWARE : become(options->rest);
}

struct running {
    const struct options *options;
    struct options quiet; /* the same, once a failure was told */
    const struct token_file *file;
    pid_t child;
    sigset_t waiting;
    time_t expires;
    bool told;
};

/* Seconds until the next token is due: well before the end of this one, and never at once. */
static time_t due_in(const struct running *running)
{
    time_t left = running->expires - time(NULL);
    time_t wait = left / 2 > MARGIN_S ? left - MARGIN_S : left / 2;

    return wait < PATIENCE_S ? PATIENCE_S : wait;
}

/* One that lives longer than this one; the file keeps the old one while there is none. */
static void renew(struct running *running)
{
    struct c2m_token token __attribute__((cleanup(delivered_wipe)));
    time_t left = running->expires - time(NULL);
    uint32_t wanted = running->options->min_ttl;

    if (left > 0 && wanted <= (uint32_t)left)
        wanted = (uint32_t)left + 1;
    int code = delivered_fetch(running->told ? &running->quiet : running->options, wanted, &token);
    running->told = code != EXIT_OK;
    if (code != EXIT_OK)
        return;
    int rc = token_file_replace(running->file, &token);
    if (rc < 0)
        complain(strerrordesc_np(-rc), running->file->path);
    else
        running->expires = token.expires;
}

/* The terminal's Ctrl-C reaches both; what somebody sent to us alone is meant for the program. */
static void pass_on(const struct running *running, const siginfo_t *signal)
{
    bool by_terminal =
        (signal->si_signo == SIGINT || signal->si_signo == SIGQUIT) && signal->si_code == SI_KERNEL;

    if (!by_terminal)
        kill(running->child, signal->si_signo);
}

static int watch(struct running *running)
{
    for (;;) {
        struct timespec due = {.tv_sec = due_in(running)};
        siginfo_t signal;
        int status;
        int number = sigtimedwait(&running->waiting, &signal, &due);
        if (number < 0 && errno == EAGAIN)
            renew(running);
        if (number > 0 && number != SIGCHLD)
            pass_on(running, &signal);
        if (waitpid(running->child, &status, WNOHANG) == running->child)
            return WIFEXITED(status) ? WEXITSTATUS(status) : BY_SIGNAL + WTERMSIG(status);
    }
}

static int run_with_file(const struct options *options, const struct c2m_token *token)
{
    struct token_file file __attribute__((cleanup(token_file_remove))) = {.path = ""};
    struct running running = {
        .options = options, .quiet = *options, .file = &file, .expires = (time_t)token->expires};
    sigset_t former;

    running.quiet.quiet = true;
    running.quiet.json = false;
    signal(SIGCHLD, SIG_DFL); /* whoever ignores it has no children to wait for, and hands that on */
    sigemptyset(&running.waiting);
    for (size_t i = 0; i < 5; i++)
        sigaddset(&running.waiting, (const int[]){SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT}[i]);
    sigprocmask(
        SIG_BLOCK, &running.waiting, &former); /* from here on nothing ends us before the file is gone */
    int rc = token_file_create(&file, token);
    if (rc < 0) {
        refusal_tell(options, "no_place",
            rc == -ENODEV ? "there is no memory to keep the token in: XDG_RUNTIME_DIR, or a tmpfs at /dev/shm"
                          : strerrordesc_np(-rc));
        return EXIT_SOFTWARE;
    }
    if (setenv(FILE_VARIABLE, file.path, 1) < 0)
        return EXIT_SOFTWARE;
    running.child = fork();
    if (running.child < 0)
        return EXIT_SOFTWARE;
    if (running.child == 0) {
        sigprocmask(SIG_SETMASK, &former, NULL);
        _exit(become(options->rest));
    }
    return watch(&running);
}

int command_exec(const struct options *options)
{
    struct c2m_token token __attribute__((cleanup(delivered_wipe)));

    int code = check_use(options);
    if (code == EXIT_OK)
        code = delivered_fetch(options, options->min_ttl, &token);
    if (code != EXIT_OK)
        return code;
    return options->env != NULL ? become_with_variable(options, &token) : run_with_file(options, &token);
}
