/*
 * What happened how often since the start: a bounded table of counters, each with a few labels. A label is a word of
 * ours, a number, or a service that root's module named: never a user or a host, so that the table stays small.
 */
#ifndef BASE_TALLY_H
#define BASE_TALLY_H

#include <stddef.h>
#include <stdint.h>

enum { TALLY_ROWS = 512, TALLY_LABELS = 3, TALLY_LABEL_SIZE = 63 };

struct tally;

struct tally_row {
    uint32_t family; /* enum c2m_metric_family */
    char labels[TALLY_LABELS][TALLY_LABEL_SIZE]; /* "" behind the last */
    int64_t value;
};

int tally_new(struct tally **out); /* -ENOMEM */
void tally_free(struct tally *tally);

/*
 * Adds AMOUNT to the counter of FAMILY with these labels; NULL is "". When the table is full, a counter that is new has
 * the label "other" in the place of each of its labels. TALLY may be NULL: nobody counts.
 */
void tally_add(
    struct tally *tally, uint32_t family, const char *a, const char *b, const char *c, int64_t amount);

/* The rows, in the order in which they came. They are the tally's, until the next tally_add. */
const struct tally_row *tally_rows(const struct tally *tally, size_t *count);

#endif
