/* POST /auth/tokens/short: a long-term token is exchanged for a short-term JWT. */
#include "issue.h"

#include "bearer.h"
#include "clock.h"
#include "forge.h"
#include "memory.h"

#include <stdio.h>

static const struct member members[] = {
    {"long_token", MEMBER_STRING},
    {"scopes", MEMBER_SCOPES},
};

/* The token stands in the header; in the body only where no header carries one. */
static int read_bearer(struct service *service, struct request *request, json_object *body,
    struct bearer *bearer, struct reply *reply)
{
    const char *in_body = value_string(body, "long_token");
    if (in_body != NULL && request->authorization != NULL) {
        reply_error(reply, 400, "invalid_grant", "long_token is for requests without Authorization.");
        return -1;
    }
    int judged = in_body != NULL ? bearer_judge(service, request, in_body, bearer, reply)
                                 : bearer_read(service, request, bearer, reply);
    if (judged == 0 && bearer->type != TOKEN_LONG) {
        reply_error(reply, 401, "invalid_token", "A long-term token is needed.");
        return -1;
    }
    return judged;
}

static struct token *record_new(
    const struct service *service, const struct bearer *bearer, const struct scopes *scopes)
{
    OWN_TEXT char *random_id = bytes_random_hex(16);
    OWN_TEXT char *id = memory_format("tok_st_%s", random_id);
    int64_t left = bearer->expires - clock_now();
    struct token *token =
        token_new(TOKEN_SHORT, bearer->client->id, id, left < service->short_ttl ? left : service->short_ttl);
    snprintf(token->parent, sizeof token->parent, "%s", bearer->id);
    scopes_add_all(&token->scopes, scopes);
    return token;
}

static void grant(struct service *service, struct request *request, const struct bearer *bearer,
    const struct scopes *scopes, struct reply *reply)
{
    struct token *token = record_new(service, bearer, scopes);
    OWN_JSON json_object *claims = issue_claims(service, token);
    value_override(claims, service->claims);
    const struct forgery honest = {.kind = FORGE_GOOD, .claims = claims};
    OWN_TEXT char *text = forge_token(&service->keys, &honest);
    if (text == NULL) {
        token_free(token);
        reply_status(reply, 500);
        return;
    }
    tokens_enter(&service->tokens, token, text);
    request_note_token(request, token->id);
    issue_answer(service, token, text, reply);
}

void issue_short(struct service *service, struct request *request, struct reply *reply)
{
    OWN_JSON json_object *body = NULL;
    struct bearer bearer OWN_BEARER = {0};
    struct scopes scopes OWN_SCOPES = {0};
    if (issue_body(request, members, sizeof members / sizeof *members, true, &body, reply) != 0 ||
        read_bearer(service, request, body, &bearer, reply) != 0 ||
        issue_scopes(body, &bearer.scopes, &scopes, reply) != 0)
        return;
    grant(service, request, &bearer, &scopes, reply);
}
