/*
 * Time that a test moves: timers fire by the fake clocks, an hour takes milliseconds. Timers only: a
 * descriptor is never ready, and there are no signals. Goes with "fakes: clock loop".
 */
#ifndef FAKES_LOOP_H
#define FAKES_LOOP_H

#include "base/loop.h"

/* Fires what is due now and runs the turn hook, until nothing is due. Time stands still. */
void fake_loop_settle(struct loop *loop);
/* Lets MS milliseconds pass, on both clocks, and fires each timer at its time. */
void fake_loop_pass(struct loop *loop, int64_t ms);
/* The machine sleeps for MS: both clocks go on, and the monotonic one, by which timers fire, stands still. */
void fake_loop_suspend(struct loop *loop, int64_t ms);
/* Milliseconds until the next timer; -1: none is set. */
int64_t fake_loop_next(const struct loop *loop);

#endif
