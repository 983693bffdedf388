/* POST /auth/tokens/{tokenId}/revoke: a token's end, at once and for good. */
#include "bearer.h"

#include <string.h>

/* Clients send no body, null, {} or {"reason": "..."}. */
static bool body_is_good(const struct request *request)
{
    OWN_JSON json_object *body = NULL;
    if (request->length == 0)
        return true;
    if (!request_is_json(request) || value_parse(request->body, request->length, &body) != 0)
        return false;
    if (body == NULL)
        return true;
    if (!json_object_is_type(body, json_type_object))
        return false;
    return json_object_object_length(body) == (value_string(body, "reason") != NULL ? 1 : 0);
}

void revoke_token(struct service *service, struct request *request, struct reply *reply)
{
    struct bearer bearer OWN_BEARER = {0};
    if (!body_is_good(request)) {
        reply_error(reply, 400, "invalid_grant", "The body is none, null, {} or {\"reason\":\"...\"}.");
        return;
    }
    if (bearer_read(service, request, &bearer, reply) != 0 || !bearer_may(&bearer, "tokens:revoke", reply))
        return;
    struct token *token = tokens_find(&service->tokens, request->target);
    if (token == NULL || strcmp(token->client, bearer.client->id) != 0) {
        reply_error(reply, 404, "not_found", "There is no such token.");
        return;
    }
    tokens_revoke(&service->tokens, token, service->cascade);
    reply_empty(reply, 204);
}
