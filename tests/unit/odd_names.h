/*
 * Names that are almost alice's or bob's: one of them, changed up to four times (case, look-alikes, blanks, NUL, line
 * ends, prefixes, suffixes, per cent, other scripts, repetition up to the length of a path). No two of a series are
 * alike, and the same seed gives the same series.
 */
#ifndef TESTS_ODD_NAMES_H
#define TESTS_ODD_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ODD_NAME_MAX = 4096 };

struct odd_name {
    size_t length;
    char bytes[ODD_NAME_MAX + 1]; /* and a NUL; there may be others before */
};

struct odd_names;

struct odd_names *odd_names_new(uint64_t seed, size_t maximum); /* of names, in all */
void odd_names_free(struct odd_names *names);
void odd_names_next(struct odd_names *names, struct odd_name *out);

#endif
