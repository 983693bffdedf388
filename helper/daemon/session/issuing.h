/*
 * A long token that is to be kept and was asked for, while nobody has heard of it: a mark on disk from before the
 * request until after its answer. The helper that starts and finds one was killed in between: the API may hold a
 * token that has no name here. All that can be done is to say so.
 */
#ifndef SESSION_ISSUING_H
#define SESSION_ISSUING_H

#include "base/store.h"

/*
 * In this turn's transaction: the request waits for its commit. OWNER: a user; "": the host. -ENOMEM, or the store's errno: nothing may be asked for.
 */
int issuing_begin(struct store *store, const char *reference, const char *owner, const char *client);
/* The answer is here, in the transaction that holds what it brought. What fails is said once too often, at the start. */
void issuing_end(struct store *store, const char *reference);
/* After a start: one warning for each mark, and none is left. */
int issuing_resume(struct store *store);

#endif
