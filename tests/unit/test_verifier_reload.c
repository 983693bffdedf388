/* A reload changes everything at once, or nothing. */
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

static struct token_key *key, *other;
static struct verifier *verifier;
static char *token, *others_token;

static char *mint(const struct token_key *by)
{
    char *payload = token_payload("c2m_a", "tok_1", VERIFYING_NOW, VERIFYING_NOW + 900, "");
    char *made = token_mint(by, "ES256", "{\"alg\":\"ES256\"}", payload);
    free(payload);
    return made;
}

static int set_up(void **state)
{
    (void)state;
    key = token_key_ec("P-256");
    other = token_key_ec("P-256");
    verifier = verifying_new("ES256", key);
    token = mint(key);
    others_token = mint(other);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    verifier_free(verifier);
    token_key_free(key);
    token_key_free(other);
    free(token);
    free(others_token);
    return 0;
}

static void after_a_reload_only_the_new_keys_count(void **state)
{
    (void)state;
    const struct verifier_options options = {VERIFYING_ISSUER, VERIFYING_TOLERANCE, VERIFYING_LIFETIME};
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    assert_int_equal(verifier_reload(verifier, &options, verifying_keyset("ES256", other)), 0);
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_SIGNATURE);
    assert_int_equal(verifying_check(verifier, others_token, NULL), REASON_NONE);
}

static void a_reload_brings_the_other_options(void **state)
{
    (void)state;
    static const struct {
        struct verifier_options options;
        enum reason reason;
    } rows[] = {{{"c2m-api-v2", 30, 3600}, REASON_ISSUER}, {{"c2m-api", 30, 899}, REASON_LIFETIME},
        {{"c2m-api", 30, 3600}, REASON_NONE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(verifier_reload(verifier, &rows[i].options, verifying_keyset("ES256", key)), 0);
        assert_int_equal(verifying_check(verifier, token, NULL), rows[i].reason);
    }
}

/* At the last second of its life, and a while after it: only the tolerance lets it pass. */
static void a_reload_brings_another_tolerance(void **state)
{
    (void)state;
    struct verifier_options options = {VERIFYING_ISSUER, 0, VERIFYING_LIFETIME};
    fake_wall = VERIFYING_NOW + 901;
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    assert_int_equal(verifier_reload(verifier, &options, NULL), 0);
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_EXPIRED);
    fake_wall = VERIFYING_NOW + 899;
    verifier_forget(verifier);
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
    options.tolerance = VERIFYING_TOLERANCE;
    assert_int_equal(verifier_reload(verifier, &options, NULL), 0);
    fake_boot_ms += 2000; /* the end that was reckoned with the former one is forgotten */
    assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
}

static void a_reload_that_is_refused_leaves_everything_as_it_was(void **state)
{
    (void)state;
    static const struct verifier_options rows[] = {
        {NULL, 30, 3600}, {"", 30, 3600}, {"c2m-api-v2", -1, 3600}, {"c2m-api-v2", 30, 0}};
    struct keyset *keyset = verifying_keyset("ES256", other);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(verifier_reload(verifier, &rows[i], keyset), -EINVAL);
        assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
        assert_int_equal(verifying_check(verifier, others_token, NULL), REASON_SIGNATURE);
    }
    keyset_free(keyset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(after_a_reload_only_the_new_keys_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reload_brings_the_other_options, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reload_brings_another_tolerance, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_reload_that_is_refused_leaves_everything_as_it_was, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
