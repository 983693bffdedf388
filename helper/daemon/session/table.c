/* Chains in an array that doubles when it is full. When it cannot grow, the chains are longer: slower, not wrong. */
#include "session/table.h"

#include "base/vault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 64 };

int table_init(struct table *table)
{
    *table = (struct table){.size = FIRST_SIZE};
    table->buckets = calloc(FIRST_SIZE, sizeof(struct table_link *));
    if (!table->buckets)
        return -ENOMEM;
    vault_random(table->seed, sizeof table->seed);
    return 0;
}

void table_deinit(struct table *table)
{
    free(table->buckets);
    *table = (struct table){.size = 0};
}

static uint64_t rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}

uint64_t table_key(const struct table *table, const void *bytes, size_t length)
{
    uint64_t v[4] = {table->seed[0] ^ 0x736f6d6570736575, table->seed[1] ^ 0x646f72616e646f6d,
        table->seed[0] ^ 0x6c7967656e657261, table->seed[1] ^ 0x7465646279746573};
    const uint8_t *at = bytes;
    uint64_t last = (uint64_t)length << 56, word;
    for (size_t left = length; left >= sizeof word; left -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        sip_word(v, word);
    }
    for (size_t i = 0; i < length % sizeof word; i++)
        last |= (uint64_t)at[i] << 8 * i;
    sip_word(v, last);
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static struct table_link **bucket(const struct table *table, uint64_t key)
{
    return &table->buckets[key & (table->size - 1)];
}

static void push(struct table *table, struct table_link *link)
{
    struct table_link **head = bucket(table, link->key);
    link->next = *head;
    *head = link;
}

static void grow(struct table *table)
{
    struct table old = *table;
    struct table_link **buckets = calloc(2 * old.size, sizeof(struct table_link *));
    if (!buckets)
        return;
    table->buckets = buckets;
    table->size = 2 * old.size;
    for (size_t i = 0; i < old.size; i++)
        for (struct table_link *link = old.buckets[i], *next; link; link = next) {
            next = link->next;
            push(table, link);
        }
    free(old.buckets);
}

void table_add(struct table *table, struct table_link *link, uint64_t key, void *owner)
{
    if (table->count >= table->size)
        grow(table);
    link->key = key;
    link->owner = owner;
    push(table, link);
    table->count++;
}

void table_remove(struct table *table, struct table_link *link)
{
    struct table_link **at = bucket(table, link->key);
    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    link->next = NULL;
    table->count--;
}

static struct table_link *with_key(struct table_link *link, uint64_t key)
{
    while (link && link->key != key)
        link = link->next;
    return link;
}

struct table_link *table_first(const struct table *table, uint64_t key)
{
    return with_key(*bucket(table, key), key);
}

struct table_link *table_next(const struct table_link *link)
{
    return with_key(link->next, link->key);
}
