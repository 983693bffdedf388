/*
 * How many requests the API may be sent: requests_per_minute, shared by lanes. Logins go first, then renewals
 * and deliveries, then revocations, then exchanges of user.sock, last whoever may be guessing (login/throttle.h says
 * which login goes where); each lane keeps a reserved share, and unused shares are lent (the logins' to revocations only, and where nobody else has asked for two minutes). After a 429 nothing is sent until Retry-After (60 s when it is absent) is over.
 */
#ifndef TOKEN_BUDGET_H
#define TOKEN_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum budget_lane {
    BUDGET_LOGIN,
    BUDGET_STRANGER, /* logins as a user who is being guessed at, from where he was never seen */
    BUDGET_RENEWAL,
    BUDGET_REVOCATION,
    BUDGET_USER,
    BUDGET_SUSPECT, /* logins from where something was refused lately: no share, only what is lent */
    BUDGET_LANES
};

struct budget;

int budget_new(unsigned requests_per_minute, struct budget **out);
void budget_free(struct budget *budget);
/* 0: one request may be sent now, and is counted; else the milliseconds until it is worth asking again. */
int64_t budget_take(struct budget *budget, enum budget_lane lane);
/* The limit of a minute; USED: of the last one. */
unsigned budget_used(struct budget *budget, unsigned *used);
/* How often LANE was told to wait, for its share or for the end of a 429; and what that lane is called. */
uint64_t budget_throttled(const struct budget *budget, enum budget_lane lane);
const char *budget_lane_word(enum budget_lane lane);
/* The API said 429. retry_after in seconds, -1 when it did not say; clamped to 1 s .. 1 h. */
void budget_hold(struct budget *budget, int64_t retry_after);
/* Milliseconds that a 429 still forbids every request; 0 when none does. */
int64_t budget_held(const struct budget *budget);

#endif
