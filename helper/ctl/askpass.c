/*
 * A prompt in, an answer out, nothing kept: a later part of a token is asked for by a prompt that says which one.
 * Whatever is not exactly a prompt of ours, from somebody that the configuration names, gets nothing.
 */
#include "askpass.h"

#include "askpass_answer.h"
#include "askpass_config.h"
#include "askpass_prompt.h"
#include "askpass_source.h"
#include "askpass_token.h"
#include "complain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { ANSWERED = 0, NOT_ANSWERED = 1 };

bool askpass_called(const char *name)
{
    const char *slash = strrchr(name, '/');
    return strcmp(slash == NULL ? name : slash + 1, "c2m-askpass") == 0;
}

/* The effective uid of PROCESS, or -1. */
static long effective_uid(pid_t process)
{
    char path[64], line[256];
    long uid = -1;

    snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    FILE *status = fopen(path, "re");
    if (status == NULL)
        return -1;
    while (uid < 0 && fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "Uid: %*u %ld", &uid) != 1)
            uid = -1;
    fclose(status);
    return uid;
}

/*
 * A prompt without a host is sudo's, which runs as root. An older ssh shows none either, and must not get by
 * what was meant for sudo.
 */
static bool sudo_asks(void)
{
    pid_t parent = getppid();
    return parent > 1 && effective_uid(parent) == 0;
}

static bool find_source(const char *text, struct askpass_prompt *prompt, struct askpass_source *source)
{
    char file[ASKPASS_PATH_SIZE];

    if (getenv("SSH_ASKPASS_PROMPT") != NULL || !askpass_prompt_read(text, prompt)) {
        complain("not a question for a C2M token, so not answered", text);
        return false;
    }
    if (prompt->host[0] == '\0' && !sudo_asks()) {
        complain(
            "a prompt without \"(user@host)\" is answered to sudo only (ssh writes that, but for old ones)",
            NULL);
        return false;
    }
    return askpass_config_file(file, sizeof file) && askpass_config_find(file, prompt->host, source);
}

static bool print(const struct askpass_answer *answer)
{
    size_t written = 0;

    while (written < answer->length) {
        ssize_t got = write(STDOUT_FILENO, answer->bytes + written, answer->length - written);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            complain("cannot write the answer", NULL);
            return false;
        }
        written += (size_t)got;
    }
    return true;
}

int askpass_main(int argc, char **argv)
{
    struct askpass_prompt prompt;
    struct askpass_source source;
    struct askpass_token token __attribute__((cleanup(askpass_token_wipe))) = {.length = 0};
    struct askpass_answer answer __attribute__((cleanup(askpass_answer_wipe))) = {.length = 0};

    if (argc != 2) {
        complain("ssh and sudo call this with a prompt: see c2m-askpass(1)", NULL);
        return NOT_ANSWERED;
    }
    prctl(PR_SET_DUMPABLE, 0); /* no core holds the token, no debugger of the same user reads it */
    bool done = find_source(argv[1], &prompt, &source) && askpass_source_read(&source, &prompt, &token) &&
                askpass_answer_make(&prompt, &token, &answer) && print(&answer);
    return done ? ANSWERED : NOT_ANSWERED;
}
