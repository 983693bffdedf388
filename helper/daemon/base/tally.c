/* A line of rows that is searched from the start: there are dozens. */
#include "base/tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_FREE = 16 /* for the others: one row a family */ };

struct tally {
    size_t count;
    struct tally_row rows[TALLY_ROWS];
};

int tally_new(struct tally **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? 0 : -ENOMEM;
}

void tally_free(struct tally *tally)
{
    free(tally);
}

static struct tally_row *find(struct tally *tally, const struct tally_row *wanted, size_t room)
{
    for (size_t i = 0; i < tally->count; i++)
        if (tally->rows[i].family == wanted->family &&
            memcmp(tally->rows[i].labels, wanted->labels, sizeof wanted->labels) == 0)
            return &tally->rows[i];
    if (tally->count >= room)
        return NULL;
    tally->rows[tally->count] = *wanted;
    return &tally->rows[tally->count++];
}

void tally_add(
    struct tally *tally, uint32_t family, const char *a, const char *b, const char *c, int64_t amount)
{
    const char *const labels[TALLY_LABELS] = {a, b, c};
    struct tally_row wanted = {.family = family}, other = {.family = family};
    if (!tally)
        return;
    for (size_t i = 0; i < TALLY_LABELS && labels[i];
        i++) { /* the rest is zero: rows are compared as a whole */
        memcpy(wanted.labels[i], labels[i], strnlen(labels[i], TALLY_LABEL_SIZE - 1));
        memcpy(other.labels[i], "other", sizeof "other");
    }
    struct tally_row *row = find(tally, &wanted, TALLY_ROWS - KEPT_FREE);
    if (!row)
        row = find(tally, &other, TALLY_ROWS);
    if (row)
        row->value += amount;
}

const struct tally_row *tally_rows(const struct tally *tally, size_t *count)
{
    *count = tally ? tally->count : 0;
    return tally ? tally->rows : NULL;
}
