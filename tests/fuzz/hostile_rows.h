/*
 * Rows of state.db: a letter names the table (s sessions, t tokens, h holders, d denied, v revocations, e enrolled,
 * c closed_audits, n names, o host), then a letter for each of its columns says what stands there:
 *
 *   .        what a sound row could hold
 *   0 ... 9  that number;  m: -1;  x: the largest;  I and 8 bytes: that one
 *   T N bytes, B N bytes    a text, a blob of N bytes;  E: an empty text;  l: a text of 5,000 characters
 *   S W      a sealed bearer; one that stands for the long token
 *   H X      32 bytes X;  r X: a reference, its digits from X;  k: 1.5
 */
#ifndef TESTS_FUZZ_HOSTILE_ROWS_H
#define TESTS_FUZZ_HOSTILE_ROWS_H

#include "given.h"

#include "base/process.h"
#include "base/store.h"

/* OPENER is whose pid and start a sound session names. What the schema refuses is left out. */
void hostile_rows_put(struct store *store, struct given *given, const struct process *opener);
void hostile_rows_delete(struct store *store);

#endif
