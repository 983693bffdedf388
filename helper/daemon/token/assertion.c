/* The key stays in memory in a wiped type; libjwt signs (members.h). */
#include "token/assertion.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/vault.h"
#include "token/members.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIFE = 300, KEY_MAX = 16384 };

struct assertion {
    struct secret *pem;
    char algorithm[8], key_id[128];
    char audience[ASSERTION_TEXT_SIZE], type[ASSERTION_TEXT_SIZE];
};

void assertion_free(struct assertion *assertion)
{
    if (!assertion)
        return;
    secret_free(assertion->pem);
    free(assertion);
}

static void assertion_freep(struct assertion **assertion)
{
    assertion_free(*assertion);
}

static int read_key(const char *file, struct secret **out, const char **why)
{
    char bytes[KEY_MAX];
    int fd = file_open(file, VAULT_FORBIDDEN);
    if (fd < 0) {
        *why = file_complaint(fd, VAULT_FORBIDDEN);
        return fd;
    }
    ssize_t length = file_read(fd, bytes, sizeof bytes);
    close(fd);
    int r = length < 0 ? (int)length : -EINVAL;
    if (length > 0 && length < KEY_MAX)
        r = secret_new(bytes, (size_t)length, out);
    else
        *why = "it is no private key in PEM";
    explicit_bzero(bytes, sizeof bytes);
    return r;
}

static bool copied(char *out, size_t size, const char *text)
{
    return snprintf(out, size, "%s", text) < (int)size;
}

int assertion_new(const struct assertion_options *options, struct assertion **out, const char **why)
{
    struct assertion *assertion CLEANUP(assertion_freep) = calloc(1, sizeof *assertion);
    struct secret *tried SECRET_CLEANUP = NULL;
    *why = "there is no memory";
    if (!assertion)
        return -ENOMEM;
    if (!copied(assertion->algorithm, sizeof assertion->algorithm, options->algorithm) ||
        !copied(assertion->key_id, sizeof assertion->key_id, options->key_id) ||
        !copied(assertion->audience, sizeof assertion->audience, options->audience) ||
        !copied(assertion->type, sizeof assertion->type, options->type)) {
        *why = "key_id, audience or assertion_type is too long";
        return -EINVAL;
    }
    int r = read_key(options->key, &assertion->pem, why);
    if (r < 0)
        return r;
    r = assertion_make(assertion, "c2m", &tried);
    if (r == -EINVAL)
        *why = strcmp(options->algorithm, "ES256") == 0
                   ? "it is no private key of the curve P-256 in PEM, which ES256 needs"
                   : "it is no private RSA key in PEM, which RS256 needs";
    if (r == 0)
        *out = STEAL(assertion);
    return r;
}

int assertion_make(const struct assertion *assertion, const char *client, struct secret **out)
{
    uint8_t random[16];
    char id[2 * sizeof random + 1];
    vault_random(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(id + 2 * i, 3, "%02x", random[i]);
    const struct members_assertion claims = {
        .algorithm = assertion->algorithm,
        .key_id = assertion->key_id,
        .client = client,
        .audience = assertion->audience,
        .id = id,
        .issued = clock_wall(),
        .expires = clock_wall() + LIFE,
    };
    return members_sign(&claims, assertion->pem, out);
}

const char *assertion_type(const struct assertion *assertion)
{
    return assertion->type;
}
