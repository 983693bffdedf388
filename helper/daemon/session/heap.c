/* The array of a heap: the children of I are 2I+1 and 2I+2. */
#include "session/heap.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

void heap_deinit(struct heap *heap)
{
    free(heap->items);
    *heap = (struct heap){.count = 0};
}

int heap_reserve(struct heap *heap, size_t count)
{
    if (count <= heap->room)
        return 0;
    size_t room = count < 64 ? 64 : 2 * count;
    struct heap_item **items = reallocarray(heap->items, room, sizeof(struct heap_item *));
    if (!items)
        return -ENOMEM;
    heap->items = items;
    heap->room = room;
    return 0;
}

static bool before(const struct heap_item *a, const struct heap_item *b)
{
    return a->first != b->first ? a->first < b->first : a->second < b->second;
}

static void put(struct heap *heap, size_t place, struct heap_item *item)
{
    heap->items[place] = item;
    item->place = place;
}

static void rise(struct heap *heap, struct heap_item *item)
{
    size_t place = item->place;
    for (; place > 0 && before(item, heap->items[(place - 1) / 2]); place = (place - 1) / 2)
        put(heap, place, heap->items[(place - 1) / 2]);
    put(heap, place, item);
}

static void sink(struct heap *heap, struct heap_item *item)
{
    size_t place = item->place;
    for (size_t child; (child = 2 * place + 1) < heap->count; place = child) {
        if (child + 1 < heap->count && before(heap->items[child + 1], heap->items[child]))
            child++;
        if (!before(heap->items[child], item))
            break;
        put(heap, place, heap->items[child]);
    }
    put(heap, place, item);
}

void heap_push(struct heap *heap, struct heap_item *item)
{
    assert(!item->in && heap->count < heap->room);
    item->in = heap;
    put(heap, heap->count++, item);
    rise(heap, item);
}

void heap_remove(struct heap_item *item)
{
    struct heap *heap = item->in;
    if (!heap)
        return;
    struct heap_item *last = heap->items[--heap->count];
    item->in = NULL;
    if (last == item)
        return;
    put(heap, item->place, last);
    rise(heap, last);
    sink(heap, last);
}

struct heap_item *heap_top(const struct heap *heap)
{
    return heap->count ? heap->items[0] : NULL;
}
