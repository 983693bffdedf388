/*
 * A question whose answer is a list.
 */
#ifndef LISTING_H
#define LISTING_H

#include "helper.h"

struct listing {
    uint16_t question;
    const void *body; /* NULL: none */
    size_t body_length;
    uint16_t item; /* the operation of each answer, and its size */
    size_t item_size;
};

/* EXIT_OK to go on. */
typedef int listing_seen(struct helper *helper, const void *item, void *data);

/*
 * Calls SEE with each item until the list is complete. EXIT_OK, or the exit code that SEE returned, or one of a failure
 * that was told (helper.h).
 */
int listing_each(const struct options *options, const struct listing *listing, listing_seen *see, void *data);

/* The same, by root and without a word: 0, or a negative errno (-EPROTO: another answer). */
int listing_each_quietly(const struct options *options, const struct listing *listing,
    void (*see)(void *data, const void *item), void *data);

#endif
