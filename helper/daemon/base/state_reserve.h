/*
 * Space of the state's disk that is kept back: a file of zeros, DIRECTORY/reserve. When the disk is full, logouts and
 * revocations are written into its room, a piece at a time, so that nobody else gets all of it; new logins wait until it
 * is whole again.
 */
#ifndef BASE_STATE_RESERVE_H
#define BASE_STATE_RESERVE_H

#include "base/state_dir.h"

enum { STATE_RESERVE_SIZE = 1024 * 1024, STATE_RESERVE_PIECE = 64 * 1024 };

/* 0: it is whole; it was made so if need be, and if there was room. -ENOSPC, or another errno: it is as it was. */
int state_reserve_fill(const struct state_dir *directory);
/* True: a piece of it was given back to the disk. */
bool state_reserve_give(const struct state_dir *directory);

#endif
