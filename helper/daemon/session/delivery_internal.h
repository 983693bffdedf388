/* Shared by delivery.c, which knows who waits, and delivery_fetch.c, which fetches. Nobody else includes this. */
#ifndef SESSION_DELIVERY_INTERNAL_H
#define SESSION_DELIVERY_INTERNAL_H

#include "session/delivery.h"
#include "session/parcel.h"

struct waiter {
    TAILQ_ENTRY(waiter) entry;
    struct parcel *parcel; /* whose token it gets; NULL: none */
    enum reason reason; /* NONE: not known yet */
    int64_t retry_after;
    delivery_fn fn;
    void *argument;
};

struct delivery {
    struct delivery_parts parts;
    struct scopes scopes;
    char *prefix; /* NULL: none */
    struct loop_timer *timer; /* tells what is known already: never from inside delivery_get */
    LIST_HEAD(, parcel) parcels;
    TAILQ_HEAD(waiters, waiter) waiters;
};

/* delivery.c */
/* What those who wait for PARCEL, and have no token of it to come, will be told. */
void delivery_decide(struct parcel *parcel, enum reason reason, int64_t retry_after);
/* Tells whoever is decided. */
void delivery_tell(void *argument);
/* Whoever still waits for it is told that the session is closed. */
void delivery_drop(struct parcel *parcel);

/* delivery_fetch.c */
/* REASON_NONE: the exchange is under way, and ends with delivery_decide and delivery_tell. */
enum reason delivery_fetch(struct parcel *parcel, int64_t timeout_ms);
/* Nobody waits any more: what the exchange yielded, if it is not judged yet, is revoked. */
void delivery_give_up(struct parcel *parcel);

#endif
