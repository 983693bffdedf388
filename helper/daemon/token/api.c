/* The requests: what is asked, of whom, with which bearer. What happens to them then stands in api_call.c. */
#include "token/api.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "token/api_call.h"

#include <errno.h>
#include <string.h>

static int print_scopes(const struct scopes *scopes, struct secret **body)
{
    JSON_CLEANUP struct json *json = NULL;
    int error = json_new(&json);
    if (error == 0)
        error = json_set_words(json, "scopes", scopes->text);
    return error == 0 ? json_print(json, body) : error;
}

int api_exchange(struct api *api, const struct secret *long_token, const struct scopes *scopes,
    enum budget_lane lane, int64_t timeout_ms, api_token_fn fn, void *argument, struct api_call **out)
{
    CLEANUP(api_call_freep) struct api_call *call = NULL;
    int error = api_call_new(api, long_token, timeout_ms, &call);
    if (error == 0 && scopes && !scopes_empty(scopes))
        error = print_scopes(scopes, &call->body);
    if (error != 0)
        return error;
    api_url_exchange(api->base, call->url);
    call->lane = lane;
    call->token_fn = fn;
    call->argument = argument;
    *out = call;
    api_call_start(api, STEAL(call));
    return 0;
}

static int print_issue(const struct api_issue *issue, struct secret **body)
{
    JSON_CLEANUP struct json *json = NULL;
    int error = json_new(&json);
    if (error == 0)
        error = json_set_text(json, "grant_type", issue->assertion ? "assertion" : "client_credentials");
    if (error == 0)
        error = json_set_text(json, "client_id", issue->client_id);
    if (error == 0 && issue->client_secret)
        error = json_set_secret(json, "client_secret", issue->client_secret);
    if (error == 0 && issue->code)
        error = json_set_secret(json, "otp_code", issue->code);
    if (error == 0 && issue->assertion)
        error = json_set_text(json, "assertion_type", issue->assertion_type);
    if (error == 0 && issue->assertion)
        error = json_set_secret(json, "assertion", issue->assertion);
    if (error == 0 && issue->scopes && !scopes_empty(issue->scopes))
        error = json_set_words(json, "scopes", issue->scopes->text);
    if (error == 0)
        error = json_set_integer(json, "ttl_seconds", issue->ttl_seconds);
    return error == 0 ? json_print(json, body) : error;
}

int api_issue(struct api *api, const struct api_issue *issue, enum budget_lane lane, int64_t timeout_ms,
    api_token_fn fn, void *argument, struct api_call **out)
{
    CLEANUP(api_call_freep) struct api_call *call = NULL;
    int error = api_call_new(api, issue->bearer, timeout_ms, &call);
    if (error == 0 && strlen(issue->client_id) >= sizeof call->client_id)
        error = -EINVAL;
    if (error == 0)
        error = print_issue(issue, &call->body);
    if (error != 0)
        return error;
    api_url_issue(api->base, call->url);
    memcpy(call->client_id, issue->client_id, strlen(issue->client_id) + 1);
    call->issues = true;
    call->lane = lane;
    call->token_fn = fn;
    call->argument = argument;
    *out = call;
    api_call_start(api, STEAL(call));
    return 0;
}

int api_revoke(struct api *api, const char *token_id, const struct secret *bearer, int64_t timeout_ms,
    api_revocation_fn fn, void *argument, struct api_call **out)
{
    CLEANUP(api_call_freep) struct api_call *call = NULL;
    int error = api_call_new(api, bearer, timeout_ms, &call);
    if (error == 0)
        error = api_url_revoke(api->base, token_id, call->url);
    if (error != 0)
        return error;
    call->lane = BUDGET_REVOCATION;
    call->revocation_fn = fn;
    call->argument = argument;
    *out = call;
    api_call_start(api, STEAL(call));
    return 0;
}

void api_cancel(struct api_call *call)
{
    if (call->state == CALL_TELLING) /* it is freed when its callback returns */
        return;
    if (call->state == CALL_SENT && call->token_fn)
        call->token_fn = NULL;
    else
        api_call_free(call);
}

void api_set_recovered(struct api *api, loop_fn fn, void *argument)
{
    api->recovered = fn;
    api->recovered_argument = argument;
}

void api_set_orphan(struct api *api,
    void (*fn)(void *argument, struct api_token *token, const struct secret *long_token), void *argument)
{
    api->orphan = fn;
    api->orphan_argument = argument;
}

void api_settle(struct api *api, loop_fn fn, void *argument)
{
    api->settled = fn;
    api->settled_argument = argument;
    api_call_settle(api);
}

void api_set_tally(struct api *api, struct tally *tally)
{
    api->tally = tally;
}

void api_set_mismatches(struct api *api, struct mismatches *mismatches)
{
    api->mismatches = mismatches;
}

void api_health(const struct api *api, struct api_health *out)
{
    *out = api->health;
}

int api_new(struct loop *loop, struct http *http, struct budget *budget, const char *base, struct api **out)
{
    CLEANUP_FREE struct api *api = calloc(1, sizeof *api);
    if (!api)
        return -ENOMEM;
    *api = (struct api){.loop = loop, .http = http, .budget = budget};
    if (api_url_base(base, api->base) != 0)
        return -EINVAL;
    *out = STEAL(api);
    return 0;
}

void api_free(struct api *api)
{
    if (!api)
        return;
    api->settled = NULL;
    while (!LIST_EMPTY(&api->calls))
        api_call_free(LIST_FIRST(&api->calls));
    free(api);
}
