/* The secret of HS256: who can read it can forge, and what everybody can read is none. */
// fakes: clock
// link: tests/unit/tokens.c
#include "token/verifier.h"
#include "fakes/clock.h"
#include "tokens.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRET "0123456789abcdef0123456789abcdef" /* 32 bytes */

static char file[] = "/tmp/c2m-secret-XXXXXX";

static void write_file(const void *bytes, size_t length)
{
    int fd = open(file, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

static int set_up(void **state)
{
    (void)state;
    int fd = mkstemp(file);
    close(fd);
    return fd < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(file);
}

static int load(const char **why)
{
    struct keyset *keyset = NULL;
    *why = NULL;
    int r = keyset_from_secret(file, &keyset, why);
    assert_int_equal(keyset != NULL, r == 0);
    assert_int_equal(*why == NULL, r == 0);
    keyset_free(keyset);
    return r;
}

static void accept(const void *bytes, size_t length)
{
    const char *why;
    write_file(bytes, length);
    if (load(&why) != 0)
        fail_msg("%s", why);
}

static void refuse(const void *bytes, size_t length, const char *word)
{
    const char *why;
    write_file(bytes, length);
    assert_int_equal(load(&why), -EINVAL);
    if (!strstr(why, word))
        fail_msg("\"%s\" says nothing of \"%s\"", why, word);
}

static void a_secret_has_32_bytes_at_least(void **state)
{
    (void)state;
    uint8_t bytes[1026];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + 1);
    accept(bytes, 32);
    accept(bytes, 1024);
    refuse(bytes, 31, "32 bytes");
    refuse(bytes, 0, "32 bytes");
    refuse(bytes, 1025, "1,024");
    accept(SECRET, 32);
    accept(SECRET "\n", 33);
    refuse(SECRET "\n", 32 - 31, "32 bytes");
    refuse("0123456789abcdef0123456789abcde\n", 32, "32 bytes"); /* the newline is no part of a text */
    bytes[31] = '\n';
    accept(bytes, 32); /* but of what is no text */
    memset(bytes, '{', 32);
    bytes[9] = 1;
    accept(bytes, 32);
}

static void a_secret_that_others_may_read_is_refused(void **state)
{
    (void)state;
    static const struct {
        mode_t mode;
        bool fine;
    } rows[] = {{0600, true}, {0400, true}, {0640, true}, {0440, true}, {0644, false}, {0604, false},
        {0601, false}, {0602, false}, {0620, false}, {0660, false}};
    write_file(SECRET, 32);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *why;
        assert_int_equal(chmod(file, rows[i].mode), 0);
        assert_int_equal(load(&why), rows[i].fine ? 0 : -EPERM);
        assert_true(rows[i].fine || strstr(why, "chmod 0640"));
    }
    assert_int_equal(chmod(file, 0600), 0);
}

