/*
 * From the number of a text to its words. Only integers and the login's reference go into them, so no byte of
 * the API, a token or the configuration can reach a terminal.
 */
#ifndef TEXTS_H
#define TEXTS_H

#include "c2m/wire.h"

enum { TEXT_SIZE = 160 }; /* every text with its NUL */

enum text_kind { TEXT_PROMPT, TEXT_REASON };

/* True when NUMBER is a text of KIND that this module knows. */
bool text_known(uint32_t number, enum text_kind kind);

/*
 * Writes the words of text NUMBER into OUT, which holds TEXT_SIZE bytes. REFERENCE is C2M_REFERENCE_SIZE lower
 * case hex digits, or zeros for none. False, and an empty OUT, when the number is not a text of KIND or the
 * reference is something else.
 */
bool text_write(
    char *out, enum text_kind kind, uint32_t number, const uint32_t argument[2], const char *reference);

#endif
