/* One block of memory a secret: its length, its bytes, a NUL. It is wiped before it is freed, whatever its size. */
#include "base/secret.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct secret {
    size_t length;
    char bytes[];
};

int secret_new_empty(size_t length, struct secret **out)
{
    if (length > SIZE_MAX - sizeof(struct secret) - 1)
        return -ENOMEM;
    struct secret *secret = calloc(1, sizeof *secret + length + 1);
    if (!secret)
        return -ENOMEM;
    secret->length = length;
    *out = secret;
    return 0;
}

int secret_new(const void *bytes, size_t length, struct secret **out)
{
    int r = secret_new_empty(length, out);
    if (r == 0 && length > 0)
        memcpy((*out)->bytes, bytes, length);
    return r;
}

int secret_copy(const struct secret *from, struct secret **out)
{
    return secret_new(from->bytes, from->length, out);
}

void secret_free(struct secret *secret)
{
    if (!secret)
        return;
    explicit_bzero(secret, sizeof *secret + secret->length);
    free(secret);
}

const char *secret_bytes(const struct secret *secret)
{
    return secret->bytes;
}

char *secret_writable(struct secret *secret)
{
    return secret->bytes;
}

size_t secret_length(const struct secret *secret)
{
    return secret->length;
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
    if (a->length != b->length)
        return false;
    /* volatile: the compiler may not stop at the first difference. */
    volatile unsigned char difference = 0;
    for (size_t i = 0; i < a->length; i++)
        difference = (unsigned char)(difference | (a->bytes[i] ^ b->bytes[i]));
    return difference == 0;
}
