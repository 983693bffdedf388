/*
 * What a rehearsal came to, for people.
 */
#ifndef REHEARSE_TABLE_H
#define REHEARSE_TABLE_H

#include "outcome.h"

void rehearse_print(const struct service *service); /* every answer, for everybody */
void rehearse_print_outage(const struct service *service); /* who still gets in */

/* "in", "password", "refused": for programs. */
const char *rehearse_result_word(enum outcome_kind kind);
/* Names of the conditions of BITS that hold in WHICH, and "not ..." of those that do not. */
void rehearse_when(char *out, size_t size, const struct service *service, unsigned bits, unsigned which);

#endif
