/* jansson's judgement. Of jansson only json_loadb, json_delete and its allocator: other names are json-c's as well. */
#include "base/json_strict.h"

#include <jansson.h>

#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16, LAST_RESORT = 512 * 1024 };

/* Untouched, and no memory, as long as malloc has some. */
static struct {
    alignas(max_align_t) char bytes[LAST_RESORT];
    size_t used;
    bool open;
} last_resort;

/* It is bounded: rather an end than a text that is read past its end. */
static void *take(size_t size)
{
    const size_t unit = alignof(max_align_t), left = sizeof last_resort.bytes - last_resort.used;
    const size_t whole = (size + unit - 1) / unit * unit;
    void *memory = malloc(size);
    if (memory || !last_resort.open)
        return memory;
    if (whole > left)
        abort();
    memory = last_resort.bytes + last_resort.used;
    last_resort.used += whole;
    return memory;
}

static void give(void *memory)
{
    const char *at = memory;
    if (at < last_resort.bytes || at >= last_resort.bytes + sizeof last_resort.bytes)
        free(memory);
}

void json_strict_open(void)
{
    json_set_alloc_funcs(take, give);
    last_resort.open = true;
}

bool json_strict_close(void)
{
    last_resort.open = false;
    return last_resort.used == 0;
}

void json_strict_wipe(void)
{
    explicit_bzero(last_resort.bytes, last_resort.used); /* which may be a token's */
    last_resort.used = 0;
}

/*
 * The deepest nesting, counted before jansson recurses: its own bound of 2,048 is more stack than a stranger is
 * owed. In a malformed text this count can only run ahead of jansson, which stops at the first fault.
 */
static bool shallow(const char *bytes, size_t length)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (quoted && bytes[i] == '\\')
            i++;
        else if (bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && (bytes[i] == '{' || bytes[i] == '['))
            depth++;
        else if (!quoted && (bytes[i] == '}' || bytes[i] == ']'))
            depth--;
        if (depth > DEPTH_MAX)
            return false;
    }
    return true;
}

/* jansson takes an array as well. */
static bool opens_object(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\r'))
        i++;
    return i < length && bytes[i] == '{';
}

/* jansson (2.14) passes over one that stands behind a number or a word: its buffer ends with a NUL of its own. */
static bool holds_nul(const char *bytes, size_t length)
{
    return length > 0 && memchr(bytes, '\0', length);
}

bool json_strict_object(const char *bytes, size_t length)
{
    if (holds_nul(bytes, length) || !opens_object(bytes, length) || !shallow(bytes, length))
        return false;
    json_error_t ignored;
    json_strict_open();
    json_t *value = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &ignored);
    const bool whole = json_strict_close();
    if (value)
        json_delete(value);
    json_strict_wipe();
    if (!whole)
        errno = ENOMEM;
    return value && whole;
}
