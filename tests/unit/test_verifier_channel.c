/* Where the service publishes no key: what the API itself sent is trusted, what was typed is not. */
// fakes: clock
// link: tests/unit/tokens.c tests/unit/verifying.c
#include "fakes/clock.h"
#include "token/verifier.h"
#include "tokens.h"
#include "verifying.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct token_key *key;
static struct verifier *verifier;

static int set_up(void **state)
{
    (void)state;
    const struct verifier_options options = {VERIFYING_ISSUER, VERIFYING_TOLERANCE, VERIFYING_LIFETIME};
    struct keyset *keyset = NULL;
    fake_wall = VERIFYING_NOW;
    fake_boot_ms = 1000000;
    key = token_key_ec("P-256");
    return keyset_of_channel(&keyset) < 0 ? -1 : verifier_new(&options, keyset, &verifier);
}

static int tear_down(void **state)
{
    (void)state;
    verifier_free(verifier);
    token_key_free(key);
    return 0;
}

static enum reason check_obtained(const char *token, struct verified *out)
{
    SECRET_CLEANUP struct secret *secret = NULL;
    assert_int_equal(secret_new(token, strlen(token), &secret), 0);
    return verifier_check_obtained(verifier, secret, out);
}

/* FORMAT of the payload with its issuer, and when it was issued and expires. */
static char *mint(const char *header, const char *issuer, int64_t issued, int64_t expires, const char *more)
{
    char *payload = NULL;
    assert_true(
        asprintf(&payload, "{\"sub\":\"c2m_a\",\"iss\":\"%s\",\"jti\":\"t\",\"iat\":%lld,\"exp\":%lld%s}",
            issuer, (long long)issued, (long long)expires, more) > 0);
    char *token = token_mint(key, "ES256", header, payload);
    free(payload);
    return token;
}

static void what_the_api_sent_is_trusted_and_what_was_typed_is_not(void **state)
{
    (void)state;
    struct verified verified;
    char *token = mint("{\"alg\":\"RS256\"}", VERIFYING_ISSUER, VERIFYING_NOW, VERIFYING_NOW + 900, "");
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_UNKNOWN_KEY);
    assert_int_equal(check_obtained(token, &verified), REASON_NONE);
    assert_string_equal(verified.claims.subject, "c2m_a");
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_UNKNOWN_KEY); /* nor is it remembered */
    free(token);
}

static void everything_but_the_signature_is_judged_as_always(void **state)
{
    (void)state;
    static const struct {
        const char *header, *issuer;
        int64_t from, to;
        const char *more;
        enum reason reason;
    } rows[] = {
        {"{\"alg\":\"HS256\"}", "c2m-api", 0, 900, "", REASON_NONE},
        {"{\"alg\":\"none\"}", "c2m-api", 0, 900, "", REASON_ALGORITHM},
        {"{\"alg\":\"NonE\"}", "c2m-api", 0, 900, "", REASON_ALGORITHM},
        {"{}", "c2m-api", 0, 900, "", REASON_ALGORITHM},
        {"{\"alg\":\"HS256\",\"crit\":[]}", "c2m-api", 0, 900, "", REASON_HEADER},
        {"{\"alg\":\"HS256\"}", "c2m-api2", 0, 900, "", REASON_ISSUER},
        {"{\"alg\":\"HS256\"}", "c2m-api", -2000, -100, "", REASON_EXPIRED},
        {"{\"alg\":\"HS256\"}", "c2m-api", 100, 900, "", REASON_NOT_YET},
        {"{\"alg\":\"HS256\"}", "c2m-api", 0, 7200, "", REASON_LIFETIME},
        {"{\"alg\":\"HS256\"}", "c2m-api", 0, 900, ",\"token_type\":\"long\"", REASON_TOKEN_TYPE},
        {"{\"alg\":\"HS256\"}", "c2m-api", 0, 900, ",\"nbf\":\"x\"", REASON_CLAIM},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verified verified;
        char *token = mint(rows[i].header, rows[i].issuer, VERIFYING_NOW + rows[i].from,
            VERIFYING_NOW + rows[i].to, rows[i].more);
        assert_int_equal(check_obtained(token, &verified), rows[i].reason);
        free(token);
    }
}

/* Where there is a key, it is asked, whatever way the token came. */
static void with_a_key_the_channel_proves_nothing(void **state)
{
    (void)state;
    struct token_key *other = token_key_ec("P-256");
    struct verified verified;
    char *token = mint("{\"alg\":\"ES256\"}", VERIFYING_ISSUER, VERIFYING_NOW, VERIFYING_NOW + 900, "");
    assert_int_equal(check_obtained(token, &verified), REASON_NONE);
    verifier_set_keyset(verifier, verifying_keyset("ES256", other));
    assert_int_equal(check_obtained(token, &verified), REASON_SIGNATURE);
    verifier_set_keyset(verifier, verifying_keyset("ES256", key));
    assert_int_equal(check_obtained(token, &verified), REASON_NONE);
    free(token);
    token_key_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_the_api_sent_is_trusted_and_what_was_typed_is_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(everything_but_the_signature_is_judged_as_always, set_up, tear_down),
        cmocka_unit_test_setup_teardown(with_a_key_the_channel_proves_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
