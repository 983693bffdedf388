/* Stands in for token/api.c: all of its functions, or the linker would take the real ones as well. */
#include "fakes/api.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/http_headers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct api {
    void (*orphan)(void *argument, struct api_token *token, const struct secret *long_token);
    void *orphan_argument;
    loop_fn recovered;
    void *recovered_argument;
    bool troubled;
};

struct api_call {
    struct api *api;
    struct fake_request request;
    api_token_fn token_fn;
    api_revocation_fn revocation_fn;
    void *argument;
};

bool fake_api_proven;
int fake_api_error;
static struct api_call **calls;
static unsigned count;

void fake_api_reset(void)
{
    for (unsigned i = 0; i < count; i++) {
        free(calls[i]->request.bearer);
        free(calls[i]);
    }
    free(calls);
    calls = NULL;
    count = 0;
    fake_api_proven = false;
    fake_api_error = 0;
}

unsigned fake_api_count(void)
{
    return count;
}

const struct fake_request *fake_api_request(unsigned index)
{
    return index < count ? &calls[index]->request : NULL;
}

static bool waits(const struct fake_request *request)
{
    return !request->answered && !(request->cancelled && request->kind == FAKE_REVOKE);
}

int fake_api_waiting(void)
{
    for (unsigned i = 0; i < count; i++)
        if (waits(&calls[i]->request))
            return (int)i;
    return -1;
}

unsigned fake_api_waiting_count(void)
{
    unsigned waiting = 0;
    for (unsigned i = 0; i < count; i++)
        waiting += waits(&calls[i]->request);
    return waiting;
}

int api_new(struct loop *loop, struct http *http, struct budget *budget, const char *base, struct api **out)
{
    (void)loop, (void)http, (void)budget, (void)base;
    *out = calloc(1, sizeof **out);
    return *out ? 0 : -ENOMEM;
}

void api_settle(struct api *api, loop_fn fn, void *argument)
{
    (void)api;
    fn(argument);
}

void api_free(struct api *api)
{
    for (unsigned i = 0; i < count; i++) {
        if (calls[i]->api != api)
            continue;
        calls[i]->request.answered = true; /* by nobody any more */
        calls[i]->api = NULL;
    }
    free(api);
}

static int remember(
    struct api *api, const struct secret *bearer, int64_t timeout_ms, void *argument, struct api_call **out)
{
    struct api_call *call CLEANUP_FREE = calloc(1, sizeof *call);
    struct api_call **grown = reallocarray(calls, count + 1, sizeof(struct api_call *));
    if (!call || !grown)
        abort();
    calls = grown;
    *call = (struct api_call){.api = api, .argument = argument};
    call->request.bearer = strdup(secret_bytes(bearer));
    call->request.timeout_ms = timeout_ms;
    call->request.sent_boot_ms = clock_boot_ms();
    *out = calls[count++] = STEAL(call);
    return 0;
}

int api_exchange(struct api *api, const struct secret *long_token, const struct scopes *scopes,
    enum budget_lane lane, int64_t timeout_ms, api_token_fn fn, void *argument, struct api_call **out)
{
    if (fake_api_error)
        return fake_api_error;
    int r = remember(api, long_token, timeout_ms, argument, out);
    (*out)->request.kind = FAKE_EXCHANGE;
    (*out)->request.lane = lane;
    if (scopes)
        (*out)->request.scopes = *scopes;
    (*out)->token_fn = fn;
    return r;
}

int api_issue(struct api *api, const struct api_issue *issue, enum budget_lane lane, int64_t timeout_ms,
    api_token_fn fn, void *argument, struct api_call **out)
{
    if (fake_api_error)
        return fake_api_error;
    const struct secret *proof = issue->bearer      ? issue->bearer
                                 : issue->assertion ? issue->assertion
                                 : issue->code      ? issue->code
                                                    : issue->client_secret;
    int r = remember(api, proof, timeout_ms, argument, out);
    struct fake_request *request = &(*out)->request;
    request->kind = FAKE_ISSUE;
    request->by_secret = proof == issue->client_secret;
    request->by_bearer = proof == issue->bearer;
    request->lane = lane;
    snprintf(request->client_id, sizeof request->client_id, "%s", issue->client_id);
    request->ttl_seconds = issue->ttl_seconds;
    if (issue->scopes)
        request->scopes = *issue->scopes;
    (*out)->token_fn = fn;
    return r;
}

