/*
 * The private copy that libpam rehearses: a folder of its own, the stack in one file, each substack in another.
 */
#ifndef PRIVATE_STACK_H
#define PRIVATE_STACK_H

#include "stack.h"

#define PRIVATE_STACK_SERVICE "rehearsal"
enum { PRIVATE_STACK_DIR_SIZE = 64 };

/*
 * Makes DIR and writes the lines of auth and account, each module as pam_debug.so with its answer of RESULTS. What is
 * included stands in line, and substacks are named by absolute paths: a relative one would be looked for in /etc/pam.d.
 * 0 or a negative errno; then nothing is left.
 */
int private_stack_write(
    char dir[static PRIVATE_STACK_DIR_SIZE], const struct stack *stack, const int *results);
void private_stack_remove(const char *dir);

#endif
