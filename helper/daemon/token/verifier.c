/*
 * The order of the checks. What the memory holds has passed the first three; the times, the issuer, the type
 * and the lifetime are judged at each check, remembered or not.
 */
#include "token/verifier.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "token/remembered.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

struct verifier {
    char *issuer;
    int64_t tolerance;
    int64_t max_lifetime;
    struct keyset *keyset;
    struct remembered *memory;
    struct mismatches *mismatches; /* NULL: nobody asks */
};

static bool valid(const struct verifier_options *options)
{
    return options->issuer && options->issuer[0] && options->tolerance >= 0 && options->max_lifetime > 0;
}

int verifier_new(const struct verifier_options *options, struct keyset *keyset, struct verifier **out)
{
    if (!valid(options))
        return -EINVAL;
    CLEANUP_FREE char *issuer = strdup(options->issuer);
    CLEANUP_FREE struct verifier *verifier = calloc(1, sizeof *verifier);
    if (!issuer || !verifier || remembered_new(&verifier->memory) < 0)
        return -ENOMEM;
    verifier->issuer = STEAL(issuer);
    verifier->tolerance = options->tolerance;
    verifier->max_lifetime = options->max_lifetime;
    verifier->keyset = keyset;
    *out = STEAL(verifier);
    return 0;
}

void verifier_free(struct verifier *verifier)
{
    if (!verifier)
        return;
    remembered_free(verifier->memory);
    keyset_free(verifier->keyset);
    free(verifier->issuer);
    free(verifier);
}

void verifier_forget(struct verifier *verifier)
{
    remembered_forget(verifier->memory);
}

void verifier_set_mismatches(struct verifier *verifier, struct mismatches *mismatches)
{
    verifier->mismatches = mismatches;
}

void verifier_set_keyset(struct verifier *verifier, struct keyset *keyset)
{
    keyset_free(verifier->keyset);
    verifier->keyset = keyset;
    verifier_forget(verifier);
}

int verifier_reload(struct verifier *verifier, const struct verifier_options *options, struct keyset *keyset)
{
    if (!valid(options))
        return -EINVAL;
    char *issuer = strdup(options->issuer);
    if (!issuer)
        return -ENOMEM;
    free(verifier->issuer);
    verifier->issuer = issuer;
    verifier->tolerance = options->tolerance;
    verifier->max_lifetime = options->max_lifetime;
    if (keyset)
        verifier_set_keyset(verifier, keyset);
    else
        verifier_forget(verifier);
    return 0;
}

/* An algorithm that is none signs nothing; else the channel stands for the signature. */
static enum reason trust_channel(const struct jwt_text *text, bool obtained)
{
    if (!obtained)
        return REASON_UNKNOWN_KEY;
    return strcasecmp(text->algorithm, "none") == 0 ? REASON_ALGORITHM : REASON_NONE;
}

static enum reason judge_signature(
    const struct verifier *verifier, const struct jwt_text *text, bool obtained)
{
    enum reason reason;
    if (keyset_is_channel(verifier->keyset))
        return trust_channel(text, obtained);
    const struct signature_key *key = keyset_find(verifier->keyset, text, &reason);
    if (reason == REASON_UNKNOWN_KEY)
        mismatches_keep(verifier->mismatches, C2M_MISMATCH_KEY, text->key_id);
    if (!key)
        return reason;
    errno = 0;
    if (signature_verify(key, text))
        return REASON_NONE;
    return errno == ENOMEM ? REASON_INTERNAL : REASON_SIGNATURE;
}

/* Its signature would make a token of what else is known of it. */
static void wipe_text(struct jwt_text *text)
{
    explicit_bzero(text, sizeof *text);
}

/* The text, the claims' types, the signature. */
static enum reason examine(
    const struct verifier *verifier, const struct secret *token, bool obtained, struct claims *out)
{
    CLEANUP(wipe_text) struct jwt_text text;
    MEMBERS_CLEANUP struct members *payload = NULL;
    enum reason reason = jwt_text_read(secret_bytes(token), secret_length(token), &text, &payload);
    if (reason == REASON_NONE)
        reason = claims_of(payload, out);
    if (reason == REASON_NONE && out->issued == 0)
        reason = REASON_CLAIM; /* without iat nobody can say that it is a short one */
    return reason == REASON_NONE ? judge_signature(verifier, &text, obtained) : reason;
}

/* Only what is genuine comes here. */
static enum reason judge(const struct verifier *verifier, const struct remembered_token *token, int64_t now)
{
    const struct claims *claims = &token->claims;
    if (strcmp(claims->issuer, verifier->issuer) != 0) {
        mismatches_keep(verifier->mismatches, C2M_MISMATCH_ISSUER, claims->issuer);
        return REASON_ISSUER;
    }
    if (claims->expires <= now - verifier->tolerance || clock_boot_ms() >= token->boot_deadline_ms)
        return REASON_EXPIRED;
    if (claims->issued > now + verifier->tolerance || claims->not_before > now + verifier->tolerance)
        return REASON_NOT_YET;
    if (claims->type != CLAIMS_TYPE_SHORT && claims->type != CLAIMS_TYPE_ABSENT)
        return REASON_TOKEN_TYPE;
    int64_t lifetime = claims->expires - claims->issued;
    return lifetime > 0 && lifetime <= verifier->max_lifetime ? REASON_NONE : REASON_LIFETIME;
}

static enum reason check(
    struct verifier *verifier, const struct secret *token, bool obtained, struct verified *out)
{
    memset(out, 0, sizeof *out);
    if (secret_length(token) > JWT_TEXT_MAX)
        return REASON_TOO_LONG;
    vault_hash(secret_bytes(token), secret_length(token), out->hash);
    int64_t now = clock_wall();
    struct remembered_token found;
    bool known = remembered_find(verifier->memory, out->hash, &found);
    if (!known) {
        enum reason reason = examine(verifier, token, obtained, &found.claims);
        if (reason != REASON_NONE)
            return reason;
        found.boot_deadline_ms = clock_boot_ms() + (found.claims.expires + verifier->tolerance - now) * 1000;
    }
    enum reason reason = judge(verifier, &found, now);
    if (reason == REASON_NONE || reason == REASON_EXPIRED)
        out->claims = found.claims;
    /* What no signature vouches for is not remembered: the next one who brings it may have typed it. */
    if (reason == REASON_NONE && !known && !keyset_is_channel(verifier->keyset))
        remembered_add(verifier->memory, out->hash, &found, now);
    return reason;
}

enum reason verifier_check(struct verifier *verifier, const struct secret *token, struct verified *out)
{
    return check(verifier, token, false, out);
}

enum reason verifier_check_obtained(
    struct verifier *verifier, const struct secret *token, struct verified *out)
{
    return check(verifier, token, true, out);
}