int api_revoke(struct api *api, const char *token_id, const struct secret *bearer, int64_t timeout_ms,
    api_revocation_fn fn, void *argument, struct api_call **out)
{
    if (fake_api_error)
        return fake_api_error;
    if (!http_safe_id(token_id, strlen(token_id)))
        return -EINVAL;
    int r = remember(api, bearer, timeout_ms, argument, out);
    (*out)->request.kind = FAKE_REVOKE;
    (*out)->request.lane = BUDGET_REVOCATION;
    snprintf((*out)->request.token_id, sizeof(*out)->request.token_id, "%s", token_id);
    (*out)->revocation_fn = fn;
    return r;
}

void api_cancel(struct api_call *call)
{
    call->request.cancelled = true;
}

void api_set_orphan(struct api *api,
    void (*fn)(void *argument, struct api_token *token, const struct secret *long_token), void *argument)
{
    api->orphan = fn;
    api->orphan_argument = argument;
}

void api_set_recovered(struct api *api, loop_fn fn, void *argument)
{
    api->recovered = fn;
    api->recovered_argument = argument;
}

/* As token/api_call.c does. */
static void learn(struct api *api, bool success, bool failed)
{
    bool recovered = success && api->troubled;
    api->troubled = failed || (api->troubled && !success);
    if (recovered && api->recovered)
        api->recovered(api->recovered_argument);
}

void api_health(const struct api *api, struct api_health *out)
{
    (void)api;
    *out = (struct api_health){.proven = fake_api_proven, .requests = count, .asked = count > 0};
}

void fake_api_answer(unsigned index, const struct api_revocation *answer)
{
    struct api_call *call = calls[index];
    if (!waits(&call->request) || call->request.kind != FAKE_REVOKE)
        abort();
    call->request.answered = true;
    if (answer->status == 204)
        fake_api_proven = true;
    learn(
        call->api, answer->status == 204, !answer->limited && (answer->status == 0 || answer->status >= 500));
    call->revocation_fn(call->argument, answer);
}

static void hand_over(const struct api_call *call, struct api_token *answer)
{
    struct secret *long_token SECRET_CLEANUP = NULL;
    if (!call->request.cancelled) {
        call->token_fn(call->argument, answer);
    } else if (call->api->orphan) {
        bool exchange = call->request.kind == FAKE_EXCHANGE;
        if (exchange && secret_new(call->request.bearer, strlen(call->request.bearer), &long_token) < 0)
            abort();
        call->api->orphan(call->api->orphan_argument, answer, long_token);
    }
}

void fake_api_issue(unsigned index, const char *token, const struct api_token *answer)
{
    struct api_call *call = calls[index];
    struct api_token told = *answer;
    if (!waits(&call->request) || call->request.kind == FAKE_REVOKE)
        abort();
    told.is_long = call->request.kind == FAKE_ISSUE;
    told.token = NULL;
    if (token && secret_new(token, strlen(token), &told.token) < 0)
        abort();
    if (token)
        told.outcome = API_OK;
    call->request.answered = true;
    fake_api_proven |= token != NULL;
    learn(call->api, token != NULL, false);
    hand_over(call, &told);
    secret_free(told.token);
}

unsigned fake_api_serve(void (*server)(const struct fake_request *request, struct api_revocation *answer))
{
    unsigned served = 0;
    for (int index; (index = fake_api_waiting()) >= 0; served++) {
        struct api_revocation answer = {.retry_after = -1};
        server(&calls[index]->request, &answer);
        fake_api_answer((unsigned)index, &answer);
    }
    return served;
}
