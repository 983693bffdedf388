/* Copying, sealing and describing; what happens to it stands in revoker.c. */
#include "session/revocation.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "session/lifetime.h"
#include "c2m/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void revocation_freep(struct revocation **revocation)
{
    revocation_free(*revocation);
}

static struct bearer_owner owner_of(const struct revocation *revocation, enum revocation_bearer which)
{
    return (struct bearer_owner){
        .user = revocation->user, .hash = revocation->hash, .is_parent = which == REVOCATION_BEARER_LONG};
}

static int take(struct revocation *revocation, const struct vault *vault, enum revocation_bearer which,
    const struct secret *secret)
{
    struct bearer_owner owner = owner_of(revocation, which);
    if (!secret || revocation->bearers[which].sealed)
        return 0;
    return bearer_seal(&revocation->bearers[which], vault, &owner, secret);
}

int revocation_take_bearers(
    struct revocation *revocation, const struct vault *vault, const struct revoker_order *order)
{
    int r = take(revocation, vault, REVOCATION_BEARER_LONG, order->bearer_long);
    return r < 0 ? r : take(revocation, vault, REVOCATION_BEARER_SELF, order->bearer_self);
}

/* What does not fit is none: an identifier cut in half names another token. */
static void copy(char *out, size_t size, const char *text)
{
    size_t length = strnlen(text, size);
    if (length < size)
        memcpy(out, text, length);
}

int revocation_new(const struct vault *vault, const struct revoker_order *order, struct revocation **out)
{
    struct revocation *revocation CLEANUP(revocation_freep) = calloc(1, sizeof *revocation);
    if (!revocation)
        return -ENOMEM;
    copy(revocation->reference, sizeof revocation->reference, order->reference);
    copy(revocation->user, sizeof revocation->user, order->user);
    copy(revocation->client, sizeof revocation->client, order->client);
    copy(revocation->token_id, sizeof revocation->token_id, order->token_id);
    memcpy(revocation->hash, order->hash, sizeof revocation->hash);
    revocation->is_long = order->is_long;
    revocation->expires = order->expires;
    revocation->state = C2M_REVOCATION_PENDING;
    revocation->asked = clock_wall();
    revocation->word = REASON_ASKED;
    revocation->over_boot_ms = lifetime_over(order->expires, 0);
    if (revocation->over_boot_ms < order->over_boot_ms)
        revocation->over_boot_ms = order->over_boot_ms;
    int r = revocation_take_bearers(revocation, vault, order);
    if (r == 0)
        *out = STEAL(revocation);
    return r;
}

void revocation_drop_bearers(struct revocation *revocation)
{
    for (int i = 0; i < REVOCATION_BEARERS_KEPT; i++)
        bearer_deinit(&revocation->bearers[i]);
}

bool revocation_has_bearer(const struct revocation *revocation)
{
    return revocation->bearers[REVOCATION_BEARER_LONG].sealed ||
           revocation->bearers[REVOCATION_BEARER_SELF].sealed;
}

void revocation_free(struct revocation *revocation)
{
    if (!revocation)
        return;
    revocation_drop_bearers(revocation);
    free(revocation);
}

int revocation_bearer(const struct revocation *revocation, const struct vault *vault,
    enum revocation_bearer which, struct secret **out)
{
    struct bearer_owner owner = owner_of(revocation, which);
    return bearer_open(&revocation->bearers[which], vault, &owner, out);
}

int64_t revocation_left_ms(const struct revocation *revocation)
{
    int64_t left = lifetime_over(revocation->expires, 0) - clock_boot_ms(),
            boot = revocation->over_boot_ms - clock_boot_ms();
    return left > boot ? left : boot;
}

static const char *state_word(enum c2m_revocation_state state)
{
    switch (state) {
    case C2M_REVOCATION_PENDING:
        return "pending";
    case C2M_REVOCATION_DONE:
        return "done";
    case C2M_REVOCATION_EXPIRED:
        return "expired";
    case C2M_REVOCATION_UNREVOCABLE:
        return "unrevocable";
    }
    return "none";
}

void revocation_log(const struct revocation *revocation)
{
    enum log_level level = revocation->state == C2M_REVOCATION_UNREVOCABLE ? LOG_LEVEL_WARNING
                           : revocation->word == REASON_ASKED              ? LOG_LEVEL_INFO
                                                                           : LOG_LEVEL_NOTICE;
    struct log_line line;
    char hash[9];
    vault_hash_text(revocation->hash, hash);
    log_begin(&line, "revocation");
    log_text(&line, "ref", revocation->reference);
    log_text(&line, "token", hash);
    log_text(&line, "state", state_word(revocation->state));
    log_text(&line, "reason", reason_word(revocation->word));
    log_text(&line, "why", api_why_word(revocation->why));
    log_number(&line, "status", revocation->last_status);
    log_number(&line, "tries", revocation->tries);
    log_text(&line, "user", revocation->user);
    log_send(&line, level);
}

void revocation_describe(const struct revocation *revocation, struct c2m_revocation *out)
{
    bool pending = revocation->state == C2M_REVOCATION_PENDING;
    int64_t wait_ms = revocation->due_boot_ms - clock_boot_ms();
    char hash[9];
    *out = (struct c2m_revocation){
        .asked = revocation->asked,
        .settled = revocation->settled,
        .expires = revocation->expires,
        .next_try = pending ? clock_wall() + (wait_ms > 0 ? wait_ms / 1000 : 0) : 0,
        .state = revocation->state,
        .tries = revocation->tries,
        .last_status = (uint32_t)revocation->last_status,
        .kind = revocation->is_long ? 2 : 1,
    };
    vault_hash_text(revocation->hash, hash);
    memcpy(out->token_hash, hash, sizeof out->token_hash);
    memcpy(out->reference, revocation->reference, sizeof out->reference);
    c2m_text_cut(&out->user.length, out->user.bytes, C2M_NAME_MAX, revocation->user);
    c2m_text_cut(&out->word.length, out->word.bytes, C2M_NAME_MAX, reason_word(revocation->word));
    c2m_text_cut(&out->token_id.length, out->token_id.bytes, C2M_ID_MAX, revocation->token_id);
}
