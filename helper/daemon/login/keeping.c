/* A token is held before anything else may fail, so that giving it up is one release whatever happened. */
#include "login/keeping.h"

#include "base/clock.h"
#include "base/log.h"
#include "login/login.h"
#include "login/proof.h"
#include "session/enrolled.h"

#include <errno.h>
#include <string.h>

enum { PASTED_LONG_LIFE = 90 * 24 * 3600 };

/* "tokens:revoke" is looked for as the API grants it; no scopes at all say nothing. */
static bool may_revoke(const struct login_parts *parts, const struct scopes *scopes)
{
    const char *prefix = parts->policy->prefix[0] ? parts->policy->prefix : NULL;
    return scopes_empty(scopes) || scopes_cover_one(scopes, "tokens:revoke", 13, prefix);
}

void keeping_reference(const struct login_parts *parts, char out[9])
{
    do
        vault_reference(out);
    while (ledger_count(parts->ledger, out) > 0 || sessions_find(parts->sessions, out));
}

/*
 * Whose the short token is; "" when that is not known to be its long one's, which an exchange that went wrong may answer
 * with.
 */
static const char *client_of(
    const struct login_parts *parts, const struct login_request *request, const struct keeping *keeping)
{
    const struct claims *claims = &keeping->verified->claims;
    const struct user_map *map = parts->user_map;
    bool users = user_map_matches(map, request->user, claims->subject) &&
                 (!claims->client[0] || user_map_matches(map, request->user, claims->client));
    return !keeping->long_token || keeping->same_client || users ? claims->subject : "";
}

/* EXPIRES: what the API said, for a token that says nothing. Two names of one token: what the API calls it, and what it says of itself. */
static int hold_short(const struct login_parts *parts, const struct login_request *request,
    const struct keeping *keeping, int64_t expires)
{
    const struct claims *claims = &keeping->verified->claims;
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash(secret_bytes(keeping->short_token), secret_length(keeping->short_token), hash);
    const struct ledger_token token = {
        .kind = keeping->long_token ? LEDGER_EXCHANGED : LEDGER_PASTED_SHORT,
        .user = request->user,
        .client = client_of(parts, request, keeping),
        .token_id = keeping->short_id && keeping->short_id[0] ? keeping->short_id : claims->token_id,
        .claimed_id = keeping->long_token && claims->token_id[0] ? claims->token_id : NULL,
        .hash = hash,
        .expires = claims->expires ? claims->expires : expires,
        .may_revoke = may_revoke(parts, &claims->scopes),
    };
    int r = ledger_hold(parts->ledger, keeping->reference, &token, keeping->short_token);
    /* Worth one login: from here on it serves this one, and is no proof to another. */
    if (r == 0 && token.kind == LEDGER_PASTED_SHORT && parts->options->single_use)
        r = deny_list_add(parts->deny_list, token.token_id, hash, token.expires, DENY_OURS);
    return r;
}

/* Nothing is verified. False: it is no JWT, or none that says what a token must. */
static bool own_claims(const struct secret *token, struct claims *out)
{
    struct jwt_text text;
    struct members *payload MEMBERS_CLEANUP = NULL;
    return jwt_text_read(secret_bytes(token), secret_length(token), &text, &payload) == REASON_NONE &&
           claims_of(payload, out) == REASON_NONE;
}

const char *keeping_own_id(const struct secret *token, char out[CLAIMS_TEXT_SIZE], int64_t *expires)
{
    struct claims claims;
    out[0] = '\0';
    if (own_claims(token, &claims)) {
        memcpy(out, claims.token_id, sizeof claims.token_id);
        if (expires)
            *expires = claims.expires;
    }
    return out;
}

const char *keeping_own_client(const struct secret *token, char out[CLAIMS_TEXT_SIZE])
{
    struct claims claims;
    out[0] = '\0';
    if (own_claims(token, &claims))
        memcpy(out, claims.subject, sizeof claims.subject);
    return out;
}

static int hold_long(
    const struct login_parts *parts, const struct login_request *request, const struct keeping *keeping)
{
    uint8_t hash[VAULT_HASH_SIZE];
    char id[CLAIMS_TEXT_SIZE];
    if (!keeping->long_token || keeping->form != C2M_FORM_LONG)
        return 0;
    vault_hash(secret_bytes(keeping->long_token), secret_length(keeping->long_token), hash);
    const struct ledger_token token = {
        .kind = LEDGER_PASTED_LONG,
        .user = request->user,
        .client = keeping->verified->claims.subject,
        .token_id = keeping_own_id(keeping->long_token, id, NULL),
        .hash = hash,
        .expires = clock_wall() + PASTED_LONG_LIFE,
        .may_revoke = true,
    };
    return ledger_hold(parts->ledger, keeping->reference, &token, keeping->long_token);
}

/* What was obtained is held whatever fails, and its long token beside it: only then can it be revoked. */
static int hold_both(const struct login_parts *parts, const struct login_request *request,
    const struct keeping *keeping, int64_t expires)
{
    int shorter = hold_short(parts, request, keeping, expires), longer = hold_long(parts, request, keeping);
    return shorter < 0 ? shorter : longer;
}

