/*
 * The end of the helper, in order: nothing new is taken, what was asked of the API and may still yield a token is
 * waited for, and what comes is recorded to be revoked. A token whose answer nobody hears lives on at the API.
 */
#ifndef STOPPING_H
#define STOPPING_H

#include "base/loop.h"
#include "token/api.h"

struct stopping;

/* LOOP and API stay the caller's. -ENOMEM. */
int stopping_new(struct loop *loop, struct api *api, struct stopping **out);
/* NULL is fine. */
void stopping_free(struct stopping *stopping);
/*
 * Stops the loop when no answer is waited for any more, after ten seconds at the latest; called again, at once. Whoever
 * asked has cancelled before (api_cancel), so that what comes is nobody's (api_set_orphan).
 */
void stopping_begin(struct stopping *stopping);

#endif
