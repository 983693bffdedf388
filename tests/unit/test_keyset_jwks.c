/* A set of keys that somebody else publishes: what is of use is taken, and which one is asked for is never a guess. */
// link: tests/unit/tokens.c
#include "token/keyset.h"
#include "tokens.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct token_key *rsa, *ec;
static char said[8192];
static unsigned reports;

static int set_up(void **state)
{
    (void)state;
    rsa = token_key_rsa(2048);
    ec = token_key_ec("P-256");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    token_key_free(rsa);
    token_key_free(ec);
    return 0;
}

static void report(void *argument, const char *key_id, const char *why)
{
    (void)argument;
    reports++;
    snprintf(said + strlen(said), sizeof said - strlen(said), "%s: %s\n", key_id, why);
}

/* Adds one to TEXT, which is a set that is not closed yet. Both are freed. */
static char *add(char *text, char *key)
{
    char *longer = NULL;
    assert_true(asprintf(&longer, "%s%s%s", text, text[strlen(text) - 1] == '[' ? "" : ",", key) > 0);
    free(text);
    free(key);
    return longer;
}

static char *begin(void)
{
    return strdup("{\"keys\":[");
}

/* TEXT is closed and freed. */
static int read_set(char *text, const char *algorithms, struct keyset **out, const char **why)
{
    char *whole = NULL;
    assert_true(asprintf(&whole, "%s]}", text) > 0);
    said[0] = '\0';
    reports = 0;
    *out = NULL;
    *why = NULL;
    int r = keyset_from_jwks(whole, strlen(whole), algorithms, report, NULL, out, why);
    assert_int_equal(*out != NULL, r == 0);
    assert_int_equal(*why == NULL, r == 0);
    free(whole);
    free(text);
    return r;
}

static const struct signature_key *find(
    const struct keyset *keyset, const char *algorithm, const char *key_id, enum reason *why)
{
    struct jwt_text text = {.algorithm = ""};
    strcpy(text.algorithm, algorithm);
    strcpy(text.key_id, key_id);
    return keyset_find(keyset, &text, why);
}

static void a_key_is_found_by_its_id_and_its_algorithm(void **state)
{
    (void)state;
    struct keyset *keyset;
    const char *sentence;
    enum reason why;
    char *text = add(begin(), token_public_jwk(rsa, ",'kid':'a'"));
    text = add(text, token_public_jwk(ec, ",'kid':'a'"));
    text = add(text, token_public_jwk(ec, ",'kid':'b'"));
    assert_int_equal(read_set(text, "RS256 ES256", &keyset, &sentence), 0);
    assert_int_equal(keyset_count(keyset), 3);
    const struct signature_key *first = find(keyset, "RS256", "a", &why);
    assert_non_null(first);
    assert_string_equal(signature_key_algorithm(first), "RS256");
    const struct signature_key *second = find(keyset, "ES256", "a", &why);
    assert_string_equal(signature_key_algorithm(second), "ES256");
    assert_non_null(find(keyset, "ES256", "b", &why));
    assert_ptr_not_equal(find(keyset, "ES256", "b", &why), second);
    assert_null(find(keyset, "RS256", "b", &why));
    assert_int_equal(why, REASON_UNKNOWN_KEY);
    assert_null(find(keyset, "ES256", "c", &why));
    assert_int_equal(why, REASON_UNKNOWN_KEY);
    static const char *const others[] = {"none", "HS256", "PS256", "EdDSA", "es256", "RS256 ES256", " ", ""};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_null(find(keyset, others[i], "a", &why));
        assert_int_equal(why, REASON_ALGORITHM);
    }
    keyset_free(keyset);
}

static void without_a_key_id_there_must_be_one_that_fits(void **state)
{
    (void)state;
    struct keyset *keyset;
    const char *sentence;
    enum reason why;
    char *text = add(begin(), token_public_jwk(rsa, ",'kid':'a'"));
    text = add(text, token_public_jwk(ec, ",'kid':'b'"));
    text = add(text, token_public_jwk(ec, ",'kid':'c'"));
    assert_int_equal(read_set(text, "RS256 ES256", &keyset, &sentence), 0);
    assert_non_null(find(keyset, "RS256", "", &why));
    assert_null(find(keyset, "ES256", "", &why));
    assert_int_equal(why, REASON_UNKNOWN_KEY);
    keyset_free(keyset);
    assert_int_equal(read_set(add(begin(), token_public_jwk(ec, "")), "ES256", &keyset, &sentence), 0);
    assert_non_null(find(keyset, "ES256", "", &why));
    assert_null(find(keyset, "ES256", "a", &why)); /* one that has no name is not the one that was named */
    keyset_free(keyset);
}

