/*
 * Records stand in one queue by their last touch: the unused ones first, then the oldest. Those that were never used
 * stand in no queue yet, so that memory which nobody needs is never touched.
 */
#include "login/recent.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "session/table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct record {
    struct table_link link;
    TAILQ_ENTRY(record) entry;
    struct recent_key key;
    int64_t touched_ms;
    bool used;
    _Alignas(max_align_t) uint8_t payload[];
};

struct recent {
    struct table table;
    TAILQ_HEAD(record_queue, record) queue;
    uint8_t *records;
    size_t maximum, taken, record_size, stride;
    int64_t keep_ms;
};

int recent_new(size_t maximum, size_t record_size, int64_t keep_ms, struct recent **out)
{
    struct recent *recent CLEANUP_FREE = calloc(1, sizeof *recent);
    size_t stride = sizeof(struct record) + record_size;
    stride += -stride & (_Alignof(struct record) - 1);
    uint8_t *records CLEANUP_FREE = calloc(maximum, stride);
    if (!recent || !records || table_init(&recent->table) < 0)
        return -ENOMEM;
    recent->maximum = maximum;
    recent->record_size = record_size;
    recent->keep_ms = keep_ms;
    recent->stride = stride;
    TAILQ_INIT(&recent->queue);
    recent->records = STEAL(records);
    *out = STEAL(recent);
    return 0;
}

void recent_free(struct recent *recent)
{
    if (!recent)
        return;
    table_deinit(&recent->table);
    free(recent->records);
    free(recent);
}

static bool young(const struct recent *recent, const struct record *record)
{
    return record->used && clock_boot_ms() - record->touched_ms < recent->keep_ms;
}

static void drop(struct recent *recent, struct record *record)
{
    if (record->used)
        table_remove(&recent->table, &record->link);
    record->used = false;
    TAILQ_REMOVE(&recent->queue, record, entry);
    TAILQ_INSERT_HEAD(&recent->queue, record, entry);
}

static struct record *find(struct recent *recent, const struct recent_key *key)
{
    struct table_link *link = table_first(&recent->table, table_key(&recent->table, key, sizeof *key));
    for (; link; link = table_next(link)) {
        struct record *record = link->owner;
        if (memcmp(&record->key, key, sizeof *key) != 0)
            continue;
        if (young(recent, record))
            return record;
        drop(recent, record);
        return NULL;
    }
    return NULL;
}

void *recent_find(struct recent *recent, const struct recent_key *key)
{
    struct record *record = find(recent, key);
    return record ? record->payload : NULL;
}

/* One that was never used, while there are any and none is free again. */
static struct record *take(struct recent *recent)
{
    struct record *record = TAILQ_FIRST(&recent->queue);
    if ((!record || record->used) && recent->taken < recent->maximum) {
        record = (void *)(recent->records + recent->taken++ * recent->stride);
        TAILQ_INSERT_HEAD(&recent->queue, record, entry);
    }
    return record;
}

static struct record *make(struct recent *recent, const struct recent_key *key)
{
    struct record *record = take(recent);
    assert(record); /* there is room for one at least */
    drop(recent, record);
    memset(record->payload, 0, recent->record_size);
    record->key = *key;
    record->used = true;
    table_add(&recent->table, &record->link, table_key(&recent->table, key, sizeof *key), record);
    return record;
}

void *recent_touch(struct recent *recent, const struct recent_key *key)
{
    struct record *record = find(recent, key);
    if (!record)
        record = make(recent, key);
    record->touched_ms = clock_boot_ms();
    TAILQ_REMOVE(&recent->queue, record, entry);
    TAILQ_INSERT_TAIL(&recent->queue, record, entry);
    return record->payload;
}

bool recent_full(const struct recent *recent)
{
    return recent->taken == recent->maximum && young(recent, TAILQ_FIRST(&recent->queue));
}

void recent_clear(struct recent *recent)
{
    struct record *record;
    while ((record = TAILQ_LAST(&recent->queue, record_queue)) && record->used)
        drop(recent, record);
}