static int pend(const struct login_parts *parts, const struct login_request *request,
    const struct keeping *keeping, struct session **session)
{
    const struct session_login login = {
        .reference = keeping->reference,
        .user = request->user,
        .service = request->service,
        .tty = request->tty,
        .rhost = request->rhost,
        .uid = request->uid,
        .form = keeping->form,
        .authenticator = request->caller,
        .parent = request->parent,
        .token = keeping->verified,
    };
    int r = sessions_pend(parts->sessions, &login, session);
    return r < 0 ? r
                 : proof_at_terminal(parts, request, keeping->reference, keeping->form, keeping->verified);
}

/* A pasted short token at user.sock stays the user's own: nothing of it is kept, nothing revoked. */
static int record_for_user(
    const struct login_parts *parts, const struct login_request *request, const struct keeping *keeping)
{
    if (!keeping->long_token)
        return 0;
    int r = hold_both(parts, request, keeping, 0);
    int released = ledger_release(parts->ledger, keeping->reference);
    return r < 0 ? r : released;
}

/*
 * Who reads the log hears of it before the logout that cannot keep its promise. An exchange asks for all that the long
 * token may do, so that what the short one may not, it may not either.
 */
static void warn_of_unrevocable(const struct login_parts *parts, const struct keeping *keeping)
{
    const struct claims *claims = &keeping->verified->claims;
    if (may_revoke(parts, &claims->scopes) ||
        (parts->enrolled && enrolled_host_is(parts->enrolled, claims->subject)))
        return;
    log_message(LOG_LEVEL_WARNING,
        "ref=%s: nobody is known who may revoke this token: it lacks tokens:revoke, and none of its client"
        " is kept for the host (c2mctl enroll): after logout it is denied here, and lives elsewhere until it"
        " expires",
        keeping->reference);
}

/* Without room for what its end will write nothing is granted; what was obtained is held to be given up. */
int keeping_record(const struct login_parts *parts, const struct login_request *request,
    const struct keeping *keeping, struct session **session)
{
    *session = NULL;
    if (!request->root_door)
        return record_for_user(parts, request, keeping);
    int r = store_room(parts->store);
    if (r == 0)
        r = store_begin(parts->store);
    if (r < 0) {
        if (keeping->long_token)
            hold_both(parts, request, keeping, 0);
        return r;
    }
    r = hold_both(parts, request, keeping, 0);
    if (r == 0)
        r = pend(parts, request, keeping, session);
    int ended = store_end(parts->store, r == 0);
    if (r == 0 && ended == 0)
        warn_of_unrevocable(parts, keeping);
    return r < 0 ? r : ended;
}

int keeping_add(const struct login_parts *parts, const struct login_request *request,
    const struct keeping *keeping, int64_t expires)
{
    return hold_short(parts, request, keeping, expires);
}

void keeping_undo(
    const struct login_parts *parts, const char *reference, struct session *session, enum reason why)
{
    if (session)
        sessions_drop(parts->sessions, session, why);
    presences_drop(parts->presences, reference, why);
    int r = ledger_release(parts->ledger, reference);
    if (r < 0)
        log_message(LOG_LEVEL_ERROR, "ref=%s: giving up its tokens is not written down yet: %s", reference,
            log_errno(r));
}

void keeping_discard(const struct login_parts *parts, const struct login_request *request,
    const struct keeping *keeping, int64_t expires)
{
    int r = hold_both(parts, request, keeping, expires);
    if (r < 0)
        log_message(LOG_LEVEL_ERROR, "ref=%s: a token that was not granted is not written down yet: %s",
            keeping->reference, log_errno(r));
    keeping_undo(parts, keeping->reference, NULL, REASON_SUBJECT);
}

/* A code was spent for it, and nobody waits: it is held only to be given up. */
static void discard_issued(
    const struct login_parts *parts, const char *reference, const struct api_token *token)
{
    uint8_t hash[VAULT_HASH_SIZE];
    char id[CLAIMS_TEXT_SIZE];
    vault_hash(secret_bytes(token->token), secret_length(token->token), hash);
    const struct ledger_token held = {
        .kind = LEDGER_ISSUED_LONG,
        .user = "",
        .client = "",
        .token_id = token->token_id[0] ? token->token_id : keeping_own_id(token->token, id, NULL),
        .hash = hash,
        .expires = token->expires,
        .may_revoke = true,
    };
    if (ledger_hold(parts->ledger, reference, &held, token->token) < 0)
        log_message(
            LOG_LEVEL_ERROR, "ref=%s: a long token that nobody waits for is not written down yet", reference);
    keeping_undo(parts, reference, NULL, REASON_PEER_GONE);
}

void keeping_orphan(
    const struct login_parts *parts, const struct api_token *token, const struct secret *long_token)
{
    char reference[9];
    struct verified verified = {.hash = {0}};
    const struct login_request request = {.user = "", .root_door = true};
    if (token->outcome != API_OK)
        return;
    keeping_reference(parts, reference);
    if (token->is_long) {
        discard_issued(parts, reference, token);
        return;
    }
    verifier_check_obtained(parts->verifier, token->token, &verified); /* for its id and its life alone */
    const struct keeping keeping = {.reference = reference,
        .form = C2M_FORM_LONG,
        .short_token = token->token,
        .short_id = token->token_id,
        .long_token = long_token,
        .verified = &verified};
    keeping_discard(parts, &request, &keeping, token->expires);
}

void login_orphan(void *argument, struct api_token *token, const struct secret *long_token)
{
    keeping_orphan(argument, token, long_token);
}
