/*
 * What came from outside and is not what is expected here, the last of each kind: c2mctl doctor says it beside what is
 * configured. Whoever sends it may write what he likes, so it is cut, and nothing of it can end a quotation.
 */
#ifndef BASE_MISMATCH_H
#define BASE_MISMATCH_H

#include "c2m/wire.h"

struct mismatches;

int mismatches_new(struct mismatches **out); /* -ENOMEM */
void mismatches_free(struct mismatches *mismatches);

/* TEXT is copied. MISMATCHES may be NULL: nobody asks. */
void mismatches_keep(struct mismatches *mismatches, enum c2m_mismatch_kind kind, const char *text);
/* That TEXT fits now: if it is the last one of that kind, there is none. */
void mismatches_mended(struct mismatches *mismatches, enum c2m_mismatch_kind kind, const char *text);
/* NULL: there was none of that kind. */
const char *mismatches_last(const struct mismatches *mismatches, enum c2m_mismatch_kind kind);

#endif
