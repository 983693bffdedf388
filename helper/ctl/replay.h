/*
 * Which line of a stack decides: libpam tells its verdict, but not where it comes from. So the walk over the stack is
 * done once more here, and is believed only where it comes to libpam's verdict by the same answers of modules.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "stack.h"

struct replay {
    int verdict; /* a PAM code */
    int decider; /* index of the line that gave it; -1: none did */
    int asked[STACK_LINES_MAX]; /* the lines whose module was called, in order */
    size_t asked_count;
};

/* RESULTS: of each line of the stack, its module's answer; those of other types are not looked at. */
void replay_run(struct replay *replay, const struct stack *stack, enum stack_type type, const int *results);

#endif
