/*
 * One revocation: an order that is pending, or what became of it. Bearers are sealed, in memory too, and gone
 * when it is settled.
 */
#ifndef SESSION_REVOCATION_H
#define SESSION_REVOCATION_H

#include "base/reason.h"
#include "base/vault.h"
#include "session/bearer.h"
#include "session/heap.h"
#include "session/revoker.h"
#include "session/table.h"
#include "session/unsaved.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

/* In the order in which they are tried. The host's is not kept with the order: it is asked for when its turn comes. */
enum revocation_bearer {
    REVOCATION_BEARER_LONG,
    REVOCATION_BEARER_SELF,
    REVOCATION_BEARERS_KEPT,
    REVOCATION_BEARER_HOST = REVOCATION_BEARERS_KEPT,
    REVOCATION_BEARERS
};

struct revocation {
    /* the row */
    char reference[C2M_REFERENCE_SIZE + 1];
    char user[C2M_NAME_MAX + 1];
    char client[128];
    char token_id[128];
    uint8_t hash[VAULT_HASH_SIZE];
    bool is_long;
    int64_t expires;
    enum c2m_revocation_state state;
    struct bearer bearers[REVOCATION_BEARERS_KEPT];
    int64_t asked, settled; /* wall clock */
    unsigned tries;
    bool lost; /* the answer to a try that may have succeeded never came */
    long last_status;
    enum reason word; /* how it ended, or why it waits */
    enum c2m_api_why why; /* of an outage; a restart forgets it */

    /* where it stands: the revoker's */
    TAILQ_ENTRY(revocation) entry;
    struct unsaved_row saving;
    struct table_link by_hash, by_reference;
    struct heap_item place;
    struct revoker *revoker;
    struct api_call *call; /* a try is under way: on disk its answer counts as lost */
    bool answered; /* in this round */
    bool begun; /* its order was committed, or could not be: it is tried */
    bool parked; /* a long one, until the short ones of its session are settled or failed once */
    unsigned bearer; /* enum revocation_bearer: whose turn it is */
    unsigned refused; /* a bit for each bearer that said insufficient_scope */
    unsigned failures; /* rounds in which every bearer failed */
    int64_t due_boot_ms; /* of the next try */
    int64_t over_boot_ms; /* its life is over on the boot clock */
    int64_t retry_after_ms; /* the longest that this round was told */
    int64_t not_before_boot_ms; /* the same, of the last round */
};

TAILQ_HEAD(revocations, revocation);

/* Seals the bearers. */
int revocation_new(const struct vault *vault, const struct revoker_order *order, struct revocation **out);
void revocation_free(struct revocation *revocation);
/* The bearers that ORDER has and REVOCATION lacks. */
int revocation_take_bearers(
    struct revocation *revocation, const struct vault *vault, const struct revoker_order *order);
void revocation_drop_bearers(struct revocation *revocation);
/* -ENOENT: there is none. -EBADMSG: sealed by another key. */
int revocation_bearer(const struct revocation *revocation, const struct vault *vault,
    enum revocation_bearer which, struct secret **out);
bool revocation_has_bearer(const struct revocation *revocation);
/*
 * What is left of the token's life, by the wall clock or by the boot clock, whichever says more: a clock that
 * jumps ahead ends nothing. 0: it is over.
 */
int64_t revocation_left_ms(const struct revocation *revocation);
void revocation_log(const struct revocation *revocation);
void revocation_describe(const struct revocation *revocation, struct c2m_revocation *out);

#endif
