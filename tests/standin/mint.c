/* The command mint: any token, genuine or not, without a request. See command.h. */
#include "command.h"

#include "forge.h"
#include "issue.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_SECONDS = 2592000 };

struct order {
    enum token_type type;
    const char *form; /* lt, ltk, jwt or jwe */
    long ttl;
    long pad; /* at least so many characters; 0: as it comes */
    bool record;
    struct scopes scopes;
    json_object *claims;
    struct forgery forgery;
};

static void order_deinit(struct order *order)
{
    scopes_deinit(&order->scopes);
    json_object_put(order->claims);
    json_object_put(order->forgery.header);
    json_object_put(order->forgery.claims);
}

static bool is_one_of(const char *word, const char *list)
{
    OWN_TEXT char *padded = memory_format(" %s ", word);
    return strchr(word, ' ') == NULL && strstr(list, padded) != NULL;
}

/* NULL, or the name of the argument that is wrong. */
static const char *read_kind(struct order *order, struct line *line)
{
    const char *type = line_value(line, "type"), *form = line_value(line, "form");
    const char *sign = line_value(line, "sign");
    if (type != NULL && !is_one_of(type, " short long "))
        return "type";
    order->type = type != NULL && strcmp(type, "long") == 0 ? TOKEN_LONG : TOKEN_SHORT;
    order->form = form != NULL ? form : order->type == TOKEN_LONG ? "lt" : "jwt";
    if (!is_one_of(order->form, order->type == TOKEN_LONG ? " lt ltk jwt jwe " : " jwt "))
        return "form";
    if (sign != NULL && forge_kind_by_name(sign, &order->forgery.kind) != 0)
        return "sign";
    order->forgery.algorithm = line_value(line, "alg");
    /* The service remembers what it could have issued: a forgery only on demand. */
    if (command_flag(line, "record", order->forgery.kind == FORGE_GOOD, &order->record) != 0)
        return "record";
    return NULL;
}

static const char *read_content(struct order *order, struct standin *standin, struct line *line)
{
    const char *scopes = line_value(line, "scopes");
    long usual = order->type == TOKEN_LONG ? LONG_SECONDS : (long)standin->service->short_ttl;
    if (command_number(line, "ttl", -INT32_MAX, usual, &order->ttl) != 0)
        return "ttl";
    if (command_number(line, "pad", 0, 0, &order->pad) != 0 || order->pad > 1 << 20)
        return "pad";
    if (command_object(line, "claims", &order->claims) != 0)
        return "claims";
    if (command_object(line, "header", &order->forgery.header) != 0)
        return "header";
    if (scopes != NULL)
        scopes_add_list(&order->scopes, scopes);
    return NULL;
}

static char *random_part(size_t bytes)
{
    unsigned char *random = memory_zeroed(bytes, 1);
    bytes_random(random, bytes);
    char *text = bytes_to_base64url(random, bytes);
    free(random);
    return text;
}

static char *mint_opaque(const struct order *order)
{
    size_t bytes = order->pad > 64 ? (size_t)order->pad / 2 : 32;
    OWN_TEXT char *random = bytes_random_hex(bytes);
    if (strcmp(order->form, "jwe") != 0)
        return memory_format("%s_%s", order->form, random);
    static const char header[] = "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}";
    OWN_TEXT char *first = bytes_to_base64url(header, strlen(header));
    OWN_TEXT char *key = random_part(256), *iv = random_part(12), *tag = random_part(16);
    OWN_TEXT char *text = random_part(bytes * 3);
    return memory_format("%s.%s.%s.%s.%s", first, key, iv, text, tag);
}

static char *mint_jwt(struct keys *keys, struct order *order)
{
    static const char frame[] = ",\"pad\":\"\"";
    char *text = forge_token(keys, &order->forgery);
    long missing = text == NULL ? 0 : order->pad - (long)strlen(text);
    if (missing <= 0)
        return text;
    /* Four characters of a token hold three of its claims. */
    long fill = missing * 3 / 4 + 2 - (long)strlen(frame);
    OWN_TEXT char *filling = memory_zeroed((size_t)(fill > 0 ? fill : 0) + 1, 1);
    memset(filling, 'x', (size_t)(fill > 0 ? fill : 0));
    value_put_string(order->forgery.claims, "pad", filling);
    free(text);
    return forge_token(keys, &order->forgery);
}

/* The record says what the claims say, where they were overridden. */
static void follow_claims(struct token *token, json_object *claims)
{
    json_object *scopes = NULL;
    const char *id = value_string(claims, "jti"), *client = value_string(claims, "sub");
    if (id != NULL)
        snprintf(token->id, sizeof token->id, "%s", id);
    if (client != NULL) {
        free(token->client);
        token->client = memory_copy(client);
    }
    token->issued = value_integer(claims, "iat", token->issued);
    token->expires = value_integer(claims, "exp", token->expires);
    if (json_object_object_get_ex(claims, "scopes", &scopes)) {
        scopes_deinit(&token->scopes);
        scopes_add_json(&token->scopes, scopes);
    }
}

static char *make_text(struct standin *standin, struct order *order, struct token *token)
{
    if (strcmp(order->form, "jwt") != 0)
        return mint_opaque(order);
    order->forgery.claims = issue_claims(standin->service, token);
    value_override(order->forgery.claims, order->claims);
    follow_claims(token, order->forgery.claims);
    return mint_jwt(&standin->service->keys, order);
}

static struct token *record_new(const struct order *order, const struct client *client)
{
    OWN_TEXT char *random_id = bytes_random_hex(16);
    OWN_TEXT char *id = memory_format("%s_%s", order->type == TOKEN_LONG ? "tok_lt" : "tok_st", random_id);
    struct token *token = token_new(order->type, client->id, id, order->ttl);
    scopes_add_all(&token->scopes, order->scopes.count > 0 ? &order->scopes : &client->scopes);
    return token;
}

static json_object *deliver(struct standin *standin, struct order *order, const struct client *client)
{
    struct token *token = record_new(order, client);
    OWN_TEXT char *text = make_text(standin, order, token);
    if (text == NULL) {
        token_free(token);
        return command_error("such a token cannot be made: look at alg and sign");
    }
    json_object *answer = command_ok();
    value_put_string(answer, "token", text);
    value_put_string(answer, "token_id", token->id);
    value_put_integer(answer, "expires", token->expires);
    if (order->record)
        tokens_enter(&standin->service->tokens, token, text);
    else
        token_free(token);
    return answer;
}

json_object *command_mint(struct standin *standin, struct line *line)
{
    struct order order __attribute__((cleanup(order_deinit))) = {0};
    json_object *error = NULL;
    const struct client *client = command_client(standin, line, &error);
    if (client == NULL)
        return error;
    const char *wrong = read_kind(&order, line);
    if (wrong == NULL)
        wrong = read_content(&order, standin, line);
    if (wrong != NULL)
        return command_error("mint: look at %s", wrong);
    return deliver(standin, &order, client);
}
