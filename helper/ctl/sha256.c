#include "sha256.h"

#include <sodium.h>

void sha256(const void *bytes, size_t length, unsigned char out[SHA256_SIZE])
{
    crypto_hash_sha256(out, bytes, length);
}
