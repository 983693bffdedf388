/* Genuine, current and short: each of the three, at every check, remembered or not. */
// fakes: clock
// link: tests/unit/tokens.c tests/unit/verifying.c
#include "token/verifier.h"
#include "fakes/clock.h"
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

static struct token_key *rsa, *p256, *ed25519, *other;
static struct verifier *verifier; /* of p256 */

static int make_keys(void **state)
{
    (void)state;
    rsa = token_key_rsa(2048);
    p256 = token_key_ec("P-256");
    other = token_key_ec("P-256");
    ed25519 = token_key_ed25519();
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    token_key_free(rsa);
    token_key_free(p256);
    token_key_free(other);
    token_key_free(ed25519);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    verifier = verifying_new("ES256", p256);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    verifier_free(verifier);
    return 0;
}

static char *mint(const struct token_key *key, int64_t issued, int64_t expires, const char *more)
{
    char *payload = token_payload("c2m_a", "tok_1", issued, expires, more);
    char *token = token_mint(key, "ES256", "{\"alg\":\"ES256\",\"typ\":\"JWT\"}", payload);
    free(payload);
    return token;
}

/* The token is freed. */
static enum reason check(char *token)
{
    enum reason reason = verifying_check(verifier, token, NULL);
    free(token);
    return reason;
}

static void an_honest_token_of_each_algorithm_passes_with_its_claims(void **state)
{
    (void)state;
    const struct {
        const char *algorithm, *typ;
        struct token_key *key;
    } rows[] = {{"RS256", "JWT", rsa}, {"RS256", "at+jwt", rsa}, {"PS256", "JWT", rsa},
        {"ES256", "JWT", p256}, {"ES256", "at+jwt", p256}, {"EdDSA", "JWT", ed25519}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verifier *of_row = verifying_new(rows[i].algorithm, rows[i].key);
        struct verified verified;
        uint8_t hash[VAULT_HASH_SIZE];
        char header[100];
        snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"%s\",\"kid\":\"2024\"}", rows[i].algorithm,
            rows[i].typ);
        char *payload = token_payload("c2m_abc123", "tok_st_1", VERIFYING_NOW, VERIFYING_NOW + 900,
            ",\"scopes\":[\"jobs:read\"],\"aud\":\"c2m-api-clients\",\"nbf\":1700000000,\"unknown\":[1.5,"
            "null]");
        char *token = token_mint(rows[i].key, rows[i].algorithm, header, payload);
        vault_hash(token, strlen(token), hash);
        for (int again = 0; again < 2; again++) { /* checked, then remembered */
            memset(&verified, 0xff, sizeof verified);
            assert_int_equal(verifying_check(of_row, token, &verified), REASON_NONE);
            assert_string_equal(verified.claims.subject, "c2m_abc123");
            assert_string_equal(verified.claims.token_id, "tok_st_1");
            assert_string_equal(verified.claims.scopes.text, "jobs:read");
            assert_int_equal(verified.claims.expires, VERIFYING_NOW + 900);
            assert_memory_equal(verified.hash, hash, sizeof hash);
        }
        free(token);
        free(payload);
        verifier_free(of_row);
    }
}

static void every_second_of_the_times_is_judged(void **state)
{
    (void)state;
    static const struct {
        int64_t issued, expires; /* from now */
        const char *more;
        enum reason reason;
    } rows[] = {
        {0, 900, "", REASON_NONE}, {-870, 30, "", REASON_NONE},
        {-900, 0, "", REASON_NONE}, /* within the tolerance */
        {-929, -29, "", REASON_NONE}, {-930, -30, "", REASON_EXPIRED}, {-4000, -3000, "", REASON_EXPIRED},
        {30, 900, "", REASON_NONE}, {31, 900, "", REASON_NOT_YET}, {100000, 100900, "", REASON_NOT_YET},
        {0, 900, ",\"nbf\":1700000030", REASON_NONE}, {0, 900, ",\"nbf\":1700000031", REASON_NOT_YET},
        {0, 900, ",\"nbf\":4102444800", REASON_NOT_YET}, {0, 900, ",\"nbf\":0", REASON_NONE},
        {0, 3600, "", REASON_NONE}, {0, 3601, "", REASON_LIFETIME}, {0, 2592000, "", REASON_LIFETIME},
        {-2592000, 10, "", REASON_LIFETIME}, {10, 10, "", REASON_LIFETIME},
        {20, 10, "", REASON_LIFETIME}, /* it expires before it is issued */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum reason reason =
            check(mint(p256, VERIFYING_NOW + rows[i].issued, VERIFYING_NOW + rows[i].expires, rows[i].more));
        if (reason != rows[i].reason)
            fail_msg("iat %+lld, exp %+lld%s: %d", (long long)rows[i].issued, (long long)rows[i].expires,
                rows[i].more, reason);
    }
}

