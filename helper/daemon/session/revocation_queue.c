/* Two heaps. Each wait ends early when the token's life does, so that nothing expired stands as pending. */
#include "session/revocation_queue.h"

#include "base/clock.h"

#include <string.h>

int revocation_queue_init(struct revocation_queue *queue)
{
    *queue = (struct revocation_queue){.held_boot_ms = 0};
    return table_init(&queue->by_reference);
}

void revocation_queue_deinit(struct revocation_queue *queue)
{
    heap_deinit(&queue->waiting);
    heap_deinit(&queue->due);
    table_deinit(&queue->by_reference);
}

static uint64_t key_of(const struct revocation_queue *queue, const struct revocation *revocation)
{
    return table_key(&queue->by_reference, revocation->reference, strlen(revocation->reference));
}

int revocation_queue_add(struct revocation_queue *queue, struct revocation *revocation)
{
    size_t count = queue->by_reference.count + 1;
    int r = heap_reserve(&queue->waiting, count);
    if (r == 0)
        r = heap_reserve(&queue->due, count);
    if (r < 0)
        return r;
    revocation->place.owner = revocation;
    table_add(&queue->by_reference, &revocation->by_reference, key_of(queue, revocation), revocation);
    return 0;
}

void revocation_queue_remove(struct revocation_queue *queue, struct revocation *revocation)
{
    heap_remove(&revocation->place);
    table_remove(&queue->by_reference, &revocation->by_reference);
}

static void push_waiting(struct revocation_queue *queue, struct revocation *revocation)
{
    int64_t over = clock_boot_ms() + revocation_left_ms(revocation);
    revocation->place.first = revocation->due_boot_ms < over ? revocation->due_boot_ms : over;
    revocation->place.second = 0;
    heap_remove(&revocation->place);
    heap_push(&queue->waiting, &revocation->place);
}

void revocation_queue_wait(struct revocation_queue *queue, struct revocation *revocation, int64_t delay_ms)
{
    revocation->parked = false;
    revocation->due_boot_ms = clock_boot_ms() + delay_ms;
    push_waiting(queue, revocation);
}

void revocation_queue_hold(struct revocation_queue *queue, int64_t delay_ms)
{
    int64_t until = clock_boot_ms() + delay_ms;
    if (until > queue->held_boot_ms)
        queue->held_boot_ms = until;
}

static bool untried(const struct revocation *revocation)
{
    return !revocation->is_long && revocation->state == C2M_REVOCATION_PENDING && revocation->failures == 0;
}

static bool must_wait(const struct revocation_queue *queue, const struct revocation *long_one)
{
    struct table_link *link = table_first(&queue->by_reference, long_one->by_reference.key);
    for (; link; link = table_next(link)) {
        const struct revocation *other = link->owner;
        if (untried(other) && strcmp(other->reference, long_one->reference) == 0)
            return true;
    }
    return false;
}

void revocation_queue_unpark(struct revocation_queue *queue, const struct revocation *short_one)
{
    struct table_link *link = table_first(&queue->by_reference, short_one->by_reference.key);
    for (; link; link = table_next(link)) {
        struct revocation *other = link->owner;
        if (other->parked && strcmp(other->reference, short_one->reference) == 0)
            revocation_queue_wait(queue, other, 0);
    }
}

/* What waited long enough stands among the due, by rank; what only seemed to be over waits on. */
static void advance(struct revocation_queue *queue)
{
    int64_t now = clock_boot_ms();
    struct heap_item *item;
    while ((item = heap_top(&queue->waiting)) && item->first <= now) {
        struct revocation *revocation = item->owner;
        if (revocation->due_boot_ms > now && revocation_left_ms(revocation) > 0) {
            push_waiting(queue, revocation);
            continue;
        }
        heap_remove(item);
        item->first = revocation->is_long;
        item->second = revocation->expires;
        heap_push(&queue->due, item);
    }
}

struct revocation *revocation_queue_take_over(struct revocation_queue *queue)
{
    advance(queue);
    struct heap_item *item = heap_top(&queue->due);
    if (!item || revocation_left_ms(item->owner) > 0)
        return NULL;
    heap_remove(item);
    return item->owner;
}

struct revocation *revocation_queue_take(struct revocation_queue *queue)
{
    struct heap_item *item;
    advance(queue);
    if (clock_boot_ms() < queue->held_boot_ms)
        return NULL;
    while ((item = heap_top(&queue->due))) {
        struct revocation *revocation = item->owner;
        heap_remove(item);
        if (!revocation->is_long || !must_wait(queue, revocation))
            return revocation;
        revocation->parked = true;
    }
    return NULL;
}

int64_t revocation_queue_delay(const struct revocation_queue *queue, bool sending)
{
    const struct heap_item *waiting = heap_top(&queue->waiting), *due = heap_top(&queue->due);
    int64_t now = clock_boot_ms(), next = waiting ? waiting->first : INT64_MAX;
    if (due && sending && queue->held_boot_ms < next)
        next = queue->held_boot_ms;
    if (due && now + revocation_left_ms(due->owner) < next)
        next = now + revocation_left_ms(due->owner);
    if (next == INT64_MAX)
        return -1;
    return next > now ? next - now : 0;
}
