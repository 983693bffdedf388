/*
 * A hash table whose links lie in the caller's records: adding never allocates for the record and never fails.
 * Different keys may share one number, so whoever looks something up compares.
 */
#ifndef SESSION_TABLE_H
#define SESSION_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_link {
    struct table_link *next;
    uint64_t key;
    void *owner; /* the record */
};

struct table {
    struct table_link **buckets;
    size_t size; /* a power of two */
    size_t count;
    uint64_t seed[2];
};

int table_init(struct table *table); /* -ENOMEM */
/* The records stay the caller's. */
void table_deinit(struct table *table);

/* SipHash-1-3 with a seed drawn at table_init: whoever chooses identifiers cannot make them collide. */
uint64_t table_key(const struct table *table, const void *bytes, size_t length);
void table_add(struct table *table, struct table_link *link, uint64_t key, void *owner);
void table_remove(struct table *table, struct table_link *link);
/* The first link with that key, and the next one of the same key; NULL. */
struct table_link *table_first(const struct table *table, uint64_t key);
struct table_link *table_next(const struct table_link *link);

#endif
