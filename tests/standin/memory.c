/* Allocation that cannot fail: see memory.h. */
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *memory)
{
    if (memory == NULL) {
        fputs("c2m-standin: out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *memory_zeroed(size_t count, size_t size)
{
    return or_end(calloc(count, size));
}

void *memory_resize(void *old, size_t count, size_t size)
{
    return or_end(reallocarray(old, count, size));
}

char *memory_copy(const char *text)
{
    return text == NULL ? NULL : or_end(strdup(text));
}

char *memory_copy_bytes(const void *bytes, size_t length)
{
    char *copy = memory_zeroed(length + 1, 1);
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

char *memory_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return or_end(length < 0 ? NULL : text);
}

void memory_free_text(char **text)
{
    free(*text);
}
