/* Shared by revoker.c, which knows what is pending, revoker_tries.c and revoker_list.c. Nobody else includes this. */
#ifndef SESSION_REVOKER_INTERNAL_H
#define SESSION_REVOKER_INTERNAL_H

#include "session/revocation_queue.h"
#include "session/revocation_rows.h"

struct revoker {
    struct vault *vault;
    struct api *api;
    struct loop_timer *timer;
    struct revocation_rows rows;
    struct unsaved unsaved;
    struct revocations all; /* pending ones, and settled ones whose receipt is not on disk yet */
    struct table by_hash;
    struct revocation_queue queue;
    unsigned pending, in_flight, settled;
    revoker_host_fn host; /* NULL: the host has no token of its own */
    void *host_argument;
};

/* revoker.c */
/* What is in memory of that token; NULL. */
struct revocation *revoker_find(const struct revoker *revoker, const uint8_t *hash);
/* The end of it: the receipt is written, and the object is gone when that is on disk. */
int revoker_settle(struct revocation *revocation, enum c2m_revocation_state state, enum reason word);

/* The host's own token may revoke what belongs to CLIENT. */
bool revoker_host_may(const struct revoker *revoker, const char *client);

/* revoker_tries.c */
/* The timer's: settles what is over, tries what is due. */
void revoker_pump(void *argument);
void revoker_arm(struct revoker *revoker);
/* The API's, when it is back. */
void revoker_wake(void *argument);

#endif
