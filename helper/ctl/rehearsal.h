/*
 * One run of a stack with libpam itself: on a private copy in which each module is pam_debug.so and answers what it is
 * told to. No module of the stack runs, nobody is asked, nothing is logged; it needs no privileges, and where it has
 * them the run gives them up.
 */
#ifndef REHEARSAL_H
#define REHEARSAL_H

#include "replay.h"
#include "stack.h"

struct rehearsal {
    struct replay phase[2]; /* STACK_AUTH, STACK_ACCOUNT: libpam's verdict, and the line that gave it */
};

/* Can libpam be asked? -ENOENT: pam_debug.so is missing. */
int rehearsal_possible(void);

/*
 * RESULTS: the answer of each line's module, PAM codes. 0 or a negative errno. A phase of which libpam called other
 * modules than replay_run() says, or gave another verdict, has decider -1.
 */
int rehearsal_run(struct rehearsal *rehearsal, const struct stack *stack, const int *results);

#endif
