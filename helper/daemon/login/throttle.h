/*
 * Guessers: who tries too often waits, and nobody else. In memory only; times are of CLOCK_BOOTTIME.
 *
 * - Refused credentials count by user and origin together. Ten in five minutes, and that user waits at that
 *   origin: 30 s, twice as long after each further one, 15 minutes at most. A login there, or half an hour
 *   without a failure, forgets them. What counts was refused by the API or by verification; what never looked
 *   like a credential, an outage, and the user's own genuine token do not.
 * - What was exchanged and refused is refused again for 30 s without a request, to the same user and service.
 * - Ten wrong codes in a row switch codes off for that user and origin for 15 minutes.
 * - user.sock: two exchanges a minute for each uid.
 * - The lane of the budget: whoever logged in from there within a week goes first, an origin where something was
 *   refused in the last quarter of an hour, for whichever user, last; in between, once, an origin that is new to a
 *   user at whom somebody is guessing.
 *
 * Every table is bounded and forgets its oldest. That costs a memory, never a request beyond the budget.
 */
#ifndef LOGIN_THROTTLE_H
#define LOGIN_THROTTLE_H

#include "login/outcome.h"
#include "login/parts.h"
#include "login/recent.h"

struct throttle;

/* One attempt. Filled by throttle_ask; zeros are none. */
struct throttle_trial {
    struct recent_key pair, origin, user;
    struct recent_key credential; /* unless it is a short token, which is verified each time */
    enum c2m_credential_form form;
    bool open; /* it may be judged, and its end is not told yet */
    /* When it may be judged: for the requests that it needs; of a short token there are none. */
    enum budget_lane lane;
    /* When it may not: as in login_finish. */
    bool mine;
    uint32_t argument;
};

int throttle_new(struct throttle **out); /* -ENOMEM */
void throttle_free(struct throttle *throttle);
/*
 * Before anything is sent or verified: REASON_NONE, THROTTLED (argument: the seconds to wait), or why the same
 * credential was refused just now.
 */
enum reason throttle_ask(struct throttle *throttle, const struct login_request *request,
    enum c2m_credential_form form, const struct secret *typed, struct throttle_trial *trial);
/* How it ended; OUTCOME with its verdict, MINE as in login_finish. Only the first word on a trial counts. */
void throttle_tell(
    struct throttle *throttle, struct throttle_trial *trial, const struct outcome *outcome, bool mine);
/* Whoever asked went before the answer came. It counts, or hanging up would make guesses free. */
void throttle_left(struct throttle *throttle, struct throttle_trial *trial);
/* Seconds for which codes are switched off for that user and origin, so that none is asked for; 0: they are on. */
uint32_t throttle_codes_off(struct throttle *throttle, const struct login_request *request);
/* The administrator changed what is accepted: nobody waits for what was refused before. */
void throttle_forget(struct throttle *throttle);

#endif
