/*
 * Every system call of this process, also those that libc makes within itself, passes through a handler of ours, which
 * counts them and may let one fail: as `strace --inject`, a hundred times as fast. x86-64 only.
 */
#ifndef TESTS_STARVE_TRAP_H
#define TESTS_STARVE_TRAP_H

#include <stdbool.h>

/* From here on, for ever. False: this kernel or processor cannot. */
bool trap_begin(void);
/* The same for this thread alone, and for no child: one may start other programs. From Linux 5.11 on. */
bool trap_begin_here(void);
/* The NTH call from now on fails with ERROR; 0: none does, and they are counted. */
void trap_arm(long nth, int error);
/* Since trap_arm. Nothing fails any more. */
long trap_disarm(void);
/*
 * Orders come from SHARED instead: which call, by what error, the count, and the number of the call that failed; a count
 * below 0 is an order, obeyed at the next call. For a program that somebody else drives.
 */
void trap_share(volatile long *shared);

#endif
