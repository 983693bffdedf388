/*
 * Memory runs out at the Nth allocation of a check, for every N, once or from then on, in our code and in every
 * library: nothing forged is accepted, nothing is forgotten that would refuse a token, nothing crashes or leaks.
 *
 * The allocator is interposed, because --wrap does not reach into the libraries.
 */
// fakes: clock
// link: tests/unit/tokens.c tests/unit/verifying.c -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc -fno-builtin-free
#include "token/verifier.h"
#include "tokens.h"
#include "verifying.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

static struct {
    bool armed, sticky;
    long countdown, failed;
    size_t from; /* smaller ones do not fail */
    long living; /* of all that was allocated */
} allocator;

static bool refused(size_t size)
{
    if (!allocator.armed || size < allocator.from || --allocator.countdown > 0 ||
        (allocator.countdown < 0 && !allocator.sticky))
        return false;
    allocator.failed++;
    errno = ENOMEM;
    return true;
}

static void *counted(void *memory)
{
    allocator.living += memory != NULL;
    return memory;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifndef __SANITIZE_ADDRESS__ /* which has an allocator of its own */
/* The libraries find these only if the executable exports them. */
#pragma GCC visibility push(default)
void *malloc(size_t size)
{
    return refused(size) ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return refused(count * size) ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
    if (refused(size))
        return NULL;
    return memory ? __libc_realloc(memory, size) : counted(__libc_malloc(size));
}

void free(void *memory)
{
    allocator.living -= memory != NULL;
    __libc_free(memory);
}
#pragma GCC visibility pop
#endif

static struct token_key *rsa, *foreign, *p256, *ed25519;
static struct verifier *verifier, *verifier_p256, *verifier_ed25519;

struct tally {
    long points, accepted;
    long wronged; /* neither accepted nor called an outage */
    bool told; /* a refused token's claims were handed out */
};

/* Of all checks of a token that must not pass, and of those that must. */
static struct tally bad, honest;

static void add(struct tally *sum, const struct tally *tally)
{
    sum->points += tally->points;
    sum->accepted += tally->accepted;
}

static int set_up(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    puts("skipped: the address sanitizer brings its own allocator");
    exit(0);
#endif
    rsa = token_key_rsa(2048);
    foreign = token_key_rsa(2048);
    p256 = token_key_ec("P-256");
    ed25519 = token_key_ed25519();
    verifier = verifying_new("RS256", rsa);
    verifier_p256 = verifying_new("ES256", p256);
    verifier_ed25519 = verifying_new("EdDSA", ed25519);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    print_message("accepted without memory: %ld of %ld points of bad tokens, %ld of %ld of honest ones\n",
        bad.accepted, bad.points, honest.accepted, honest.points);
    token_key_free(rsa);
    token_key_free(foreign);
    token_key_free(p256);
    token_key_free(ed25519);
    verifier_free(verifier);
    verifier_free(verifier_p256);
    verifier_free(verifier_ed25519);
    return 0;
}

static bool handed_out(const struct verified *verified)
{
    static const struct claims none;
    return memcmp(&verified->claims, &none, sizeof none) != 0;
}

/* Every N, until a check needs fewer allocations than that. */
static void starve(struct verifier *of, const struct secret *token, bool sticky, struct tally *tally)
{
    struct verified verified;
    bool went_short = true;
    for (long n = 1; went_short; n++) {
        verifier_forget(of);
        allocator.countdown = n;
        allocator.failed = 0;
        allocator.sticky = sticky;
        allocator.armed = true;
        enum reason reason = verifier_check(of, token, &verified);
        allocator.armed = false;
        went_short = allocator.failed > 0;
        tally->points += went_short;
        tally->accepted += went_short && reason == REASON_NONE;
        tally->wronged += reason != REASON_NONE && reason != REASON_INTERNAL;
        tally->told |= reason != REASON_NONE && reason != REASON_EXPIRED && handed_out(&verified);
    }
    verifier_forget(of);
}

/* Twice each way: what a library keeps for good it has after the first time. TOKEN is freed. */
static struct tally starve_all(struct verifier *of, char *token)
{
    struct tally tally = {.told = false};
    struct secret *secret = NULL;
    assert_int_equal(secret_new(token, strlen(token), &secret), 0);
    starve(of, secret, false, &tally);
    starve(of, secret, true, &tally);
    long living = allocator.living;
    starve(of, secret, false, &tally);
    starve(of, secret, true, &tally);
    assert_int_equal(allocator.living, living);
    assert_true(tally.points > 100 || allocator.from > 0);
    assert_false(tally.told);
    secret_free(secret);
    free(token);
    return tally;
}

#define NAMES \
    "\"iss\":\"c2m-api\",\"sub\":\"c2m_a\",\"jti\":\"tok_1\",\"scopes\":[\"jobs:read\",\"login:web1\"],"
#define GOOD "{" NAMES "\"iat\":1700000000,\"exp\":1700000900}"

/* TOKEN is freed. */
static void never_accepted(char *token)
{
    struct tally tally = starve_all(verifier, token);
    add(&bad, &tally);
    assert_int_equal(tally.accepted, 0);
}

static void a_forged_token_is_never_accepted(void **state)
{
    (void)state;
    char *pem = token_public_pem(rsa);
    struct token_key *secret = token_key_hmac(pem, strlen(pem));
    const struct {
        const char *header;
        const struct token_key *key;
        const char *signature;
    } rows[] = {{"{\"alg\":\"RS256\"}", foreign, "RS256"}, {"{\"alg\":\"HS256\"}", secret, "HS256"},
        {"{\"alg\":\"none\"}", foreign, "RS256"},
        {"{\"alg\":\"RS256\",\"jku\":\"https://attacker.example\"}", foreign, "RS256"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        never_accepted(token_mint(rows[i].key, rows[i].signature, rows[i].header, GOOD));
    token_key_free(secret);
    free(pem);
}

/* Signed by the right key, and refused for what it says: losing that one member would let it in. */
static void nothing_that_refuses_a_genuine_token_is_forgotten(void **state)
{
    (void)state;
    static const char *const headers[] = {"{\"alg\":\"RS256\",\"crit\":[\"x\"]}",
        "{\"alg\":\"RS256\",\"typ\":\"other\"}", "{\"b64\":false,\"alg\":\"RS256\"}"};
    static const char *const payloads[] = {"{" NAMES
                                           "\"iat\":1700000000,\"exp\":1700000900,\"token_type\":\"long\"}",
        "{" NAMES "\"iat\":1700000000,\"exp\":1700000900,\"nbf\":4102444800}",
        "{" NAMES "\"iat\":1700000000,\"exp\":1800000000}",
        "{" NAMES "\"iat\":1600000000,\"exp\":1600000900}"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        never_accepted(token_mint(rsa, "RS256", headers[i], GOOD));
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++)
        never_accepted(token_mint(rsa, "RS256", "{\"alg\":\"RS256\"}", payloads[i]));
}

static void an_honest_token_is_accepted_or_an_outage_and_fine_afterwards(void **state)
{
    (void)state;
    const struct {
        struct verifier *verifier;
        const struct token_key *key;
        const char *algorithm;
    } rows[] = {
        {verifier, rsa, "RS256"}, {verifier_p256, p256, "ES256"}, {verifier_ed25519, ed25519, "EdDSA"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char header[64];
        snprintf(header, sizeof header, "{\"alg\":\"%s\"}", rows[i].algorithm);
        char *token = token_mint(rows[i].key, rows[i].algorithm, header, GOOD);
        struct tally tally = starve_all(rows[i].verifier, strdup(token));
        add(&honest, &tally);
        assert_int_equal(
            tally.wronged, 0); /* it would count as a guess, and be refused again without a look */
        assert_true(tally.accepted < tally.points / 10); /* such as when there is no room to remember it */
        assert_int_equal(verifying_check(rows[i].verifier, token, NULL), REASON_NONE);
        free(token);
    }
}

/* jansson does not look whether the string that it reads could be lengthened. */
static void where_only_small_blocks_are_left_nothing_is_read_past_its_end(void **state)
{
    (void)state;
    char *token = token_mint(rsa, "RS256",
        "{\"alg\":\"RS256\",\"kid\":\"a-name-of-more-than-sixteen-letters\"}",
        "{" NAMES
        "\"aud\":\"one that is longer than any block that is left, and than the next one, and than that\","
        "\"iat\":1700000000,\"exp\":1700000900}");
    for (allocator.from = 17; allocator.from <= 128; allocator.from++)
        assert_int_equal(starve_all(verifier, strdup(token)).wronged, 0);
    allocator.from = 0;
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    free(token);
}

static void fail_at(long n)
{
    allocator.countdown = n;
    allocator.failed = 0;
    allocator.sticky = false;
    allocator.armed = true;
}

static void a_verifier_for_which_there_is_no_memory_is_none(void **state)
{
    (void)state;
    const struct verifier_options options = {VERIFYING_ISSUER, VERIFYING_TOLERANCE, VERIFYING_LIFETIME};
    struct keyset *keyset = verifying_keyset("ES256", p256);
    struct verifier *made = NULL;
    const long living = allocator.living;
    int r = -ENOMEM;
    for (long n = 1; r != 0; n++) {
        assert_int_equal(r, -ENOMEM);
        assert_null(made);
        assert_int_equal(allocator.living, living);
        fail_at(n);
        r = verifier_new(&options, keyset, &made);
        allocator.armed = false;
        assert_int_equal(r == 0, allocator.failed == 0);
        assert_true(n < 100);
    }
    verifier_free(made);
}

static void a_reload_for_which_there_is_no_memory_leaves_everything_as_it_was(void **state)
{
    (void)state;
    const struct verifier_options options = {"c2m-api-v2", VERIFYING_TOLERANCE, VERIFYING_LIFETIME};
    char *token = token_mint(p256, "ES256", "{\"alg\":\"ES256\"}", GOOD);
    fail_at(1);
    assert_int_equal(verifier_reload(verifier_p256, &options, NULL), -ENOMEM);
    allocator.armed = false;
    assert_int_equal(verifying_check(verifier_p256, token, NULL), REASON_NONE);
    free(token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forged_token_is_never_accepted),
        cmocka_unit_test(nothing_that_refuses_a_genuine_token_is_forgotten),
        cmocka_unit_test(an_honest_token_is_accepted_or_an_outage_and_fine_afterwards),
        cmocka_unit_test(where_only_small_blocks_are_left_nothing_is_read_past_its_end),
        cmocka_unit_test(a_verifier_for_which_there_is_no_memory_is_none),
        cmocka_unit_test(a_reload_for_which_there_is_no_memory_leaves_everything_as_it_was),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
