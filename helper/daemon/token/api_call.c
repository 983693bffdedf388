/* A call's life: see api_call.h. */
#include "token/api_call.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "c2m/wire.h"
#include "token/api_answer.h"

#include <errno.h>
#include <stdio.h>

enum { REQUEST_MS = 200 /* less time than this is none */ };

void api_call_settle(struct api *api)
{
    const struct api_call *call;
    loop_fn settled = api->settled;
    if (!settled)
        return;
    LIST_FOREACH(call, &api->calls, entry)
    {
        if (call->state == CALL_SENT && !call->revocation_fn)
            return;
    }
    api->settled = NULL;
    settled(api->settled_argument);
}

void api_call_free(struct api_call *call)
{
    if (!call)
        return;
    struct api *api = call->api;
    if (api)
        LIST_REMOVE(call, entry);
    if (call->request)
        http_cancel(call->request);
    loop_timer_free(call->timer);
    secret_free(call->bearer);
    secret_free(call->body);
    free(call);
    if (api)
        api_call_settle(api);
}

/* Also ends a token that came without anybody to take it, or in an answer that is nonsense besides. */
static void tell_token(struct api_call *call, struct api_token *token)
{
    struct api *api = call->api;
    bool wanted = call->token_fn && token->outcome == API_OK;
    SECRET_CLEANUP struct secret *loose = wanted ? NULL : STEAL(token->token);
    if (call->token_fn)
        call->token_fn(call->argument, token);
    secret_free(STEAL(token->token));
    if (!loose || !api->orphan)
        return;
    token->outcome = API_OK;
    token->token = STEAL(loose);
    api->orphan(api->orphan_argument, token, call->bearer);
    secret_free(STEAL(token->token));
}

/* CODE: of HTTP, 0 for none; -1: nothing was sent, the budget or the time is spent. */
static void count(const struct api_call *call, long code)
{
    char text[24] = "not_sent";
    const char *endpoint = call->revocation_fn ? "revoke" : call->issues ? "long" : "short";
    if (code >= 0)
        snprintf(text, sizeof text, "%ld", code);
    if (code == 0)
        snprintf(text, sizeof text, "none");
    tally_add(call->api->tally, C2M_METRIC_API_REQUESTS, endpoint, text, NULL, 1);
}

static void note(struct api_call *call, const struct http_answer *answer)
{
    struct api_health *health = &call->api->health;
    call->request = NULL;
    call->state = CALL_TELLING;
    count(call, answer->error == HTTP_OK ? answer->status : 0);
    health->asked = true;
    health->answering = answer->error == HTTP_OK;
    health->status = answer->status;
    if (answer->error == HTTP_CERTIFICATE_NAME)
        mismatches_keep(call->api->mismatches, C2M_MISMATCH_CERTIFICATE, answer->names);
    if (!health->answering)
        return;
    health->last_answer = clock_wall();
    health->rtt_us = answer->duration_us;
    health->clock_offset = answer->date ? answer->date - health->last_answer : 0;
}

static void learn(struct api *api, enum reason reason, bool success, const struct http_answer *answer)
{
    if (reason == REASON_API_LIMITED)
        budget_hold(api->budget, answer->retry_after);
    if (success)
        api->health.proven = true;
    bool recovered = success && api->troubled;
    if (success)
        api->troubled = false;
    else if (answer->error != HTTP_OK || answer->status >= 500)
        api->troubled = true;
    if (recovered && api->recovered)
        api->recovered(api->recovered_argument);
}

static void on_token(void *argument, const struct http_answer *answer)
{
    struct api_call *call = argument;
    struct api_token token;
    note(call, answer);
    api_answer_token(answer, clock_wall(), &token);
    call->api->health.why = token.why;
    token.is_long = call->issues;
    learn(call->api, token.reason, token.outcome == API_OK, answer);
    tell_token(call, &token);
    api_call_free(call);
}

static void on_revocation(void *argument, const struct http_answer *answer)
{
    struct api_call *call = argument;
    struct api_revocation revocation;
    note(call, answer);
    api_answer_revocation(answer, &revocation);
    call->api->health.why = revocation.why;
    learn(call->api, revocation.reason, api_answer_revoked(&revocation), answer);
    call->revocation_fn(call->argument, &revocation);
    api_call_free(call);
}

static void refuse(struct api_call *call, enum reason reason, int64_t wait_ms)
{
    call->state = CALL_REFUSED;
    count(call, -1);
    call->refused = reason;
    call->retry_after = wait_ms < 0 ? -1 : (wait_ms + 999) / 1000;
    loop_timer_set(call->timer, 0);
}

static void send_request(struct api_call *call, int64_t timeout_ms)
{
    /* libcurl would repeat a revocation whose answer is lost, and a 401 by the dead bearer would hide that. */
    struct http_request request = {.url = call->url,
        .bearer = call->bearer,
        .body = call->body,
        .client_id = call->client_id[0] ? call->client_id : NULL,
        .once = call->revocation_fn || call->issues,
        .timeout_ms = timeout_ms};
    int error = http_start(
        call->api->http, &request, call->revocation_fn ? on_revocation : on_token, call, &call->request);
    if (error != 0) {
        refuse(call, error == -EAGAIN ? REASON_FULL : REASON_INTERNAL, -1);
        return;
    }
    call->state = CALL_SENT;
    call->api->health.requests++;
}

/* A revocation does not wait here: the revoker has the time, and a queue of its own. */
static void go_on(struct api_call *call)
{
    int64_t left_ms = call->deadline_ms - clock_boot_ms();
    if (left_ms < REQUEST_MS) {
        refuse(call, REASON_DEADLINE, -1);
        return;
    }
    int64_t wait_ms = budget_take(call->api->budget, call->lane);
    if (wait_ms == 0)
        send_request(call, left_ms);
    else if (call->revocation_fn || wait_ms + REQUEST_MS > left_ms)
        refuse(call, REASON_API_LIMITED, wait_ms);
    else
        loop_timer_set(call->timer, wait_ms);
}

static void on_time(void *argument)
{
    struct api_call *call = argument;
    if (call->state != CALL_REFUSED) {
        go_on(call);
        return;
    }
    call->state = CALL_TELLING;
    if (call->revocation_fn) {
        struct api_revocation revocation = {.limited = call->refused == REASON_API_LIMITED,
            .retry_after = call->retry_after,
            .reason = call->refused};
        call->revocation_fn(call->argument, &revocation);
    } else {
        struct api_token token = {
            .outcome = API_UNAVAILABLE, .reason = call->refused, .retry_after = call->retry_after};
        tell_token(call, &token);
    }
    api_call_free(call);
}

int api_call_new(struct api *api, const struct secret *bearer, int64_t timeout_ms, struct api_call **out)
{
    CLEANUP(api_call_freep) struct api_call *call = calloc(1, sizeof *call);
    if (!call || (bearer && secret_copy(bearer, &call->bearer) != 0) ||
        loop_timer_new(api->loop, on_time, call, &call->timer) != 0)
        return -ENOMEM;
    call->deadline_ms = clock_boot_ms() + timeout_ms;
    *out = STEAL(call);
    return 0;
}

void api_call_start(struct api *api, struct api_call *call)
{
    call->api = api;
    LIST_INSERT_HEAD(&api->calls, call, entry);
    go_on(call);
}
