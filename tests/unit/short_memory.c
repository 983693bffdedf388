#include "short_memory.h"

#include <errno.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static long countdown; /* to the allocation that fails; 0: none does */
static bool lasting, reached_it; /* all after it fail too; it has been reached */

void short_memory_at(long nth)
{
    countdown = nth;
    lasting = reached_it = false;
}

void short_memory_from(long nth)
{
    short_memory_at(nth);
    lasting = true;
}

bool short_memory_reached(void)
{
    bool reached = reached_it;
    short_memory_at(0);
    return reached;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
const bool short_memory_possible = false;
#else
const bool short_memory_possible = true;

static bool refused(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    reached_it = true;
    countdown = lasting;
    errno = ENOMEM;
    return true;
}

/* The libraries find these only if the executable exports them. */
#pragma GCC visibility push(default)
void *malloc(size_t size)
{
    return refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return refused() ? NULL : __libc_realloc(memory, size);
}
#pragma GCC visibility pop
#endif
