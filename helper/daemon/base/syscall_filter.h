/* libseccomp: which system calls the process may still make. */
#ifndef BASE_SYSCALL_FILTER_H
#define BASE_SYSCALL_FILTER_H

#include <stdbool.h>

/*
 * From here on every other call answers EPERM, and clone3 ENOSYS, so that glibc makes its threads with clone, whose
 * flags can be seen. Calls of another architecture end the process. For good. SIGNALS: SIGHUP and
 * SIGTERM may be sent by a pidfd. 0, or a negative errno.
 */
int syscall_filter_enter(bool signals);

#endif
