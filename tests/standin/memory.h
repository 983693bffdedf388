/* Allocation that cannot fail, and memory that frees itself.
 * The stand-in is a tool for tests: without memory it says so and ends; nobody has to write an error path
 * that is never run. */
#ifndef STANDIN_MEMORY_H
#define STANDIN_MEMORY_H

#include <stddef.h>

/* A char pointer of this kind is freed where its scope ends. */
#define OWN_TEXT __attribute__((cleanup(memory_free_text)))

/* Hands over what a variable owns, and empties the variable. */
#define STEAL(pointer) \
    __extension__({ \
        __typeof__(pointer) stolen_ = (pointer); \
        (pointer) = NULL; \
        stolen_; \
    })

/* Zeroed memory; the caller frees it. Never NULL. */
void *memory_zeroed(size_t count, size_t size);

/* realloc() that ends the program where it fails. */
void *memory_resize(void *old, size_t count, size_t size);

/* A copy of `text`, of NULL a NULL. */
char *memory_copy(const char *text);

/* A copy of `length` bytes, with a NUL behind them. */
char *memory_copy_bytes(const void *bytes, size_t length);

/* printf into memory of its own. */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The cleanup of OWN_TEXT. */
void memory_free_text(char **text);

#endif
