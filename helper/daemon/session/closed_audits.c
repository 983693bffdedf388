/* A sorted array: nearly every new id is the highest so far, so it is appended, and looking up is a bisection. */
#include "session/closed_audits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint64_t item_of(uint32_t audit_id, uint32_t uid)
{
    return (uint64_t)audit_id << 32 | uid;
}

/* The place of the first item that is not below ITEM. */
static size_t place_of(const struct closed_audits *audits, uint64_t item)
{
    size_t low = 0, high = audits->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (audits->items[middle] < item)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void closed_audits_deinit(struct closed_audits *audits)
{
    free(audits->items);
    *audits = (struct closed_audits){.items = NULL};
}

static int grow(struct closed_audits *audits)
{
    size_t capacity = audits->capacity ? 2 * audits->capacity : 64;
    uint64_t *items = reallocarray(audits->items, capacity, sizeof *items);
    if (!items)
        return -ENOMEM;
    audits->items = items;
    audits->capacity = capacity;
    return 0;
}

int closed_audits_add(struct closed_audits *audits, uint32_t audit_id, uint32_t uid)
{
    uint64_t item = item_of(audit_id, uid);
    if (closed_audits_has(audits, audit_id, uid))
        return 0;
    if (audits->count == CLOSED_AUDITS_MAX)
        memmove(audits->items, audits->items + 1, --audits->count * sizeof *audits->items);
    int r = audits->count == audits->capacity ? grow(audits) : 0;
    if (r < 0)
        return r;
    size_t place = place_of(audits, item);
    memmove(
        audits->items + place + 1, audits->items + place, (audits->count - place) * sizeof *audits->items);
    audits->items[place] = item;
    audits->count++;
    return 0;
}

bool closed_audits_has(const struct closed_audits *audits, uint32_t audit_id, uint32_t uid)
{
    size_t place = place_of(audits, item_of(audit_id, uid));
    return place < audits->count && audits->items[place] == item_of(audit_id, uid);
}

bool closed_audits_has_id(const struct closed_audits *audits, uint32_t audit_id)
{
    size_t place = place_of(audits, item_of(audit_id, 0));
    return place < audits->count && audits->items[place] >> 32 == audit_id;
}

uint32_t closed_audits_lowest(const struct closed_audits *audits)
{
    return audits->count == CLOSED_AUDITS_MAX ? (uint32_t)(audits->items[0] >> 32) : 0;
}