static uint8_t *der_of(const char *pem, size_t *length)
{
    char path[] = "/tmp/c2m-pem-XXXXXX", command[128];
    int fd = mkstemp(path);
    assert_int_equal(write(fd, pem, strlen(pem)), strlen(pem));
    close(fd);
    snprintf(command, sizeof command, "openssl pkey -pubin -in %s -outform DER", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    uint8_t *bytes = malloc(4096);
    *length = fread(bytes, 1, 4096, pipe);
    assert_int_equal(pclose(pipe), 0);
    unlink(path);
    return bytes;
}

/* Each form of a public key: everybody has it, and would be a signer. */
static void a_public_key_is_never_a_secret(void **state)
{
    (void)state;
    struct token_key *keys[] = {token_key_rsa(2048), token_key_ec("P-256"), token_key_ed25519()};
    for (size_t i = 0; i < 3; i++) {
        char *pem = token_public_pem(keys[i]), *jwk = token_public_jwk(keys[i], ""), *spaced = NULL;
        size_t length;
        uint8_t *der = der_of(pem, &length);
        assert_true(length > 40);
        refuse(pem, strlen(pem), "another kind");
        refuse(der, length, "another kind");
        refuse(jwk, strlen(jwk), "kind");
        assert_true(asprintf(&spaced, "the key:\n%s", pem) > 0);
        refuse(spaced, strlen(spaced), "another kind");
        free(pem);
        free(jwk);
        free(der);
        free(spaced);
        token_key_free(keys[i]);
    }
    static const char ssh[] =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIsJ0LRQ6SxqEaWOZrXxlmvvLQG6hwuSjLAgDmoDyVvI";
    refuse(ssh, sizeof ssh - 1, "another kind");
    static const char set[] = "{\"keys\":[]}";
    refuse(set, sizeof set - 1, "Set");
}

static void a_jwk_of_kind_oct_is_one(void **state)
{
    (void)state;
    static const char good[] = "{\"kty\":\"oct\",\"k\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY\"}";
    static const char small[] = "{\"kty\":\"oct\",\"k\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZQ\"}";
    static const char other[] =
        "{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY\"}";
    accept(good, sizeof good - 1);
    refuse(small, sizeof small - 1, "32 bytes");
    refuse(other, sizeof other - 1, "alg");
    struct keyset *keyset = NULL;
    const char *why = NULL;
    write_file(good, sizeof good - 1);
    static const char *const algorithms[] = {"RS256", "ES256", "EdDSA", "HS256"};
    for (size_t i = 0; i < 4; i++) /* key = FILE takes public keys alone */
        assert_int_equal(keyset_from_file(file, algorithms[i], &keyset, &why), i == 3 ? 0 : -EINVAL);
    keyset_free(keyset);
}

static enum reason check(struct verifier *verifier, const char *token)
{
    SECRET_CLEANUP struct secret *secret = NULL;
    struct verified verified;
    assert_int_equal(secret_new(token, strlen(token), &secret), 0);
    return verifier_check(verifier, secret, &verified);
}

static char *mint(const void *secret, size_t length, const char *algorithm)
{
    struct token_key *key = token_key_hmac(secret, length);
    char header[64];
    snprintf(header, sizeof header, "{\"alg\":\"%s\"}", algorithm);
    char *payload = token_payload("c2m_a", "tok_1", fake_wall, fake_wall + 900, "");
    char *token = token_mint(key, algorithm, header, payload);
    free(payload);
    token_key_free(key);
    return token;
}

static void only_what_the_secret_signed_is_genuine(void **state)
{
    (void)state;
    const struct verifier_options options = {"c2m-api", 30, 3600};
    struct keyset *keyset = NULL;
    struct verifier *verifier = NULL;
    const char *why;
    write_file(SECRET "\n", 33);
    assert_int_equal(keyset_from_secret(file, &keyset, &why), 0);
    assert_int_equal(verifier_new(&options, keyset, &verifier), 0);
    const struct {
        char *token;
        enum reason reason;
    } rows[] = {{mint(SECRET, 32, "HS256"), REASON_NONE}, {mint(SECRET "\n", 33, "HS256"), REASON_SIGNATURE},
        {mint(SECRET, 31, "HS256"), REASON_SIGNATURE}, {mint("", 0, "HS256"), REASON_SIGNATURE},
        {mint(SECRET, 32, "HS512"), REASON_ALGORITHM}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(check(verifier, rows[i].token), rows[i].reason);
        free(rows[i].token);
    }
    verifier_free(verifier);
}

/* Every bit of the signature counts, and its length too. */
static void a_mac_is_compared_whole(void **state)
{
    (void)state;
    struct token_key *key = token_key_hmac(SECRET, 32);
    char *token = token_mint(key, "HS256", "{\"alg\":\"HS256\"}", "{}");
    struct signature_key *parsed = NULL;
    struct jwt_text text;
    const char *why;
    assert_int_equal(signature_key_from_secret(SECRET, 32, &parsed, &why), 0);
    assert_int_equal(jwt_text_parse(token, strlen(token), &text), REASON_NONE);
    assert_true(signature_verify(parsed, &text));
    for (unsigned bit = 0; bit < 256; bit++) {
        text.signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(signature_verify(parsed, &text));
        text.signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t length = 0; length < 70; length++) {
        text.signature_length = length;
        assert_int_equal(signature_verify(parsed, &text), length == 32);
    }
    signature_key_free(parsed);
    free(token);
    token_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_has_32_bytes_at_least),
        cmocka_unit_test(a_secret_that_others_may_read_is_refused),
        cmocka_unit_test(a_public_key_is_never_a_secret),
        cmocka_unit_test(a_jwk_of_kind_oct_is_one),
        cmocka_unit_test(only_what_the_secret_signed_is_genuine),
        cmocka_unit_test(a_mac_is_compared_whole),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
