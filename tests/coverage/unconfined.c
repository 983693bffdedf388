/*
 * In the place of base/landlock.c and base/syscall_filter.c where `make coverage` counts lines: inside the sandbox the
 * helper could not write gcov's counters when it ends. It is not root then, and may not write beside the objects
 * either: its counters go to a folder that anybody may write to, beside the program.
 */
#include "base/landlock.h"
#include "base/syscall_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((constructor)) static void count_elsewhere(void)
{
    char program[4096] = "", *slash;
    if (readlink("/proc/self/exe", program, sizeof program - sizeof "/counters") < 0)
        return;
    slash = strrchr(program, '/');
    if (slash && snprintf(slash, sizeof "/counters", "/counters") > 0)
        setenv("GCOV_PREFIX", program, 1);
}

int landlock_enter(const struct sandbox_paths *paths, int *abi)
{
    (void)paths;
    *abi = 0;
    return 0;
}

int syscall_filter_enter(bool signals)
{
    (void)signals;
    return 0;
}
