/*
 * A fixed array of slots, found through chains by the first bytes of the hash: only genuine tokens come in
 * here, so nobody chooses their hashes.
 */
#include "token/remembered.h"

#include "base/cleanup.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

enum { NOBODY = 0xffff };

/* A struct remembered_token without the room that its texts do not use: some 300 bytes instead of 4,000. */
struct kept {
    int64_t expires, issued, not_before, boot_deadline_ms;
    enum claims_type type;
    char texts[]; /* in the order below, each with its NUL */
};

static const size_t texts[] = {offsetof(struct claims, subject), offsetof(struct claims, client),
    offsetof(struct claims, issuer), offsetof(struct claims, token_id), offsetof(struct claims, audiences),
    offsetof(struct claims, scopes.text)};
enum { TEXTS = sizeof texts / sizeof texts[0] };
static_assert(
    sizeof(struct claims) == 3 * CLAIMS_TEXT_SIZE + 256 + CLAIMS_AUDIENCES_SIZE + SCOPES_SIZE + 4 * 8,
    "a new claim must be kept here as well");

struct slot {
    uint8_t hash[VAULT_HASH_SIZE];
    struct kept *token; /* NULL: free */
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

static struct kept *pack(const struct remembered_token *token)
{
    const struct claims *claims = &token->claims;
    size_t lengths[TEXTS], total = 0;
    for (int i = 0; i < TEXTS; i++)
        total += lengths[i] = strlen((const char *)claims + texts[i]) + 1;
    struct kept *kept = malloc(sizeof *kept + total);
    if (!kept)
        return NULL;
    *kept = (struct kept){
        claims->expires, claims->issued, claims->not_before, token->boot_deadline_ms, claims->type};
    char *to = kept->texts;
    for (int i = 0; i < TEXTS; to += lengths[i++])
        memcpy(to, (const char *)claims + texts[i], lengths[i]);
    return kept;
}

static void unpack(const struct kept *kept, struct remembered_token *out)
{
    struct claims *claims = &out->claims;
    memset(out, 0, sizeof *out);
    claims->expires = kept->expires;
    claims->issued = kept->issued;
    claims->not_before = kept->not_before;
    claims->type = kept->type;
    out->boot_deadline_ms = kept->boot_deadline_ms;
    const char *from = kept->texts;
    for (int i = 0; i < TEXTS; i++) {
        size_t length = strlen(from) + 1;
        memcpy((char *)claims + texts[i], from, length);
        from += length;
    }
}

bool remembered_find(
    const struct remembered *memory, const uint8_t hash[VAULT_HASH_SIZE], struct remembered_token *out)
{
    uint16_t i = find(memory, hash);
    if (i != NOBODY)
        unpack(memory->slots[i].token, out);
    return i != NOBODY;
}

/* A free slot, else an expired one, else the oldest. */
static uint16_t victim(const struct remembered *memory, int64_t now)
{
    uint16_t oldest = 0, expired = NOBODY;
    for (uint16_t i = 0; i < (uint16_t)REMEMBERED_MAX; i++) {
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
    struct kept *copy = find(memory, hash) != NOBODY ? NULL : pack(token);
    if (!copy)
        return;
    uint16_t i = victim(memory, now);
    clear(memory, i);
    struct slot *slot = &memory->slots[i];
    uint16_t *chain = &memory->chains[chain_of(hash)];
    memcpy(slot->hash, hash, VAULT_HASH_SIZE);
    slot->token = copy;
    slot->expires = token->claims.expires;
    slot->age = memory->added++;
    slot->next = *chain;
    *chain = i;
}
