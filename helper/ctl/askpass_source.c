/* Nothing of a token is printed when it is refused: only where it came from. */
#include "askpass_source.h"

#include "askpass_terminal.h"
#include "complain.h"
#include "own_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_MS = 5000, COMMAND_MS = 120000 }; /* a command may ask for a pass phrase of its own */

static bool read_file(const char *value, struct askpass_token *token)
{
    char path[ASKPASS_PATH_SIZE];
    const char *home = getenv("HOME");
    bool in_home = value[0] == '~';

    if (in_home && (home == NULL || home[0] != '/')) {
        complain("HOME is no path, so this file is not found", value);
        return false;
    }
    int length = snprintf(path, sizeof path, "%s%s", in_home ? home : "", in_home ? value + 1 : value);
    int fd = (size_t)length < sizeof path ? own_file_open(path, S_IRWXG | S_IRWXO) : -1;
    if (fd < 0)
        return false;
    bool read = askpass_token_fill(token, fd, c2m_deadline_in(FILE_MS));
    close(fd);
    if (!read)
        complain("cannot be read", path);
    return read;
}

/* In the child: never returns. What the command asks, it asks on the terminal; standard input is no source. */
static void run(const char *command, int output)
{
    int input = open("/dev/null", O_RDONLY);

    if (input < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0)
        _exit(126);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static bool ended_well(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool read_command(const char *command, struct askpass_token *token)
{
    int output[2];

    if (pipe2(output, O_CLOEXEC) < 0) {
        complain("there is no pipe for this command", command);
        return false;
    }
    pid_t child = fork();
    if (child == 0)
        run(command, output[1]);
    close(output[1]);
    bool read = child > 0 && askpass_token_fill(token, output[0], c2m_deadline_in(COMMAND_MS));
    close(output[0]); /* one that has too much to say ends by SIGPIPE */
    if (child > 0 && !read)
        kill(child, SIGTERM);
    read = child > 0 && ended_well(child) && read;
    if (!read)
        complain("this command failed", command);
    return read;
}

/* For a later part the same token is needed again: nothing is kept between two prompts. */
static bool ask(const struct askpass_prompt *prompt, struct askpass_token *token)
{
    char question[96] = "Paste the C2M token: ";

    if (prompt->part > 1)
        snprintf(question, sizeof question, "Paste the same C2M token again, part %u of %u: ", prompt->part,
            prompt->parts);
    return askpass_terminal_read(question, token);
}

bool askpass_source_read(
    const struct askpass_source *source, const struct askpass_prompt *prompt, struct askpass_token *token)
{
    const char *from = source->kind == ASKPASS_TERMINAL ? "the terminal" : source->value;
    bool read = false;

    if (source->kind == ASKPASS_FILE)
        read = read_file(source->value, token);
    else if (source->kind == ASKPASS_COMMAND)
        read = read_command(source->value, token);
    else if (source->kind == ASKPASS_TERMINAL)
        read = ask(prompt, token);
    if (!read)
        return false;
    const char *wrong = askpass_token_trim(token);
    if (wrong != NULL)
        complain(wrong, from);
    return wrong == NULL;
}
