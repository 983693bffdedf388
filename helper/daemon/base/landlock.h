/* Landlock, by its system calls: which files the process may still reach. */
#ifndef BASE_LANDLOCK_H
#define BASE_LANDLOCK_H

#include "base/sandbox.h"

/*
 * Gives up everything outside of PATHS, and where the kernel knows how, listening on TCP ports, connecting to others
 * than PATHS names, abstract sockets and, unless PATHS says otherwise, signals to others. *abi is the version in force,
 * 0 when the kernel has none or does not allow it. For this thread and those that it makes; wants no_new_privs. 0, or a
 * negative errno.
 */
int landlock_enter(const struct sandbox_paths *paths, int *abi);

#endif
