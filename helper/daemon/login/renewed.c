/* See renewed.h. */
#include "login/renewed.h"

#include "base/cleanup.h"
#include "login/gate.h"
#include "login/keeping.h"

#include <string.h>

/* Genuine, and the user's own: it takes the former one's place, whatever the policy says of it. */
static enum reason replace(
    const struct login_parts *parts, struct session *session, const struct keeping *keeping, int64_t expires)
{
    struct login_request request;
    uint8_t former[VAULT_HASH_SIZE];
    gate_request_of(session, &request);
    memcpy(former, session->token_hash, sizeof former);
    int r = keeping_add(parts, &request, keeping, expires);
    if (r == 0)
        r = sessions_renew(session, keeping->verified);
    if (r < 0)
        return REASON_STORE;
    if (memcmp(former, session->token_hash, sizeof former) != 0)
        ledger_drop(parts->ledger, session->reference, former);
    return REASON_NONE;
}

enum reason renewed_take(const struct login_parts *parts, struct session *session, const struct secret *token,
    const struct api_token *answer, const struct verified *verified, enum reason reason)
{
    struct login_request request;
    struct secret *long_token SECRET_CLEANUP = NULL;
    char reference[9];
    bool mine = false;
    gate_request_of(session, &request);
    ledger_long(parts->ledger, session->reference, &long_token);
    struct keeping keeping = {.reference = session->reference,
        .form = session->form,
        .short_token = token,
        .short_id = answer->token_id,
        .long_token = long_token,
        .verified = verified};
    if (reason == REASON_NONE) {
        const struct gate_token judged = {
            .claims = &verified->claims, .hash = verified->hash, .form = session->form, .ours = true};
        reason = gate_judge(parts, &request, &judged, &mine);
    }
    if (mine) {
        enum reason replaced = replace(parts, session, &keeping, answer->expires);
        return replaced == REASON_NONE ? reason : replaced;
    }
    keeping_reference(parts, reference);
    keeping.reference = reference;
    keeping_discard(parts, &request, &keeping, answer->expires);
    return reason;
}
