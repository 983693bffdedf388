// link: tests/starve/trap.c
/*
 * Preloaded into the helper: one of its system calls fails when the file that C2M_STARVE names says so, which holds three
 * numbers of eight bytes: which call from now on, by what error, and how many there were. Whoever writes the first two
 * sets the third to -1, and reads it afterwards.
 */
#include "trap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("C2M_STARVE");
    if (!path || strcmp(program_invocation_short_name, "c2m-authd") != 0)
        return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *orders = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (orders == MAP_FAILED || !trap_begin())
        _exit(77);
    trap_share(orders);
}
