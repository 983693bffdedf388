/* A long token that is to be kept comes from root, or from the API in root's name; none ever goes back. */
#include "ipc/enroll_request.h"

#include "base/cleanup.h"
#include "c2m/client.h"
#include "ipc/request.h"
#include "login/enroll.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t text_of(enum reason reason)
{
    switch (reason) {
    case REASON_NOT_ENROLLED:
        return C2M_TEXT_NOT_ENROLLED;
    case REASON_OVERTAKEN:
        return C2M_TEXT_OVERTAKEN;
    case REASON_NO_CLIENT:
        return C2M_TEXT_NO_CLIENT;
    case REASON_NO_KEYS:
        return C2M_TEXT_NO_HOST_KEY;
    case REASON_UNMAPPED:
        return C2M_TEXT_UNMAPPED;
    case REASON_SUBJECT:
        return C2M_TEXT_OTHER_CLIENT;
    case REASON_API_REFUSED:
    case REASON_API_FORBIDDEN:
    case REASON_SUSPENDED:
        return C2M_TEXT_API_REFUSED;
    case REASON_API_LIMITED:
        return C2M_TEXT_BUSY;
    case REASON_FORM_NOT_ACCEPTED:
        return C2M_TEXT_UNSUPPORTED;
    default:
        return C2M_TEXT_NOT_GENUINE;
    }
}

static void refuse_later(struct request *request, enum reason reason, int64_t retry_after)
{
    outcome_set(&request->outcome, reason, false, 0);
    if (request->outcome.verdict != C2M_UNAVAILABLE || reason == REASON_NO_KEYS)
        request->outcome.verdict = C2M_DENIED;
    if (request->outcome.verdict == C2M_DENIED || reason == REASON_API_LIMITED)
        request->outcome.text = text_of(reason);
    request->outcome.text_argument[0] = retry_after > 0 ? (uint32_t)retry_after : 0;
    request_say(request, &request->outcome);
}

static void refuse(struct request *request, enum reason reason)
{
    refuse_later(request, reason, -1);
}

static void describe(const struct enrollment *enrollment, struct c2m_enrolled *out)
{
    char hash[9];
    *out = (struct c2m_enrolled){.since = enrollment->since,
        .expires = enrollment->expires,
        .way = enrollment->way,
        .flags = enrollment->token_id[0] ? 0 : C2M_ENROLLED_NO_ID};
    vault_hash_text(enrollment->hash, hash);
    memcpy(out->token_hash, hash, sizeof out->token_hash);
    c2m_text_cut(&out->user.length, out->user.bytes, C2M_NAME_MAX, enrollment->owner);
    c2m_text_cut(&out->client.length, out->client.bytes, C2M_ID_MAX, enrollment->client);
}

static void enrolled(void *argument, enum reason reason, int64_t retry_after)
{
    struct request *request = argument;
    const struct enrollment *kept = enrolled_find(request->requests->enrolled, request->facts.user);
    enroll_free(STEAL(request->enroll));
    if (reason == REASON_CREDENTIAL && kept) {
        struct c2m_enrolled wire;
        describe(kept, &wire);
        peer_send(request->peer, C2M_ENROLLED_IS, &wire, sizeof wire);
        vault_hash_text(kept->hash, request->outcome.token_hash);
        outcome_set(&request->outcome, REASON_CREDENTIAL, true, 0);
        request_logged(request, &request->outcome);
        peer_finish(request->peer);
        return;
    }
    refuse_later(request, reason == REASON_CREDENTIAL ? REASON_INTERNAL : reason, retry_after);
}

/* False: the verdict was said already. */
static bool begin(const struct requests *requests, struct peer *peer, const char *event,
    const struct c2m_enroll *wire, struct request **out)
{
    struct request *request = request_begin(requests, peer, event);
    if (!request)
        return false;
    request->facts = (struct login_request){.root_door = true, .caller = peer_caller(peer)->facts};
    *out = request;
    if (c2m_text_ok(wire->user.length, wire->user.bytes, C2M_NAME_MAX) &&
        c2m_text_ok(wire->client.length, wire->client.bytes, C2M_ID_MAX) &&
        wire->credential.length <= C2M_TOKEN_MAX) {
        memcpy(request->facts.user, wire->user.bytes, wire->user.length);
        return true;
    }
    refuse(request, REASON_PROTOCOL);
    return false;
}

static void started(struct request *request, int error)
{
    if (error < 0) {
        refuse(request, REASON_INTERNAL);
        return;
    }
    memcpy(request->outcome.reference, enroll_reference(request->enroll), C2M_REFERENCE_SIZE);
    peer_deadline(request->peer, C2M_ENROLL_MS);
}

void enroll_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct c2m_enroll wire;
    struct request *request;
    struct secret *credential SECRET_CLEANUP = NULL;
    char client[C2M_ID_MAX + 1] = "";
    memcpy(&wire, body, sizeof wire);
    if (begin(requests, peer, "enroll", &wire, &request)) {
        bool by_key = wire.way == C2M_ENROLL_ASSERTION;
        bool known = wire.way >= C2M_ENROLL_TOKEN && wire.way <= C2M_ENROLL_ASSERTION;
        memcpy(client, wire.client.bytes, wire.client.length);
        if (!known || by_key != (wire.credential.length == 0) ||
            (!by_key && secret_new(wire.credential.bytes, wire.credential.length, &credential) < 0)) {
            refuse(request, REASON_PROTOCOL);
        } else {
            const struct enroll_request what = {.owner = request->facts.user,
                .client = client,
                .way = (enum c2m_enroll_way)wire.way,
                .credential = credential};
            started(request,
                enroll_new(requests->parts, requests->enrolled, &what, enrolled, request, &request->enroll));
        }
    }
    explicit_bzero(&wire, sizeof wire);
}

void rotate_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct c2m_enroll wire;
    struct request *request;
    memcpy(&wire, body, sizeof wire);
    if (begin(requests, peer, "rotate", &wire, &request))
        started(request, enroll_rotate(requests->parts, requests->enrolled, request->facts.user, enrolled,
                             request, &request->enroll));
}

void unenroll_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct c2m_enroll wire;
    struct request *request;
    memcpy(&wire, body, sizeof wire);
    if (!begin(requests, peer, "unenroll", &wire, &request))
        return;
    int r = enrolled_remove(requests->enrolled, request->facts.user);
    if (r < 0) {
        refuse(request, r == -ENOENT ? REASON_NOT_ENROLLED : REASON_STORE);
        return;
    }
    outcome_set(&request->outcome, REASON_ENDED, false, 0);
    request_say_committed(request);
}

struct collected {
    struct c2m_enrolled *records;
    size_t count;
};

static int collect(void *argument, const struct enrollment *enrollment)
{
    struct collected *collected = argument;
    describe(enrollment, &collected->records[collected->count++]);
    return collected->count == ENROLLED_MAX;
}

void enrolled_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct collected collected = {.records = calloc(ENROLLED_MAX, sizeof *collected.records)};
    (void)body;
    if (collected.records)
        enrolled_each(requests->enrolled, collect, &collected);
    peer_records(peer, C2M_ENROLLED_IS, collected.records, collected.count, sizeof *collected.records);
}
