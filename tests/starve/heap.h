/* The allocator of the program that this is linked into, and of all its libraries: it counts, and fails on order. */
#ifndef TESTS_STARVE_HEAP_H
#define TESTS_STARVE_HEAP_H

#include <stdbool.h>

/* The NTH allocation from now on fails, and where ONWARDS says so all after it. 0: none, and they are counted. */
void heap_arm(long nth, bool onwards);
/* Allocations since heap_arm. Nothing fails any more. */
long heap_disarm(void);

/* Watches what was allocated until it is freed. Not more than 64 at once. */
void heap_watch(const void *memory);
/* How many of those live. */
int heap_watched(void);

#endif
