/* As daemon(7) tells an old-style daemon to: the parent waits on a pipe that the child closes, or writes to. */
#include "background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_UNAVAILABLE = 69 };

static int told = -1, null = -1;

static void wait_for(pid_t child, int heard)
{
    char byte;
    int status = 0;
    ssize_t got;
    do
        got = read(heard, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got == 1)
        _exit(0);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    fputs("c2m-authd: it did not start: its log says why (--foreground shows it here)\n", stderr);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_UNAVAILABLE);
}

int background_begin(void)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    pid_t child = fork();
    if (child > 0) {
        close(ends[1]);
        wait_for(child, ends[0]);
    }
    int error = child < 0 ? errno : 0;
    close(ends[0]);
    if (error) {
        close(ends[1]);
        return -error;
    }
    told = ends[1];
    null = open("/dev/null", O_RDWR | O_CLOEXEC); /* before the sandbox, which lets nobody write */
    return setsid() < 0 || null < 0 ? -errno : 0;
}

void background_ready(void)
{
    if (told < 0)
        return;
    for (int fd = 0; fd <= 2; fd++)
        dup2(null, fd);
    (void)!write(told, "", 1);
    close(told);
    close(null);
    told = null = -1;
}
