/* The service without its network: see service.h. */
#include "service.h"

#include "clock.h"
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

static void jwks(struct service *service, struct request *request, struct reply *reply)
{
    (void)request;
    reply_json(reply, 200, keys_to_jwks(&service->keys));
}

static void healthz(struct service *service, struct request *request, struct reply *reply)
{
    (void)service, (void)request;
    reply_text(reply, 200, "application/json", "{\"status\":\"ok\"}");
}

static const struct {
    const char *method;
    bool limited; /* behind the firewall that counts; keys and health are served elsewhere */
    void (*answer)(struct service *, struct request *, struct reply *);
} endpoints[] = {
    [ENDPOINT_LONG] = {"POST", true, issue_long},
    [ENDPOINT_SHORT] = {"POST", true, issue_short},
    [ENDPOINT_REVOKE] = {"POST", true, revoke_token},
    [ENDPOINT_JOBS] = {"POST", true, submit_job},
    [ENDPOINT_JWKS] = {"GET", false, jwks},
    [ENDPOINT_HEALTHZ] = {"GET", false, healthz},
};

static void serve(struct service *service, struct request *request, struct reply *reply)
{
    if (request->endpoint >= sizeof endpoints / sizeof *endpoints) {
        reply_error(reply, 404, "not_found", "There is nothing at this path.");
        return;
    }
    const char *method = endpoints[request->endpoint].method;
    long wait = endpoints[request->endpoint].limited ? limit_count(&service->limit) : 0;
    if (wait > 0) {
        reply_error(reply, 429, "rate_limited", "Too many requests; retry after %ld seconds.", wait);
        reply->retry_after = wait;
    } else if (strcmp(request->method, method) != 0) {
        reply_error(reply, 405, "method_not_allowed", "Only %s is allowed here.", method);
        reply->allow = method;
    } else if (request->too_large) {
        reply_error(reply, 413, "request_too_large", "A body has at most %d bytes.", REQUEST_BODY_MAX);
    } else {
        endpoints[request->endpoint].answer(service, request, reply);
    }
}

/* What a journal's reader wants to know even where a fault answers in place of the service. */
static void note_arrival(struct request *request)
{
    const char *bearer = request_bearer(request);
    if (bearer != NULL)
        request_note_bearer(request, bearer);
    if (request->target != NULL)
        request_note_token(request, request->target);
}

static enum fault_bearer bearer_of(const struct service *service, const struct request *request)
{
    const char *bearer = request_bearer(request);
    const struct token *token = bearer != NULL ? tokens_find_text(&service->tokens, bearer) : NULL;
    if (request->target == NULL)
        return FAULT_ANY_BEARER;
    return token != NULL && strcmp(token->id, request->target) == 0 ? FAULT_TARGET_ITSELF : FAULT_ANOTHER;
}

struct fault *service_fault(struct service *service, const struct request *request)
{
    return faults_meet(&service->faults, request->endpoint, bearer_of(service, request));
}

static void lie(
    struct service *service, struct request *request, const struct fault *fault, struct reply *reply)
{
    if (fault->done) {
        serve(service, request, reply);
        reply_deinit(reply);
        *reply = (struct reply){0};
    }
    fault_answer(fault, request->endpoint, reply);
}

void service_answer(
    struct service *service, struct request *request, const struct fault *fault, struct reply *reply)
{
    int64_t began = clock_steady_us();
    note_arrival(request);
    if (fault != NULL && fault->reset)
        reply->unanswered = true;
    else if (fault != NULL && !fault->lost && fault_answers(fault))
        lie(service, request, fault, reply);
    else
        serve(service, request, reply);
    if (fault != NULL && fault->lost)
        reply->unanswered = true;
    journal_enter(
        &service->journal, request, reply->unanswered ? 0 : reply->status, clock_steady_us() - began);
}

int service_init(struct service *service, const struct options *options)
{
    *service = (struct service){
        .issuer = options->issuer,
        .directory = options->directory,
        .short_ttl = options->short_ttl,
        .success = options->success,
    };
    journal_init(&service->journal);
    if (clients_load(&service->clients, options->clients) != 0 ||
        keys_open(&service->keys, options->algorithm, options->directory) != 0)
        return -1;
    snapshot_read(&service->tokens, options->directory);
    return 0;
}

void service_deinit(struct service *service)
{
    if (service->url != NULL)
        snapshot_write(&service->tokens, service->directory);
    clients_deinit(&service->clients);
    codes_deinit(&service->codes);
    tokens_deinit(&service->tokens);
    keys_deinit(&service->keys);
    assertions_deinit(&service->assertions);
    faults_clear(&service->faults);
    journal_deinit(&service->journal);
    json_object_put(service->claims);
    free(service->url);
}
