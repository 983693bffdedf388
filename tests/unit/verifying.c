#include "verifying.h"

#include "fakes/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct keyset *verifying_keyset(const char *algorithm, const struct token_key *key)
{
    char file[] = "/tmp/c2m-key-XXXXXX";
    char *pem = token_public_pem(key);
    int fd = mkstemp(file);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, pem, strlen(pem)), strlen(pem));
    close(fd);
    struct keyset *keyset = NULL;
    const char *why = NULL;
    if (keyset_from_file(file, algorithm, &keyset, &why) != 0)
        fail_msg("%s", why);
    unlink(file);
    free(pem);
    return keyset;
}

struct verifier *verifying_new(const char *algorithm, const struct token_key *key)
{
    const struct verifier_options options = {
        .issuer = VERIFYING_ISSUER, .tolerance = VERIFYING_TOLERANCE, .max_lifetime = VERIFYING_LIFETIME};
    struct verifier *verifier = NULL;
    fake_wall = VERIFYING_NOW;
    fake_boot_ms = 1000000;
    assert_int_equal(verifier_new(&options, verifying_keyset(algorithm, key), &verifier), 0);
    return verifier;
}

enum reason verifying_check(struct verifier *verifier, const char *token, struct verified *out)
{
    struct verified ignored;
    SECRET_CLEANUP struct secret *secret = NULL;
    assert_int_equal(secret_new(token, strlen(token), &secret), 0);
    return verifier_check(verifier, secret, out ? out : &ignored);
}
