/*
 * What came to the helper from outside and is not what is configured: the last of each kind, by its own word.
 */
#ifndef MISMATCH_H
#define MISMATCH_H

#include "options.h"

#include "c2m/wire.h"

enum { MISMATCH_SIZE = C2M_ID_MAX + 1 };

/* The last of that kind, into OUT of MISMATCH_SIZE bytes: 1; 0: there was none. A negative errno: the helper does not tell (root only). */
int mismatch_last(const struct options *options, enum c2m_mismatch_kind kind, char *out);

#endif
