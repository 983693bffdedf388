/* Bytes as text: hexadecimal, base64url, hashes and randomness. */
#ifndef STANDIN_BYTES_H
#define STANDIN_BYTES_H

#include <stddef.h>

enum { BYTES_HASH_TEXT = 65 }; /* a SHA-256 in hexadecimal, and its NUL */

/* `count` random bytes in hexadecimal. The caller frees it. */
char *bytes_random_hex(size_t count);

/* Fills `out` with randomness. */
void bytes_random(void *out, size_t length);

/* The SHA-256 of `length` bytes, in hexadecimal. */
void bytes_hash(const void *bytes, size_t length, char out[BYTES_HASH_TEXT]);

/* base64url without padding. The caller frees it. */
char *bytes_to_base64url(const void *bytes, size_t length);

/* The bytes of `length` characters of base64url, with a NUL behind them; the caller frees them. NULL for a
 * text that an encoder would not have written: padding, other characters, bits left over. */
unsigned char *bytes_from_base64url(const char *text, size_t length, size_t *out_length);

#endif
