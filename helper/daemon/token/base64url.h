/* RFC 4648, section 5, without padding; canonical only: unused bits are zero. */
#ifndef TOKEN_BASE64URL_H
#define TOKEN_BASE64URL_H

#include <stddef.h>
#include <stdint.h>

/* The decoded length; -1 for anything that the encoder would not have written, or when OUT is too small. */
long base64url_decode(const char *text, size_t length, uint8_t *out, size_t size);

#endif
