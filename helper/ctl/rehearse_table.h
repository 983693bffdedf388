/*
 * What a rehearsal came to, for people.
 */
#ifndef REHEARSE_TABLE_H
#define REHEARSE_TABLE_H

#include "outcome.h"

struct rehearse_row {
    const char *label; /* NULL ends a table */
    enum who who;
    enum verdict verdict;
    int phase; /* STACK_AUTH or STACK_ACCOUNT */
};

/* Who comes, and what pam_c2m then answers. */
extern const struct rehearse_row rehearse_api_down[], rehearse_helper_down[];

void rehearse_print(const struct service *service); /* every answer, for everybody */
void rehearse_print_outage(const struct service *service); /* who still gets in */

/* "in", "password", "refused": for programs. */
const char *rehearse_result_word(enum outcome_kind kind);
/* Names of the conditions of BITS that hold in WHICH, and "not ..." of those that do not. */
void rehearse_when(char *out, size_t size, const struct service *service, unsigned bits, unsigned which);

#endif
