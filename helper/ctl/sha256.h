/* libsodium: SHA-256, and no more of it. */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>

enum { SHA256_SIZE = 32 };

void sha256(const void *bytes, size_t length, unsigned char out[SHA256_SIZE]);

#endif
