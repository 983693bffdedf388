/* A binary heap: the item with the lowest keys first. The items lie in the caller's records. */
#ifndef SESSION_HEAP_H
#define SESSION_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap;

struct heap_item {
    struct heap *in; /* NULL: in none */
    size_t place;
    int64_t first, second; /* compared in this order */
    void *owner;
};

struct heap {
    struct heap_item **items;
    size_t count, room;
};

void heap_deinit(struct heap *heap);
/* Room for COUNT items, so that heap_push cannot fail. -ENOMEM. */
int heap_reserve(struct heap *heap, size_t count);
/* ITEM is in no heap, and room was reserved. */
void heap_push(struct heap *heap, struct heap_item *item);
/* Takes ITEM out of whichever heap it is in; harmless when it is in none. */
void heap_remove(struct heap_item *item);
struct heap_item *heap_top(const struct heap *heap); /* NULL when empty */

#endif
