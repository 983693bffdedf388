/* Bytes as text: see bytes.h. */
#include "bytes.h"

#include "memory.h"

#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void write_hex(const unsigned char *bytes, size_t length, char *out)
{
    for (size_t i = 0; i < length; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void bytes_random(void *out, size_t length)
{
    if (RAND_bytes(out, (int)length) != 1)
        abort();
}

char *bytes_random_hex(size_t count)
{
    unsigned char *bytes = memory_zeroed(count, 1);
    char *text = memory_zeroed(2 * count + 1, 1);
    bytes_random(bytes, count);
    write_hex(bytes, count, text);
    free(bytes);
    return text;
}

void bytes_hash(const void *bytes, size_t length, char out[BYTES_HASH_TEXT])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(bytes, length, digest);
    write_hex(digest, sizeof digest, out);
}

char *bytes_to_base64url(const void *bytes, size_t length)
{
    const unsigned char *in = bytes;
    char *text = memory_zeroed(length / 3 * 4 + 5, 1);
    size_t at = 0;
    unsigned bits = 0, held = 0;
    for (size_t i = 0; i < length; i++) {
        bits = bits << 8 | in[i];
        for (held += 8; held >= 6; held -= 6)
            text[at++] = alphabet[bits >> (held - 6) & 63];
    }
    if (held > 0)
        text[at++] = alphabet[bits << (6 - held) & 63];
    return text;
}

unsigned char *bytes_from_base64url(const char *text, size_t length, size_t *out_length)
{
    unsigned char *bytes = memory_zeroed(length / 4 * 3 + 4, 1);
    size_t at = 0;
    unsigned bits = 0, held = 0;
    for (size_t i = 0; i < length; i++) {
        const char *place = text[i] == '\0' ? NULL : strchr(alphabet, text[i]);
        if (place == NULL) {
            free(bytes);
            return NULL;
        }
        bits = bits << 6 | (unsigned)(place - alphabet);
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[at++] = (unsigned char)(bits >> held & 255);
        }
    }
    if (length % 4 == 1 || (bits & ((1U << held) - 1)) != 0) {
        free(bytes);
        return NULL;
    }
    *out_length = at;
    return bytes;
}
