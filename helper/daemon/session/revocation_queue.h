/*
 * Whose turn it is: what waits for its time, and what is due, short tokens before long ones, soonest expiry
 * first. A long one of which a short one of the same session was not even tried is parked until that happened.
 */
#ifndef SESSION_REVOCATION_QUEUE_H
#define SESSION_REVOCATION_QUEUE_H

#include "session/revocation.h"

struct revocation_queue {
    struct heap waiting, due;
    struct table by_reference;
    int64_t held_boot_ms; /* nothing is sent before: the API, or the budget, said wait */
};

int revocation_queue_init(struct revocation_queue *queue);
void revocation_queue_deinit(struct revocation_queue *queue);
/* REVOCATION is known from now on; nothing below fails. -ENOMEM. */
int revocation_queue_add(struct revocation_queue *queue, struct revocation *revocation);
void revocation_queue_remove(struct revocation_queue *queue, struct revocation *revocation);
/* It is due in DELAY_MS, or when its life is over. */
void revocation_queue_wait(struct revocation_queue *queue, struct revocation *revocation, int64_t delay_ms);
void revocation_queue_hold(struct revocation_queue *queue, int64_t delay_ms);
/* A short one was settled, or failed once: the long ones of its session may be due. */
void revocation_queue_unpark(struct revocation_queue *queue, const struct revocation *short_one);
/* Takes one whose life is over; NULL. */
struct revocation *revocation_queue_take_over(struct revocation_queue *queue);
/* Takes the one to try next; NULL when none is due, or all is held. */
struct revocation *revocation_queue_take(struct revocation_queue *queue);
/* Milliseconds until one of the two takes something; -1: never. SENDING: is there room for a request? */
int64_t revocation_queue_delay(const struct revocation_queue *queue, bool sending);

#endif
