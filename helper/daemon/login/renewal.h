/*
 * A session that a long token or a code opened lives longer than one short token: before that runs out another one is
 * fetched with the long one, judged like the first, and takes its place; the former is revoked. What the policy then
 * refuses (a scope that was taken away, a user who is not mapped any more) takes sudo and delivery away at once.
 *
 * One exchange at a time for each session; an outage is tried again, a refusal is not.
 */
#ifndef LOGIN_RENEWAL_H
#define LOGIN_RENEWAL_H

#include "login/parts.h"

struct renewal;

/* Looks at the sessions every few seconds. PARTS stay the caller's. */
int renewal_new(const struct login_parts *parts, struct renewal **out);
/* An exchange under way runs on: what it yields is the orphans'. Nobody waits any more. */
void renewal_free(struct renewal *renewal);
/* Looks now; by itself it does so every few seconds. */
void renewal_look(struct renewal *renewal);
/*
 * FN once, when the fetch that is under way for the session has ended, however; never from inside. False: none is under
 * way, and FN is not called.
 */
bool renewal_await(struct renewal *renewal, const char *reference, loop_fn fn, void *argument);
/* ARGUMENT waits no more. */
void renewal_cancel(struct renewal *renewal, const void *argument);
/* May SESSION's token still be renewed: is there one to renew it with that was not refused for good? */
bool renewal_possible(const struct renewal *renewal, const struct session *session);
/* The session is over. */
void renewal_forget(struct renewal *renewal, const char *reference);

#endif
