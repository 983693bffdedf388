/* Who is asking: see bearer.h. */
#include "bearer.h"

#include "clock.h"
#include "jws.h"

#include <stdio.h>
#include <string.h>

static int refuse(struct reply *reply, const char *why)
{
    reply_error(reply, 401, "invalid_token", "%s", why);
    return -1;
}

static const char *judge_record(const struct token *token)
{
    enum token_state state = token == NULL ? TOKEN_LIVE : token_state(token);
    if (state == TOKEN_REVOKED)
        return "The token was revoked.";
    return state == TOKEN_EXPIRED ? "The token has expired." : NULL;
}

/* What the record of a token says; a long token is opaque, and known by its text alone. */
static const char *read_record(
    struct bearer *bearer, const struct service *service, const struct token *token)
{
    bearer->type = token->type;
    bearer->client = clients_find(&service->clients, token->client);
    bearer->expires = token->expires;
    memcpy(bearer->id, token->id, sizeof bearer->id);
    scopes_add_all(&bearer->scopes, &token->scopes);
    return judge_record(token);
}

/* The scopes of a short token: an array, or one string with blanks. */
static void read_scopes(struct bearer *bearer, json_object *claims)
{
    json_object *array = NULL;
    const char *list = value_string(claims, "scope");
    if (json_object_object_get_ex(claims, "scopes", &array))
        scopes_add_json(&bearer->scopes, array);
    else if (list != NULL)
        scopes_add_list(&bearer->scopes, list);
}

/* One without a record, which a crash of the service lost: it goes on until it expires, as it does at an
 * authoriser without a memory. */
static const char *read_claims(struct bearer *bearer, const struct service *service, json_object *claims)
{
    const char *issuer = value_string(claims, "iss"), *type = value_string(claims, "token_type");
    const char *id = value_string(claims, "jti");
    if (issuer == NULL || strcmp(issuer, service->issuer) != 0 || id == NULL || strlen(id) >= TOKEN_ID ||
        (type != NULL && strcmp(type, "short") != 0))
        return "The token's claims are not those of a short-term token.";
    bearer->type = TOKEN_SHORT;
    bearer->client = clients_find(&service->clients, value_string(claims, "sub"));
    bearer->expires = value_integer(claims, "exp", 0);
    snprintf(bearer->id, sizeof bearer->id, "%s", id);
    read_scopes(bearer, claims);
    if (bearer->expires <= clock_now())
        return "The token has expired.";
    return judge_record(tokens_find(&service->tokens, id));
}

/* A short token is genuine by its signature, whatever is recorded. */
static const char *read_short(
    struct bearer *bearer, const struct service *service, const char *text, const struct token *token)
{
    OWN_JWS struct jws jws;
    if (jws_parse(&jws, text) != 0)
        return "The token is not one of this service.";
    const struct signing_key *key = keys_find(&service->keys, value_string(jws.header, "kid"));
    if (key == NULL || !jws_signed_by(&jws, service->keys.algorithm, key->pair))
        return "The token's signature is not valid.";
    return token != NULL ? read_record(bearer, service, token) : read_claims(bearer, service, jws.claims);
}

int bearer_judge(struct service *service, struct request *request, const char *text, struct bearer *bearer,
    struct reply *reply)
{
    *bearer = (struct bearer){0};
    request_note_bearer(request, text);
    const struct token *token = tokens_find_text(&service->tokens, text);
    const char *wrong = token != NULL && token->type == TOKEN_LONG ? read_record(bearer, service, token)
                                                                   : read_short(bearer, service, text, token);
    if (bearer->client != NULL)
        request_note_client(request, bearer->client->id);
    if (wrong != NULL)
        return refuse(reply, wrong);
    if (bearer->client == NULL)
        return refuse(reply, "The token's client is not known.");
    if (bearer->client->suspended) {
        reply_suspended(reply);
        return -1;
    }
    return 0;
}

int bearer_read(struct service *service, struct request *request, struct bearer *bearer, struct reply *reply)
{
    const char *text = request_bearer(request);
    *bearer = (struct bearer){0};
    if (request->authorization == NULL)
        return refuse(reply, "The header Authorization is missing.");
    if (text == NULL)
        return refuse(reply, "The header Authorization holds no bearer token.");
    return bearer_judge(service, request, text, bearer, reply);
}

bool bearer_may(const struct bearer *bearer, const char *scope, struct reply *reply)
{
    if (scopes_hold(&bearer->scopes, scope))
        return true;
    reply_error(reply, 403, "insufficient_scope", "The token lacks the scope %s.", scope);
    return false;
}

void bearer_deinit(struct bearer *bearer)
{
    scopes_deinit(&bearer->scopes);
}
