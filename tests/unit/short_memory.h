/* Memory that is short at one allocation. Needs -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc. */
#ifndef TESTS_SHORT_MEMORY_H
#define TESTS_SHORT_MEMORY_H

#include <stdbool.h>

/* The address sanitizer has an allocator of its own: nothing can be short then. */
extern const bool short_memory_possible;
/* From here on the NTH allocation, from 1, fails; 0: none does. */
void short_memory_at(long nth);
/* The NTH and all after it. */
void short_memory_from(long nth);
/* Has it failed? None does any more. */
bool short_memory_reached(void);

#endif
