/*
 * The one filter for everything that reaches a terminal or a log: 0x20 to 0x7e pass, except that a backslash
 * and every other byte become \xNN. At most LIMIT bytes of text are looked at; more ends in "...".
 */
#ifndef C2M_PRINTABLE_H
#define C2M_PRINTABLE_H

#include <stddef.h>

enum { C2M_PRINTABLE_LIMIT = 128, C2M_PRINTABLE_SIZE = 4 * C2M_PRINTABLE_LIMIT + 4 };

/* Writes the filtered text with its NUL into OUT of SIZE bytes (cut where it is full); returns OUT. */
char *c2m_printable(char *out, size_t size, const char *bytes, size_t length);

#endif
