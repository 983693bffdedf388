#include "heap.h"

#include <errno.h>
#include <stddef.h>

#define SHOWN __attribute__((visibility("default")))
enum { WATCHED = 64 };

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void __libc_free(void *memory);

static long count, failing;
static bool sticks;
static const void *watched[WATCHED];

static bool fails(void)
{
    count++;
    if (failing == 0 || count < failing || (count > failing && !sticks))
        return false;
    errno = ENOMEM;
    return true;
}

SHOWN void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

SHOWN void *calloc(size_t items, size_t size)
{
    return fails() ? NULL : __libc_calloc(items, size);
}

SHOWN void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}

SHOWN void free(void *memory)
{
    for (int i = 0; memory && i < WATCHED; i++)
        if (watched[i] == memory)
            watched[i] = NULL;
    __libc_free(memory);
}

void heap_arm(long nth, bool onwards)
{
    count = 0;
    sticks = onwards;
    failing = nth;
}

long heap_disarm(void)
{
    failing = 0;
    return count;
}

void heap_watch(const void *memory)
{
    for (int i = 0; i < WATCHED; i++)
        if (!watched[i]) {
            watched[i] = memory;
            return;
        }
}

int heap_watched(void)
{
    int live = 0;
    for (int i = 0; i < WATCHED; i++)
        live += watched[i] != NULL;
    return live;
}
