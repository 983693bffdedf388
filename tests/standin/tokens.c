/* What the service knows of the tokens that it issued: see tokens.h. */
#include "tokens.h"

#include "clock.h"
#include "memory.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_ids(const void *left, const void *right)
{
    const struct token *a = left, *b = right;
    return strcmp(a->id, b->id);
}

static int compare_hashes(const void *left, const void *right)
{
    const struct token *a = left, *b = right;
    return strcmp(a->hash, b->hash);
}

static struct token *found(void *node)
{
    return node == NULL ? NULL : *(struct token **)node;
}

struct token *token_new(enum token_type type, const char *client, const char *id, int64_t lifetime)
{
    struct token *token = memory_zeroed(1, sizeof *token);
    token->type = type;
    token->client = memory_copy(client);
    token->issued = clock_now();
    token->expires = token->issued + lifetime;
    snprintf(token->id, sizeof token->id, "%s", id);
    return token;
}

void token_free(struct token *token)
{
    free(token->client);
    scopes_deinit(&token->scopes);
    free(token);
}

void tokens_enter(struct tokens *tokens, struct token *token, const char *text)
{
    bytes_hash(text, strlen(text), token->hash);
    tokens_enter_hashed(tokens, token);
}

void tokens_enter_hashed(struct tokens *tokens, struct token *token)
{
    if (tsearch(token, &tokens->by_id, compare_ids) == NULL ||
        tsearch(token, &tokens->by_hash, compare_hashes) == NULL)
        abort();
    if (tokens->last == NULL)
        tokens->first = token;
    else
        tokens->last->next = token;
    tokens->last = token;
}

struct token *tokens_find(const struct tokens *tokens, const char *id)
{
    struct token probe = {0};
    if (strlen(id) >= sizeof probe.id)
        return NULL;
    memcpy(probe.id, id, strlen(id));
    return found(tfind(&probe, &tokens->by_id, compare_ids));
}

struct token *tokens_find_text(const struct tokens *tokens, const char *text)
{
    struct token probe = {0};
    bytes_hash(text, strlen(text), probe.hash);
    return found(tfind(&probe, &tokens->by_hash, compare_hashes));
}

struct token *tokens_find_hash(const struct tokens *tokens, const char *prefix)
{
    size_t length = strlen(prefix);
    struct token *token = length < 8 ? NULL : tokens->first;
    while (token != NULL && strncmp(token->hash, prefix, length) != 0)
        token = token->next;
    return token;
}

enum token_state token_state(const struct token *token)
{
    if (token->revoked_at_ms != 0)
        return TOKEN_REVOKED;
    return token->expires <= clock_now() ? TOKEN_EXPIRED : TOKEN_LIVE;
}

void tokens_revoke(struct tokens *tokens, struct token *token, bool cascade)
{
    if (token->revoked_at_ms == 0)
        token->revoked_at_ms = clock_now_ms();
    if (!cascade || token->type != TOKEN_LONG)
        return;
    for (struct token *child = tokens->first; child != NULL; child = child->next)
        if (strcmp(child->parent, token->id) == 0)
            tokens_revoke(tokens, child, false);
}

const char *token_type_name(enum token_type type)
{
    return type == TOKEN_LONG ? "long" : "short";
}

const char *token_state_name(enum token_state state)
{
    static const char *const names[] = {"live", "revoked", "expired"};
    return names[state];
}

json_object *token_describe(const struct token *token)
{
    json_object *object = json_object_new_object();
    value_put_string(object, "token_id", token->id);
    value_put_string(object, "type", token_type_name(token->type));
    value_put_string(object, "client", token->client);
    value_put_integer(object, "expires", token->expires);
    json_object_object_add(object, "scopes", scopes_to_json(&token->scopes));
    return object;
}

static void leave(void *token)
{
    (void)token; /* the list owns it, the trees only point */
}

void tokens_deinit(struct tokens *tokens)
{
    tdestroy(tokens->by_id, leave);
    tdestroy(tokens->by_hash, leave);
    while (tokens->first != NULL) {
        struct token *token = tokens->first;
        tokens->first = token->next;
        token_free(token);
    }
    *tokens = (struct tokens){0};
}
