/* Freeing at the end of a scope, and handing over: *out = STEAL(local). */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void cleanup_free(void *pointer)
{
    void *memory;
    memcpy(&memory, pointer, sizeof memory);
    free(memory);
}
static inline void cleanup_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#define CLEANUP_FREE __attribute__((cleanup(cleanup_free)))
#define CLEANUP_CLOSE __attribute__((cleanup(cleanup_close)))
#define CLEANUP(function) __attribute__((cleanup(function)))

/* The value of LOCAL, which is empty afterwards. */
#define STEAL(local) \
    __extension__({ \
        __typeof__(local) stolen_ = (local); \
        (local) = NULL; \
        stolen_; \
    })

#endif