static void a_key_that_cannot_be_used_is_told_and_left_out(void **state)
{
    (void)state;
    struct keyset *keyset;
    const char *sentence;
    enum reason why;
    struct token_key *weak = token_key_rsa(1024);
    char *text = add(begin(), token_public_jwk(weak, ",'kid':'weak'"));
    text = add(text, token_public_jwk(rsa, ",'kid':'good'"));
    text = add(text, token_public_jwk(rsa, ",'kid':'private','d':'AQ'"));
    text = add(text, token_public_jwk(rsa, ",'kid':'crypt','use':'enc'"));
    text = add(text, token_public_jwk(ec, ",'kid':'curve'"));
    text = add(text, token_public_jwk(rsa, ",'kid':'good'"));
    text = add(text, strdup("\"a text\""));
    text = add(text, strdup("{}"));
    text = add(
        text, token_json("{'kty':'oct','kid':'shared','k':'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'}"));
    assert_int_equal(read_set(text, "RS256", &keyset, &sentence), 0);
    assert_int_equal(keyset_count(keyset), 1);
    assert_int_equal(reports, 8);
    static const char *const words[] = {"weak: an RSA key must have 2048", "private: the JWK holds a private",
        "crypt: its use", "curve: its kind", "good: another key", ": it is no object", ": its kty",
        "shared: its kind"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strstr(said, words[i]))
            fail_msg("\"%s\" is missing in:\n%s", words[i], said);
    assert_non_null(find(keyset, "RS256", "good", &why));
    assert_null(find(keyset, "RS256", "weak", &why));
    assert_null(find(keyset, "RS256", "private", &why));
    keyset_free(keyset);
    token_key_free(weak);
}

static void a_set_without_a_key_of_use_is_refused(void **state)
{
    (void)state;
    struct keyset *keyset;
    const char *why;
    assert_int_equal(read_set(begin(), "RS256", &keyset, &why), -EINVAL);
    assert_non_null(strstr(why, "no key"));
    assert_int_equal(read_set(add(begin(), token_public_jwk(ec, "")), "RS256", &keyset, &why), -EINVAL);
    assert_non_null(strstr(why, "no key"));
    assert_int_equal(read_set(add(begin(), token_public_jwk(ec, "")), "HS256", &keyset, &why), -EINVAL);
    assert_non_null(strstr(why, "secret"));
    static const char *const foreign[] = {"", "[]", "{}", "{\"keys\":{}}", "{\"keys\":null}",
        "{\"keys\":\"\"}", "<html></html>", "{\"keys\":[]", "{\"keys\":[],\"keys\":[]}",
        "{\"code\":\"not_found\"}", "null"};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        keyset = NULL;
        assert_int_equal(
            keyset_from_jwks(foreign[i], strlen(foreign[i]), "RS256", report, NULL, &keyset, &why), -EINVAL);
        assert_null(keyset);
        assert_non_null(why);
    }
}

static void a_set_has_at_most_32_keys(void **state)
{
    (void)state;
    struct keyset *keyset;
    const char *why;
    char *text = begin(), more[32];
    for (int i = 0; i < 32; i++) {
        snprintf(more, sizeof more, ",'kid':'%d'", i);
        text = add(text, token_public_jwk(ec, more));
    }
    char *longer = add(strdup(text), token_public_jwk(ec, ",'kid':'x'"));
    assert_int_equal(read_set(text, "ES256", &keyset, &why), 0);
    assert_int_equal(keyset_count(keyset), 32);
    keyset_free(keyset);
    assert_int_equal(read_set(longer, "ES256", &keyset, &why), -EINVAL);
    assert_non_null(strstr(why, "32"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_found_by_its_id_and_its_algorithm),
        cmocka_unit_test(without_a_key_id_there_must_be_one_that_fits),
        cmocka_unit_test(a_key_that_cannot_be_used_is_told_and_left_out),
        cmocka_unit_test(a_set_without_a_key_of_use_is_refused),
        cmocka_unit_test(a_set_has_at_most_32_keys),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