/* Else each token that is refused would be called an outage, for as long as nothing else failed. */
static void a_want_of_memory_long_ago_excuses_no_token(void **state)
{
    (void)state;
    char *forged = mint(other, VERIFYING_NOW, VERIFYING_NOW + 900, "");
    errno = ENOMEM;
    assert_int_equal(verifying_check(verifier, forged, NULL), REASON_SIGNATURE);
    free(forged);
    char *twice = token_mint(p256, "ES256", "{\"alg\":\"ES256\",\"alg\":\"ES256\"}", "{}");
    errno = ENOMEM;
    assert_int_equal(verifying_check(verifier, twice, NULL), REASON_JSON);
    free(twice);
}

static void only_a_genuine_token_is_told_that_it_expired(void **state)
{
    (void)state;
    struct verified verified;
    static const struct claims none;
    char *genuine = mint(p256, VERIFYING_NOW - 1000, VERIFYING_NOW - 100, "");
    char *forged = mint(other, VERIFYING_NOW - 1000, VERIFYING_NOW - 100, "");
    memset(&verified, 0xff, sizeof verified);
    assert_int_equal(verifying_check(verifier, forged, &verified), REASON_SIGNATURE);
    assert_memory_equal(&verified.claims, &none, sizeof none);
    assert_int_equal(verifying_check(verifier, genuine, &verified), REASON_EXPIRED);
    assert_string_equal(verified.claims.subject, "c2m_a");
    assert_int_equal(verified.claims.expires, VERIFYING_NOW - 100);
    free(genuine);
    free(forged);
}

static void the_issuer_of_a_genuine_token_alone_is_kept_and_the_key_of_any(void **state)
{
    struct mismatches *mismatches;
    (void)state;
    assert_int_equal(mismatches_new(&mismatches), 0);
    verifier_set_mismatches(verifier, mismatches);
    const struct verifier_options options = {"another", VERIFYING_TOLERANCE, VERIFYING_LIFETIME};
    assert_int_equal(verifier_reload(verifier, &options, NULL), 0);
    char *payload = token_payload("c2m_a", "tok_1", VERIFYING_NOW, VERIFYING_NOW + 900, "");
    static const char header[] = "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k9\"}";
    assert_int_equal(check(token_mint(other, "ES256", header, payload)), REASON_SIGNATURE);
    assert_null(mismatches_last(mismatches, C2M_MISMATCH_ISSUER));
    assert_int_equal(check(token_mint(p256, "ES256", header, payload)), REASON_ISSUER);
    assert_string_equal(mismatches_last(mismatches, C2M_MISMATCH_ISSUER), VERIFYING_ISSUER);
    assert_null(mismatches_last(mismatches, C2M_MISMATCH_KEY));
    struct keyset *none;
    assert_int_equal(keyset_empty("ES256", &none), 0);
    verifier_set_keyset(verifier, none);
    assert_int_equal(check(token_mint(other, "ES256", header, payload)), REASON_UNKNOWN_KEY);
    assert_string_equal(mismatches_last(mismatches, C2M_MISMATCH_KEY), "k9");
    free(payload);
    mismatches_free(mismatches);
}

static void a_remembered_token_expires_on_the_wall_clock(void **state)
{
    (void)state;
    char *token = mint(p256, VERIFYING_NOW, VERIFYING_NOW + 900, "");
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    fake_wall += 929;
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    fake_wall += 1;
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_EXPIRED);
    free(token);
}

static void a_clock_that_is_set_back_revives_no_remembered_token(void **state)
{
    (void)state;
    char *token = mint(p256, VERIFYING_NOW, VERIFYING_NOW + 900, "");
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    fake_boot_ms += 929999;
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    fake_boot_ms += 1;
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_EXPIRED);
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_EXPIRED); /* nor is it examined afresh */
    free(token);
}

