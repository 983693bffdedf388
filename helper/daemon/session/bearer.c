/* The context of the seal: the token's hash rather than its id, because an id may be unknown. */
#include "session/bearer.h"

#include "base/cleanup.h"

#include <errno.h>
#include <stdio.h>

struct context {
    char token[8 + 2 * VAULT_HASH_SIZE + 1];
    struct vault_context vault;
};

static void context_init(struct context *context, const struct bearer_owner *owner)
{
    int at = snprintf(context->token, sizeof context->token, "%s", owner->is_parent ? "parent: " : "");
    for (size_t i = 0; i < VAULT_HASH_SIZE; i++)
        at += snprintf(context->token + at, sizeof context->token - (size_t)at, "%02x", owner->hash[i]);
    context->vault = (struct vault_context){.row = "bearer", .user = owner->user, .token_id = context->token};
}

int bearer_seal(struct bearer *bearer, const struct vault *vault, const struct bearer_owner *owner,
    const struct secret *secret)
{
    struct context context;
    context_init(&context, owner);
    return vault_seal(vault, &context.vault, secret, &bearer->sealed, &bearer->length);
}

int bearer_open(const struct bearer *bearer, const struct vault *vault, const struct bearer_owner *owner,
    struct secret **out)
{
    struct context context;
    if (!bearer->sealed)
        return -ENOENT;
    context_init(&context, owner);
    return vault_open(vault, &context.vault, bearer->sealed, bearer->length, out);
}

int bearer_load(struct bearer *bearer, const void *sealed, size_t length)
{
    *bearer = (struct bearer){.length = length};
    if (length == 0)
        return 0;
    bearer->sealed = malloc(length);
    if (!bearer->sealed)
        return -ENOMEM;
    memcpy(bearer->sealed, sealed, length);
    return 0;
}

void bearer_deinit(struct bearer *bearer)
{
    free(STEAL(bearer->sealed));
    bearer->length = 0;
}
