/* What is obtained exists at the API from that moment on: it is held, or it is held and released at once. */
#include "session/parcel.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void parcel_freep(struct parcel **parcel)
{
    parcel_free(*parcel);
}

void parcel_free(struct parcel *parcel)
{

    if (!parcel)
        return;
    bearer_deinit(&parcel->token);
    bearer_deinit(&parcel->parent);
    secret_free(parcel->obtained);
    free(parcel);
}

int parcel_new(const struct session *session, struct parcel **out)
{
    struct parcel *parcel CLEANUP(parcel_freep) = calloc(1, sizeof *parcel);
    if (!parcel)
        return -ENOMEM;
    memcpy(parcel->reference, session->reference, sizeof parcel->reference);
    memcpy(parcel->user, session->user, sizeof parcel->user);
    snprintf(parcel->client, sizeof parcel->client, "%s", session->client);
    *out = STEAL(parcel);
    return 0;
}

int parcel_set_parent(struct parcel *parcel, const struct vault *vault, const struct secret *parent)
{
    const struct bearer_owner owner = {.user = parcel->user, .hash = parcel->parent_hash, .is_parent = true};
    bearer_deinit(&parcel->parent);
    vault_hash(secret_bytes(parent), secret_length(parent), parcel->parent_hash);
    return bearer_seal(&parcel->parent, vault, &owner, parent);
}

int parcel_set_token(
    struct parcel *parcel, const struct vault *vault, const struct secret *token, int64_t expires)
{
    const struct bearer_owner owner = {.user = parcel->user, .hash = parcel->hash};
    bearer_deinit(&parcel->token);
    vault_hash(secret_bytes(token), secret_length(token), parcel->hash);
    parcel->expires = expires;
    parcel->life = expires - clock_wall();
    return bearer_seal(&parcel->token, vault, &owner, token);
}

int parcel_token(const struct parcel *parcel, const struct vault *vault, struct secret **out)
{
    const struct bearer_owner owner = {.user = parcel->user, .hash = parcel->hash};
    return bearer_open(&parcel->token, vault, &owner, out);
}

/* Asking for more than the API gives must not cost a request each time. */
bool parcel_fresh(const struct parcel *parcel, int64_t min_ttl)
{
    int64_t left = parcel->expires - clock_wall();
    return parcel->token.sealed && left > 0 && (left >= min_ttl || left * 10 >= parcel->life * 9);
}

struct narrow {
    const struct scopes *allowed;
    const char *prefix;
};

static int is_wider(void *argument, const char *scope, size_t length)
{
    static const char never[] = "tokens:";
    const struct narrow *narrow = argument;
    size_t prefix = narrow->prefix ? strlen(narrow->prefix) : 0;
    if (prefix > 0 && length > prefix && memcmp(scope, narrow->prefix, prefix) == 0) {
        scope += prefix;
        length -= prefix;
    }
    bool is_tokens = length >= sizeof never - 1 && memcmp(scope, never, sizeof never - 1) == 0;
    return is_tokens || !scopes_cover_one(narrow->allowed, scope, length, narrow->prefix);
}

/* A token that states no scope may hold all of them. */
enum reason parcel_judge(const struct parcel *parcel, const struct scopes *allowed, const char *prefix,
    const struct verified *verified, const struct api_token *answer)
{
    const struct claims *claims = &verified->claims;
    struct narrow narrow = {.allowed = allowed, .prefix = prefix};
    if (strcmp(claims->subject, parcel->client) != 0)
        return REASON_SUBJECT;
    if (scopes_empty(&claims->scopes) || scopes_each(&claims->scopes, is_wider, &narrow) != 0 ||
        scopes_each(&answer->scopes, is_wider, &narrow) != 0)
        return REASON_TOO_WIDE;
    return claims->token_id[0] || answer->token_id[0] ? REASON_NONE : REASON_NO_TOKEN_ID;
}

static int hold(const struct parcel *parcel, struct ledger *ledger, const char *holder,
    const struct secret *token, const struct verified *verified, const struct api_token *answer)
{
    const struct claims *claims = &verified->claims;
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash(secret_bytes(token), secret_length(token), hash);
    const struct ledger_token delivered = {
        .kind = LEDGER_DELIVERED,
        .user = parcel->user,
        .client = strcmp(claims->subject, parcel->client) == 0 ? parcel->client : "",
        .token_id = answer->token_id[0] ? answer->token_id : claims->token_id,
        .claimed_id = claims->token_id,
        .hash = hash,
        .expires = claims->expires ? claims->expires : answer->expires,
        .may_revoke =
            scopes_empty(&claims->scopes), /* one that says so holds no tokens: scope, or is discarded */
    };
    return ledger_hold(ledger, holder, &delivered, token);
}

int parcel_hold(const struct parcel *parcel, struct ledger *ledger, const struct secret *token,
    const struct verified *verified, const struct api_token *answer)
{
    return hold(parcel, ledger, parcel->reference, token, verified, answer);
}

static int hold_parent(
    const struct parcel *parcel, struct ledger *ledger, const struct vault *vault, const char *holder)
{
    const struct bearer_owner owner = {.user = parcel->user, .hash = parcel->parent_hash, .is_parent = true};
    struct secret *parent SECRET_CLEANUP = NULL;
    int r = bearer_open(&parcel->parent, vault, &owner, &parent);
    if (r < 0)
        return r;
    const struct ledger_token token = {
        .kind = LEDGER_PASTED_LONG,
        .user = parcel->user,
        .client = parcel->client,
        .token_id = "",
        .hash = parcel->parent_hash,
        .may_revoke = true,
    };
    return ledger_hold(ledger, holder, &token, parent);
}

void parcel_discard(const struct parcel *parcel, struct ledger *ledger, const struct vault *vault,
    const struct secret *token, const struct verified *verified, const struct api_token *answer)
{
    char holder[9];
    vault_reference(holder);
    int r = hold(parcel, ledger, holder, token, verified, answer);
    if (r == 0)
        r = hold_parent(parcel, ledger, vault, holder);
    int released = ledger_release(ledger, holder);
    if (r < 0 || released < 0)
        log_message(LOG_LEVEL_ERROR, "ref=%s: a token that was not delivered is not written down yet: %s",
            parcel->reference, log_errno(r < 0 ? r : released));
}
