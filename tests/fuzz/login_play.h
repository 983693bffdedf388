/*
 * A login that is driven by letters:
 *
 *   g b f o r    alice's genuine token, bob's, a forged one, one that has run out, the one that was typed last, again
 *   L C          an opaque long token; a code
 *   t N bytes    N bytes as they are; m I X: alice's token with the byte at I xor X
 *   1 2 ...      the next parts of alice's genuine token; 0: the first one
 *   A B R U N    the API answers what waits longest: with alice's token, bob's, a refusal, an outage, what is no token
 *   p N          N seconds pass; d: the disk fails from now on, e: no longer
 *   x h q        the deadline is over; the verdict was not heard; the peer is gone
 */
#ifndef TESTS_FUZZ_LOGIN_PLAY_H
#define TESTS_FUZZ_LOGIN_PLAY_H

#include "given.h"

void login_play_world(void); /* a new one, in place of the one before */
void login_play_begin(struct given *given);
void login_play_step(struct given *given);
void login_play_end(void); /* nothing is under way any more, and the properties hold */

#endif
