/* POST /auth/tokens/long: a long-term token for whoever proves to be the client.
 *
 * Proofs are the client's secret, a one-time code, a signed assertion, and a short-term token with
 * tokens:write. One is enough, unless the client's policy asks for the secret and a code; each that is
 * presented must be good. */
#include "issue.h"

#include "bearer.h"
#include "memory.h"

#include <string.h>

enum { TTL_LOWEST = 3600, TTL_USUAL = 2592000, TTL_HIGHEST = 7776000 };

static const struct member members[] = {
    {"grant_type", MEMBER_STRING},
    {"client_id", MEMBER_STRING},
    {"client_secret", MEMBER_STRING},
    {"otp_code", MEMBER_STRING},
    {"assertion_type", MEMBER_STRING},
    {"assertion", MEMBER_STRING},
    {"scopes", MEMBER_SCOPES},
    {"ttl_seconds", MEMBER_INTEGER},
};

/* What the schema cannot say: which members belong together, and the bounds of ttl_seconds. NULL if good. */
static const char *judge_body(json_object *body)
{
    const char *grant = value_string(body, "grant_type");
    const char *type = value_string(body, "assertion_type");
    bool has_credentials = value_has(body, "client_secret") || value_has(body, "otp_code");
    bool has_assertion = value_has(body, "assertion") || value_has(body, "assertion_type");
    int64_t ttl = value_integer(body, "ttl_seconds", TTL_USUAL);
    if (grant == NULL || value_string(body, "client_id") == NULL)
        return "grant_type and client_id are needed.";
    if (ttl < TTL_LOWEST || ttl > TTL_HIGHEST)
        return "ttl_seconds is 3600 to 7776000.";
    if (strcmp(grant, "client_credentials") == 0)
        return has_assertion ? "An assertion belongs to grant_type assertion." : NULL;
    if (strcmp(grant, "assertion") != 0)
        return "grant_type is client_credentials or assertion.";
    if (has_credentials)
        return "A secret or a code belongs to grant_type client_credentials.";
    if (type == NULL || !assertion_type_known(type) || !value_has(body, "assertion"))
        return "assertion and a known assertion_type are needed.";
    return NULL;
}

static int refuse(struct reply *reply, const char *why)
{
    reply_error(reply, 401, "invalid_grant", "%s", why);
    return -1;
}

/* The secret is judged first, so that a wrong one does not use up the code. */
static int judge_credentials(
    struct service *service, const struct client *client, json_object *body, bool alone, struct reply *reply)
{
    static const char wrong[] = "The client's credentials are not valid.";
    const char *secret = value_string(body, "client_secret"), *code = value_string(body, "otp_code");
    if (secret == NULL && code == NULL)
        return alone ? refuse(reply, "A client_secret or an otp_code is needed.") : 0;
    if (client == NULL || (secret != NULL && !client_secret_is(client, secret)))
        return refuse(reply, wrong);
    if (client->needs_code && (secret == NULL || code == NULL))
        return refuse(reply, "This client needs its secret and a one-time code.");
    return code == NULL || codes_spend(&service->codes, client->id, code) ? 0 : refuse(reply, wrong);
}

static int judge_assertion(
    struct service *service, const struct client *client, json_object *body, struct reply *reply)
{
    const char *wrong = client == NULL ? "its signature is not one of the client's key"
                                       : assertion_judge(&service->assertions, client,
                                             value_string(body, "assertion"), service->url);
    if (wrong == NULL)
        return 0;
    OWN_TEXT char *why = memory_format("The assertion is refused: %s.", wrong);
    return refuse(reply, why);
}

/* A short token with tokens:write: it proves who is asking, and lends no scope that it lacks itself. */
static int judge_bearer(struct service *service, struct request *request, const struct client *client,
    struct bearer *bearer, struct reply *reply)
{
    if (bearer_read(service, request, bearer, reply) != 0)
        return -1;
    if (bearer->type != TOKEN_SHORT) {
        reply_error(reply, 401, "invalid_token", "A long-term token issues no long-term token.");
        return -1;
    }
    if (bearer->client != client)
        return refuse(reply, "The bearer is not this client's.");
    return bearer_may(bearer, "tokens:write", reply) ? 0 : -1;
}

static int judge_proofs(struct service *service, struct request *request, json_object *body,
    struct client *client, struct bearer *bearer, struct reply *reply)
{
    bool has_bearer = request->authorization != NULL;
    int judged = value_has(body, "assertion") ? judge_assertion(service, client, body, reply)
                                              : judge_credentials(service, client, body, !has_bearer, reply);
    if (judged == 0 && has_bearer)
        judged = judge_bearer(service, request, client, bearer, reply);
    if (judged == 0 && client->suspended) {
        reply_suspended(reply);
        return -1;
    }
    return judged;
}

static void grant(struct service *service, struct request *request, json_object *body, struct client *client,
    struct scopes *scopes, struct reply *reply)
{
    OWN_TEXT char *random_id = bytes_random_hex(16);
    OWN_TEXT char *id = memory_format("tok_lt_%s", random_id);
    OWN_TEXT char *secret = bytes_random_hex(32);
    OWN_TEXT char *text = memory_format("lt_%s", secret);
    struct token *token =
        token_new(TOKEN_LONG, client->id, id, value_integer(body, "ttl_seconds", TTL_USUAL));
    token->scopes = *scopes;
    *scopes = (struct scopes){0};
    tokens_enter(&service->tokens, token, text);
    request_note_token(request, id);
    issue_answer(service, token, text, reply);
}

void issue_long(struct service *service, struct request *request, struct reply *reply)
{
    OWN_JSON json_object *body = NULL;
    struct scopes scopes OWN_SCOPES = {0};
    struct bearer bearer OWN_BEARER = {0};
    if (issue_body(request, members, sizeof members / sizeof *members, false, &body, reply) != 0)
        return;
    const char *wrong = judge_body(body);
    if (wrong != NULL) {
        reply_error(reply, 400, "invalid_grant", "%s", wrong);
        return;
    }
    const char *id = value_string(body, "client_id");
    request_note_client(request, id);
    if (request->client_id == NULL || strcmp(request->client_id, id) != 0) {
        reply_error(reply, 401, "invalid_client", "The header X-Client-Id does not name the client.");
        return;
    }
    struct client *client = clients_find(&service->clients, id);
    if (judge_proofs(service, request, body, client, &bearer, reply) != 0)
        return;
    const struct scopes *held = bearer.client != NULL ? &bearer.scopes : &client->scopes;
    if (issue_scopes(body, held, &scopes, reply) == 0)
        grant(service, request, body, client, &scopes, reply);
}
