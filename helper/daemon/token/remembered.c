/*
 * A fixed array of slots, found through chains by the first bytes of the hash: only genuine tokens come in
 * here, so nobody chooses their hashes.
 */
#include "token/remembered.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

enum { NOBODY = 0xffff };

struct slot {
    uint8_t hash[VAULT_HASH_SIZE];
    struct remembered_token *token; /* NULL: free */
    int64_t expires; /* the token's, here for the walk over all of them */
    uint64_t age; /* the lower the older */
    uint16_t next; /* of the same chain */
};

struct remembered {
    struct slot slots[REMEMBERED_MAX];
    uint16_t chains[REMEMBERED_MAX];
    uint64_t added;
};

static unsigned chain_of(const uint8_t hash[VAULT_HASH_SIZE])
{
    return (hash[0] | (unsigned)hash[1] << 8) % REMEMBERED_MAX;
}

int remembered_new(struct remembered **out)
{
    struct remembered *memory = calloc(1, sizeof *memory);
    if (!memory)
        return -ENOMEM;
    memset(memory->chains, 0xff, sizeof memory->chains);
    *out = memory;
    return 0;
}

void remembered_forget(struct remembered *memory)
{
    for (unsigned i = 0; i < REMEMBERED_MAX; i++)
        free(STEAL(memory->slots[i].token));
    memset(memory->chains, 0xff, sizeof memory->chains);
}

void remembered_free(struct remembered *memory)
{
    if (memory)
        remembered_forget(memory);
    free(memory);
}

static uint16_t find(const struct remembered *memory, const uint8_t hash[VAULT_HASH_SIZE])
{
    uint16_t i = memory->chains[chain_of(hash)];
    while (i != NOBODY && memcmp(memory->slots[i].hash, hash, VAULT_HASH_SIZE) != 0)
        i = memory->slots[i].next;
    return i;
}

const struct remembered_token *remembered_find(
    const struct remembered *memory, const uint8_t hash[VAULT_HASH_SIZE])
{
    uint16_t i = find(memory, hash);
    return i == NOBODY ? NULL : memory->slots[i].token;
}

/* A free slot, else an expired one, else the oldest. */
static uint16_t victim(const struct remembered *memory, int64_t now)
{
    uint16_t oldest = 0, expired = NOBODY;
    for (uint16_t i = 0; i < REMEMBERED_MAX; i++) {
        const struct slot *slot = &memory->slots[i];
        if (!slot->token)
            return i;
        if (slot->expires <= now)
            expired = i;
        if (slot->age < memory->slots[oldest].age)
            oldest = i;
    }
    return expired != NOBODY ? expired : oldest;
}

static void clear(struct remembered *memory, uint16_t gone)
{
    struct slot *slot = &memory->slots[gone];
    if (!slot->token)
        return;
    uint16_t *link = &memory->chains[chain_of(slot->hash)];
    while (*link != gone)
        link = &memory->slots[*link].next;
    *link = slot->next;
    free(STEAL(slot->token));
}

void remembered_add(struct remembered *memory, const uint8_t hash[VAULT_HASH_SIZE],
    const struct remembered_token *token, int64_t now)
{
    struct remembered_token *copy = find(memory, hash) != NOBODY ? NULL : malloc(sizeof *copy);
    if (!copy)
        return;
    uint16_t i = victim(memory, now);
    clear(memory, i);
    struct slot *slot = &memory->slots[i];
    uint16_t *chain = &memory->chains[chain_of(hash)];
    *copy = *token;
    memcpy(slot->hash, hash, VAULT_HASH_SIZE);
    slot->token = copy;
    slot->expires = token->claims.expires;
    slot->age = memory->added++;
    slot->next = *chain;
    *chain = i;
}
