/*
 * Sets of scopes as text: words with one blank between, in the order given, no duplicates.
 * A scope is 1 to 128 characters of 0x21 to 0x7e without '"' and '\' (RFC 6749, section 3.3).
 */
#ifndef TOKEN_SCOPES_H
#define TOKEN_SCOPES_H

#include <stdbool.h>
#include <stddef.h>

enum { SCOPES_SIZE = 2048, SCOPES_MAX = 64 };

struct scopes {
    char text[SCOPES_SIZE];
};

/* Adds one; 0, -EINVAL (not a scope), -E2BIG. */
int scopes_add(struct scopes *scopes, const char *scope, size_t length);
/* Reads blank-separated words. */
int scopes_parse(struct scopes *scopes, const char *words, size_t length);
bool scopes_empty(const struct scopes *scopes);
/* HELD covers WANTED when it holds it, or "NAME:*" for "NAME:x"; with PREFIX ("c2m-api/"; NULL or "": none) held names count without it. */
bool scopes_cover_one(const struct scopes *held, const char *wanted, size_t length, const char *prefix);
bool scopes_cover(const struct scopes *held, const struct scopes *wanted, const char *prefix);
/* Calls FN for each; stops at and returns its non-zero result. */
int scopes_each(
    const struct scopes *scopes, int (*fn)(void *argument, const char *scope, size_t length), void *argument);
/* True when the two could be mistaken for one another: equal, covering, or of one prefix before the ':'. */
bool scopes_related(const struct scopes *a, const struct scopes *b);

#endif
