/* libseccomp: which system calls the process may still make. */
#ifndef BASE_SYSCALL_FILTER_H
#define BASE_SYSCALL_FILTER_H

/*
 * From here on every other call answers EPERM, and clone3 ENOSYS, so that glibc makes its threads with clone, whose
 * flags can be seen. Calls of another architecture end the process. For good. 0, or a negative errno.
 */
int syscall_filter_enter(void);

#endif
