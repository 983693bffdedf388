/* What issuing a long and a short token have in common: see issue.h. */
#include "issue.h"

#include "clock.h"
#include "memory.h"

#include <string.h>

static bool is_of_type(json_object *value, enum member_type type)
{
    struct scopes ignored OWN_SCOPES = {0};
    switch (type) {
    case MEMBER_STRING:
        return json_object_is_type(value, json_type_string);
    case MEMBER_INTEGER:
        return json_object_is_type(value, json_type_int);
    default:
        return scopes_add_json(&ignored, value) == 0;
    }
}

/* NULL, or the name of the first member that the table does not allow. */
static const char *find_stranger(json_object *body, const struct member *table, size_t count)
{
    json_object_object_foreach(body, name, value)
    {
        size_t i = 0;
        while (i < count && strcmp(table[i].name, name) != 0)
            i++;
        if (i == count || !is_of_type(value, table[i].type))
            return name;
    }
    return NULL;
}

int issue_body(const struct request *request, const struct member *table, size_t count, bool optional,
    json_object **out, struct reply *reply)
{
    OWN_JSON json_object *body = NULL;
    if (request->length == 0 && optional) {
        *out = json_object_new_object();
        return 0;
    }
    if (request->length == 0 || !request_is_json(request)) {
        reply_error(reply, 400, "invalid_grant", "A body of type application/json is needed.");
        return -1;
    }
    if (value_parse(request->body, request->length, &body) != 0 ||
        !json_object_is_type(body, json_type_object)) {
        reply_error(reply, 400, "invalid_grant", "The body is not a JSON object.");
        return -1;
    }
    const char *stranger = find_stranger(body, table, count);
    if (stranger != NULL) {
        reply_error(
            reply, 400, "invalid_grant", "The member %.64s is not allowed, or of a wrong type.", stranger);
        return -1;
    }
    *out = STEAL(body);
    return 0;
}

int issue_scopes(json_object *body, const struct scopes *held, struct scopes *granted, struct reply *reply)
{
    json_object *asked = NULL;
    const char *missing = NULL;
    if (!json_object_object_get_ex(body, "scopes", &asked)) {
        scopes_add_all(granted, held);
        return 0;
    }
    scopes_add_json(granted, asked);
    if (scopes_cover(held, granted, &missing))
        return 0;
    reply_error(reply, 403, "insufficient_scope", "The scope %.64s cannot be granted.", missing);
    return -1;
}

void issue_answer(
    const struct service *service, const struct token *token, const char *text, struct reply *reply)
{
    char expires_at[CLOCK_TEXT];
    clock_text(token->expires, expires_at);
    json_object *answer = json_object_new_object();
    value_put_string(answer, "token_type", "Bearer");
    value_put_string(answer, "access_token", text);
    value_put_integer(answer, "expires_in", token->expires - token->issued);
    if (!service->omit_expires_at)
        value_put_string(answer, "expires_at", expires_at);
    if (!service->omit_scopes)
        json_object_object_add(answer, "scopes", scopes_to_json(&token->scopes));
    if (!service->omit_token_id)
        value_put_string(answer, "token_id", token->id);
    reply_json(reply, service->success, answer);
    if (token->type == TOKEN_LONG && !service->omit_header)
        reply->token_id = memory_copy(token->id);
}

json_object *issue_claims(const struct service *service, const struct token *token)
{
    json_object *claims = json_object_new_object();
    value_put_string(claims, "sub", token->client);
    value_put_string(claims, "iss", service->issuer);
    value_put_integer(claims, "iat", token->issued);
    value_put_integer(claims, "exp", token->expires);
    value_put_string(claims, "jti", token->id);
    json_object_object_add(claims, "scopes", scopes_to_json(&token->scopes));
    value_put_string(claims, "token_type", token_type_name(token->type));
    return claims;
}
