/*
 * c2mctl config-check: the helper's own judgement of its configuration (c2m-authd --check), so that there is one
 * reader of it and not two.
 */
#include "authd.h"
#include "commands.h"
#include "output.h"
#include "refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: never returns. CAPTURE: where its words go; -1: where ours go. */
static void run(const char *authd, const char *config, int capture, bool quiet)
{
    if (capture >= 0) {
        if (dup2(capture, STDOUT_FILENO) < 0 || dup2(capture, STDERR_FILENO) < 0)
            _exit(EXIT_SOFTWARE);
    } else if (quiet &&
               (freopen("/dev/null", "w", stdout) == NULL || dup2(STDOUT_FILENO, STDERR_FILENO) < 0)) {
        _exit(EXIT_SOFTWARE);
    }
    execl(authd, authd, "--check", "--config", config, (char *)NULL);
    _exit(errno == ENOENT ? 127 : 126);
}

/* "FILE:LINE: what is wrong": the parts of it beside the whole. */
static void tell_message(struct output *item, const char *line)
{
    const char *end = strstr(line, ": "), *colon = end;
    output_line(item, "message", line);
    if (strncmp(line, "warning: ", 9) == 0 || end == NULL || line[0] != '/')
        return;
    while (colon > line && colon[-1] >= '0' && colon[-1] <= '9')
        colon--;
    bool numbered = colon < end && colon > line && colon[-1] == ':';
    output_text(item, "file", line, (size_t)((numbered ? colon - 1 : end) - line));
    if (numbered)
        output_number(item, "line", strtol(colon, NULL, 10));
}

static void read_lines(int fd, struct output *list)
{
    FILE *lines = fdopen(fd, "r");
    char line[1024];

    if (lines == NULL) {
        close(fd);
        return;
    }
    while (fgets(line, sizeof line, lines) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        tell_message(output_item(list), line);
    }
    fclose(lines);
}

static int exit_code_of(int status)
{
    if (!WIFEXITED(status))
        return EXIT_SOFTWARE;
    switch (WEXITSTATUS(status)) {
    case EXIT_OK:
        return EXIT_OK;
    case 126:
    case 127:
        return EXIT_UNAVAILABLE;
    default:
        return EXIT_CONFIGURATION;
    }
}

static int wait_for(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return EXIT_SOFTWARE;
    return exit_code_of(status);
}

int command_config_check(const struct options *options)
{
    const char *config = options->config == NULL ? AUTHD_CONFIG : options->config;
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    struct output *list = output_list(output, "messages");
    char authd[PATH_MAX];
    int capture[2] = {-1, -1};

    if (!authd_find(options, authd, sizeof authd) || (options->json && pipe2(capture, O_CLOEXEC) < 0))
        return EXIT_SOFTWARE;
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        return EXIT_SOFTWARE;
    if (child == 0)
        run(authd, config, capture[1], options->quiet);
    if (options->json) {
        close(capture[1]);
        read_lines(capture[0], list);
    }
    int code = wait_for(child);
    if (code == EXIT_UNAVAILABLE) {
        refusal_tell(options, "no_authd", "there is no c2m-authd to ask: name it with --authd");
    } else if (options->json) {
        output_bool(output, "ok", code == EXIT_OK);
        output_text(output, "file", config, strlen(config));
        output_print(output);
    }
    return code;
}
