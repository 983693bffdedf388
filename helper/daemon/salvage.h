/*
 * What can still be read of a damaged state, taken over into a fresh one: the tokens that are held, the orders to revoke
 * and their receipts, the deny list, what is enrolled, the audit ids of closed sessions. Sessions are not: a row that was
 * damaged without a trace may say anything, and one that says who stands where must be right. So what they held is given
 * up at the start, as for any holder without a session. Names and published keys are learned again.
 */
#ifndef SALVAGE_H
#define SALVAGE_H

#include "base/store.h"

struct salvaged {
    unsigned tokens, revocations, denied;
};

/*
 * Reads each table of OLD from both ends until an error, and writes what makes sense into FRESH, all of it in one
 * commit. FOREIGN: nothing proves that it is this machine's, so nothing of it is revoked: the deny list alone.
 * A negative errno: of that commit.
 */
int salvage(struct store *old, struct store *fresh, bool foreign, struct salvaged *out);

/* The tables are there, as the schema has them: a damaged name of one would show at its first use only. */
bool salvage_readable(struct store *store);

#endif
