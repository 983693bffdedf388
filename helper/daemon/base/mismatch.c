#include "base/mismatch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct mismatches {
    struct {
        bool seen;
        char text[C2M_ID_MAX + 1];
    } last[C2M_MISMATCH_KINDS];
};

int mismatches_new(struct mismatches **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? 0 : -ENOMEM;
}

void mismatches_free(struct mismatches *mismatches)
{
    free(mismatches);
}

/* A list has its lines; what else is not printable, or looks like the end of a quotation, is a question mark. */
static char shown(char byte)
{
    if (byte == '\n')
        return ' ';
    if (byte < 0x20 || byte > 0x7e || byte == '"' || byte == '\\')
        return '?';
    return byte;
}

/* Into OUT of C2M_ID_MAX + 1 bytes. */
static void copy_shown(char *out, const char *text)
{
    static const char more[] = "...";
    size_t length = strlen(text), kept = length > C2M_ID_MAX ? C2M_ID_MAX - (sizeof more - 1) : length;
    for (size_t i = 0; i < kept; i++)
        out[i] = shown(text[i]);
    out[kept] = '\0';
    if (length > kept)
        memcpy(out + kept, more, sizeof more);
    for (size_t i = kept; length == kept && i > 0 && out[i - 1] == ' '; i--)
        out[i - 1] = '\0';
}

void mismatches_keep(struct mismatches *mismatches, enum c2m_mismatch_kind kind, const char *text)
{
    if (!mismatches)
        return;
    copy_shown(mismatches->last[kind].text, text);
    mismatches->last[kind].seen = true;
}

void mismatches_mended(struct mismatches *mismatches, enum c2m_mismatch_kind kind, const char *text)
{
    char copy[C2M_ID_MAX + 1];
    const char *last = mismatches_last(mismatches, kind);
    copy_shown(copy, text);
    if (last && strcmp(last, copy) == 0)
        mismatches->last[kind].seen = false;
}

const char *mismatches_last(const struct mismatches *mismatches, enum c2m_mismatch_kind kind)
{
    return mismatches && mismatches->last[kind].seen ? mismatches->last[kind].text : NULL;
}