static void a_remembered_token_is_not_yet_valid_when_the_clock_goes_back(void **state)
{
    (void)state;
    char *token = mint(p256, VERIFYING_NOW, VERIFYING_NOW + 900, "");
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    fake_wall -= 31;
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NOT_YET);
    free(token);
}

static void other_keys_forget_what_the_former_ones_had_signed(void **state)
{
    (void)state;
    char *token = mint(p256, VERIFYING_NOW, VERIFYING_NOW + 900, "");
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    verifier_set_keyset(verifier, verifying_keyset("ES256", other));
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_SIGNATURE);
    verifier_set_keyset(verifier, verifying_keyset("RS256", rsa));
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_ALGORITHM);
    verifier_set_keyset(verifier, verifying_keyset("ES256", p256));
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    free(token);
}

static void a_remembered_token_lends_nothing_to_its_neighbours(void **state)
{
    (void)state;
    char *token = mint(p256, VERIFYING_NOW, VERIFYING_NOW + 900, "");
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    for (size_t i = 0; i < strlen(token); i++) {
        char kept = token[i];
        token[i] = kept == 'A' ? 'B' : 'A';
        assert_int_not_equal(verifying_check(verifier, token, NULL), REASON_NONE);
        token[i] = kept;
    }
    free(token);
}

static void what_is_too_long_is_not_even_hashed(void **state)
{
    (void)state;
    static const uint8_t none[VAULT_HASH_SIZE];
    struct verified verified;
    char *token = calloc(1, JWT_TEXT_MAX + 2);
    memset(token, 'A', JWT_TEXT_MAX);
    assert_int_equal(verifying_check(verifier, token, &verified), REASON_MALFORMED);
    assert_memory_not_equal(verified.hash, none, sizeof none);
    token[JWT_TEXT_MAX] = 'A';
    assert_int_equal(verifying_check(verifier, token, &verified), REASON_TOO_LONG);
    assert_memory_equal(verified.hash, none, sizeof none);
    free(token);
}

static void options_without_an_issuer_or_a_lifetime_are_refused(void **state)
{
    (void)state;
    static const struct verifier_options rows[] = {
        {NULL, 30, 3600}, {"", 30, 3600}, {"c2m-api", -1, 3600}, {"c2m-api", 30, 0}, {"c2m-api", 30, -1}};
    struct keyset *keyset = verifying_keyset("ES256", p256);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verifier *made = NULL;
        assert_int_equal(verifier_new(&rows[i], keyset, &made), -EINVAL);
        assert_null(made);
    }
    keyset_free(keyset);
    verifier_free(NULL);
}

static void no_tolerance_and_a_life_of_a_second_are_options(void **state)
{
    (void)state;
    const struct verifier_options options = {.issuer = "c2m-api", .tolerance = 0, .max_lifetime = 1};
    verifier_free(verifier);
    assert_int_equal(verifier_new(&options, verifying_keyset("ES256", p256), &verifier), 0);
    assert_int_equal(check(mint(p256, VERIFYING_NOW, VERIFYING_NOW + 1, "")), REASON_NONE);
    assert_int_equal(check(mint(p256, VERIFYING_NOW, VERIFYING_NOW + 2, "")), REASON_LIFETIME);
    assert_int_equal(check(mint(p256, VERIFYING_NOW - 1, VERIFYING_NOW, "")), REASON_EXPIRED);
    assert_int_equal(check(mint(p256, VERIFYING_NOW + 1, VERIFYING_NOW + 2, "")), REASON_NOT_YET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_honest_token_of_each_algorithm_passes_with_its_claims, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_second_of_the_times_is_judged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_want_of_memory_long_ago_excuses_no_token, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_a_genuine_token_is_told_that_it_expired, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_issuer_of_a_genuine_token_alone_is_kept_and_the_key_of_any, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_remembered_token_expires_on_the_wall_clock, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_clock_that_is_set_back_revives_no_remembered_token, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_remembered_token_is_not_yet_valid_when_the_clock_goes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_keys_forget_what_the_former_ones_had_signed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_remembered_token_lends_nothing_to_its_neighbours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_long_is_not_even_hashed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            options_without_an_issuer_or_a_lifetime_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_tolerance_and_a_life_of_a_second_are_options, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
