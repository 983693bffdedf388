/* Sets as text, walked word by word: at most 64 short words, so nothing is indexed. */
#include "token/scopes.h"

#include <errno.h>
#include <string.h>

struct word {
    const char *text;
    size_t length;
};

/* The word at *CURSOR, which moves on; false at the end. */
static bool next(const char **cursor, struct word *word)
{
    word->text = *cursor + strspn(*cursor, " ");
    word->length = strcspn(word->text, " ");
    *cursor = word->text + word->length;
    return word->length > 0;
}

static bool same(struct word a, struct word b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static bool is_scope(const char *scope, size_t length)
{
    if (length == 0 || length > 128)
        return false;
    for (size_t i = 0; i < length; i++)
        if (scope[i] < 0x21 || scope[i] > 0x7e || scope[i] == '"' || scope[i] == '\\')
            return false;
    return true;
}

int scopes_add(struct scopes *scopes, const char *scope, size_t length)
{
    if (!is_scope(scope, length))
        return -EINVAL;
    const char *cursor = scopes->text;
    struct word word;
    int count = 0;
    for (; next(&cursor, &word); count++)
        if (same(word, (struct word){scope, length}))
            return 0;
    size_t used = strlen(scopes->text);
    size_t gap = used > 0 ? 1 : 0;
    if (count == SCOPES_MAX || used + gap + length >= sizeof scopes->text)
        return -E2BIG;
    if (gap)
        scopes->text[used] = ' ';
    memcpy(scopes->text + used + gap, scope, length);
    scopes->text[used + gap + length] = '\0';
    return 0;
}

int scopes_parse(struct scopes *scopes, const char *words, size_t length)
{
    int r = 0;
    size_t start = 0;
    scopes->text[0] = '\0';
    for (size_t i = 0; i <= length && r == 0; i++) {
        if (i < length && words[i] != ' ')
            continue;
        if (i > start)
            r = scopes_add(scopes, words + start, i - start);
        start = i + 1;
    }
    if (r < 0)
        scopes->text[0] = '\0';
    return r;
}

bool scopes_empty(const struct scopes *scopes)
{
    return scopes->text[0] == '\0';
}

/* "NAME:*" covers "NAME:x", and never "NAME:" or "NAME". */
static bool covers(struct word held, struct word wanted)
{
    if (same(held, wanted))
        return true;
    if (held.length < 3 || memcmp(held.text + held.length - 2, ":*", 2) != 0)
        return false;
    size_t stem = held.length - 1;
    return wanted.length > stem && memcmp(held.text, wanted.text, stem) == 0;
}

bool scopes_cover_one(const struct scopes *held, const char *wanted, size_t length, const char *prefix)
{
    size_t skip = prefix ? strlen(prefix) : 0;
    const char *cursor = held->text;
    for (struct word word; next(&cursor, &word);) {
        if (skip > 0 && word.length > skip && memcmp(word.text, prefix, skip) == 0)
            word = (struct word){word.text + skip, word.length - skip};
        if (covers(word, (struct word){wanted, length}))
            return true;
    }
    return false;
}

bool scopes_cover(const struct scopes *held, const struct scopes *wanted, const char *prefix)
{
    const char *cursor = wanted->text;
    for (struct word word; next(&cursor, &word);)
        if (!scopes_cover_one(held, word.text, word.length, prefix))
            return false;
    return true;
}

int scopes_each(
    const struct scopes *scopes, int (*fn)(void *argument, const char *scope, size_t length), void *argument)
{
    int r = 0;
    const char *cursor = scopes->text;
    for (struct word word; r == 0 && next(&cursor, &word);)
        r = fn(argument, word.text, word.length);
    return r;
}

/*
 * What stands before the ':', without what an issuer puts before it ("c2m-api/jobs:read" is "jobs"). Two scopes
 * that are equal, or of which one covers the other, have the same head; a name without ':' is its own head.
 */
static struct word head(struct word word)
{
    const char *colon = memchr(word.text, ':', word.length);
    if (colon)
        word.length = (size_t)(colon - word.text);
    const char *slash = memrchr(word.text, '/', word.length);
    if (slash)
        word = (struct word){slash + 1, word.length - (size_t)(slash + 1 - word.text)};
    return word;
}

bool scopes_related(const struct scopes *a, const struct scopes *b)
{
    const char *left = a->text;
    for (struct word one; next(&left, &one);) {
        const char *right = b->text;
        for (struct word other; next(&right, &other);)
            if (same(head(one), head(other)))
                return true;
    }
    return false;
}
