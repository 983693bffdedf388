/* A JWK becomes a key pinned to one algorithm, or is refused for its own reason. */
// link: tests/unit/tokens.c
#include "token/jwk.h"
#include "tokens.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ALL "RS256 ES256 EdDSA"
#define HMAC "'kty':'oct','k':'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'"

static struct token_key *rsa, *ec, *okp;

static int set_up(void **state)
{
    (void)state;
    rsa = token_key_rsa(2048);
    ec = token_key_ec("P-256");
    okp = token_key_ed25519();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    token_key_free(rsa);
    token_key_free(ec);
    token_key_free(okp);
    return 0;
}

/* TEXT is freed. */
static int read_text(char *text, const char *algorithms, struct jwk *out, const char **why)
{
    JSON_CLEANUP struct json *json = NULL;
    assert_int_equal(json_parse(text, strlen(text), &json), 0);
    int r = jwk_read(json, algorithms, out, why);
    assert_int_equal(out->key != NULL, r == 0);
    assert_int_equal(*why == NULL, r == 0);
    free(text);
    return r;
}

static void accept(char *text, const char *algorithms, const char *pinned)
{
    struct jwk jwk;
    const char *why = NULL;
    if (read_text(text, algorithms, &jwk, &why) != 0)
        fail_msg("%s", why);
    assert_string_equal(signature_key_algorithm(jwk.key), pinned);
    signature_key_free(jwk.key);
}

/* WORDS stand in the sentence. */
static void refuse(char *text, const char *algorithms, const char *words)
{
    struct jwk jwk;
    const char *why = NULL;
    assert_int_equal(read_text(text, algorithms, &jwk, &why), -EINVAL);
    if (!strstr(why, words))
        fail_msg("\"%s\" says nothing of \"%s\"", why, words);
}

static char *json(const char *members)
{
    char *text = NULL;
    assert_true(asprintf(&text, "{%s}", members) > 0);
    char *made = token_json(text);
    free(text);
    return made;
}

static void each_kind_is_pinned_to_its_algorithm(void **state)
{
    (void)state;
    accept(token_public_jwk(rsa, ""), ALL, "RS256");
    accept(token_public_jwk(rsa, ",'alg':'PS256'"), "RS256 PS256", "PS256");
    accept(token_public_jwk(rsa, ",'alg':'RS256','use':'sig','key_ops':['verify'],'kid':'a','x5t':'b'"),
        "RS256 PS256", "RS256");
    accept(token_public_jwk(ec, ",'use':'sig'"), ALL, "ES256");
    accept(token_public_jwk(okp, ""), ALL, "EdDSA");
    accept(json(HMAC), "HS256", "HS256");
}

/* The key of a JWK is the key: what its owner signed is valid, and nothing that another signed. */
static void a_token_of_its_owner_is_valid_by_it(void **state)
{
    (void)state;
    const struct {
        struct token_key *key, *other;
        const char *algorithm;
    } rows[] = {{rsa, token_key_rsa(2048), "RS256"}, {rsa, token_key_rsa(3072), "PS256"},
        {ec, token_key_ec("P-256"), "ES256"}, {okp, token_key_ed25519(), "EdDSA"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jwk jwk;
        struct jwt_text text;
        const char *why = NULL;
        char header[64];
        snprintf(header, sizeof header, "{\"alg\":\"%s\"}", rows[i].algorithm);
        char *good = token_mint(rows[i].key, rows[i].algorithm, header, "{}");
        char *bad = token_mint(rows[i].other, rows[i].algorithm, header, "{}");
        assert_int_equal(read_text(token_public_jwk(rows[i].key, ""), rows[i].algorithm, &jwk, &why), 0);
        assert_int_equal(jwt_text_parse(good, strlen(good), &text), REASON_NONE);
        assert_true(signature_verify(jwk.key, &text));
        assert_int_equal(jwt_text_parse(bad, strlen(bad), &text), REASON_NONE);
        assert_false(signature_verify(jwk.key, &text));
        signature_key_free(jwk.key);
        token_key_free(rows[i].other);
        free(good);
        free(bad);
    }
}

static void a_private_key_is_refused(void **state)
{
    (void)state;
    static const char *const members[] = {"d", "p", "q", "dp", "dq", "qi", "oth"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        char more[32];
        snprintf(more, sizeof more, ",'%s':'AQ'", members[i]);
        refuse(token_public_jwk(rsa, more), ALL, "private");
        snprintf(more, sizeof more, ",'%s':null", members[i]);
        refuse(token_public_jwk(ec, more), ALL, "private");
        refuse(token_public_jwk(okp, more), ALL, "private");
    }
    refuse(token_public_jwk(rsa, ",'k':'AQ'"), ALL, "secret");
}

static void another_use_is_refused(void **state)
{
    (void)state;
    static const char *const uses[] = {"'enc'", "'SIG'", "''", "null", "1", "['sig']"};
    static const char *const operations[] = {
        "['sign']", "['verify','sign']", "['encrypt']", "'verify'", "[1]", "['verify2']", "null"};
    char more[64];
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        snprintf(more, sizeof more, ",'use':%s", uses[i]);
        refuse(token_public_jwk(ec, more), ALL, "use");
    }
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        snprintf(more, sizeof more, ",'key_ops':%s", operations[i]);
        refuse(token_public_jwk(ec, more), ALL, "key_ops");
    }
}

static void another_algorithm_is_refused(void **state)
{
    (void)state;
    refuse(token_public_jwk(rsa, ",'alg':'RS512'"), ALL, "alg");
    refuse(token_public_jwk(rsa, ",'alg':'PS256'"), ALL, "alg");
    refuse(token_public_jwk(rsa, ",'alg':'ES256'"), ALL, "alg");
    refuse(token_public_jwk(rsa, ",'alg':'HS256'"), "RS256 HS256", "alg");
    refuse(token_public_jwk(rsa, ",'alg':null"), ALL, "alg");
    refuse(token_public_jwk(rsa, ",'alg':7"), ALL, "alg");
    refuse(token_public_jwk(rsa, ""), "RS256 PS256", "more than one");
    refuse(token_public_jwk(rsa, ""), "ES256", "kind");
    refuse(token_public_jwk(okp, ",'alg':'Ed25519'"), ALL, "alg");
    refuse(json(HMAC), ALL, "kind");
    refuse(json(HMAC ",'alg':'RS256'"), ALL, "alg");
}

static void numbers_are_canonical_and_of_their_width(void **state)
{
    (void)state;
    char x[44] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", text[256];
    static const char *const bad[] = {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg", /* 31 bytes */
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gIA", "", "+AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "'kty':'OKP','crv':'Ed25519','x':'%s'", bad[i]);
        refuse(json(text), ALL, "32 bytes");
        snprintf(text, sizeof text, "'kty':'EC','crv':'P-256','x':'%s','y':'%s'", bad[i], x);
        refuse(json(text), ALL, "32 bytes");
        snprintf(text, sizeof text, "'kty':'EC','crv':'P-256','x':'%s','y':'%s'", x, bad[i]);
        refuse(json(text), ALL, "32 bytes");
    }
    refuse(json("'kty':'RSA','n':'AAEC','e':'AQAB'"), ALL, "canonical"); /* a leading zero */
    refuse(json("'kty':'RSA','n':'AQEC','e':'AAEAAQ'"), ALL, "canonical");
    refuse(json("'kty':'RSA','n':'AQEC'"), ALL, "canonical");
    refuse(json("'kty':'RSA','n':'AQEC','e':65537"), ALL, "canonical");
    snprintf(text, sizeof text, "'kty':'EC','crv':'P-256','x':'%s','y':'%s'", x, x);
    refuse(json(text), ALL, "read"); /* a point beside the curve */
}

/* The modulus of a good key, with another exponent. */
static void refuse_exponent(const char *exponent)
{
    char *text = token_public_jwk(rsa, ""), *e = strstr(text, "\"e\":\"AQAB\""), *made = NULL;
    assert_non_null(e);
    assert_true(asprintf(&made, "%.*s\"e\":\"%s\"}", (int)(e - text), text, exponent) > 0);
    free(text);
    refuse(made, ALL, "exponent");
}

static void keys_that_are_weak_are_refused(void **state)
{
    (void)state;
    struct token_key *weak[] = {token_key_rsa(1024), token_key_rsa(2040), token_key_ec("P-384")};
    refuse(token_public_jwk(weak[0], ""), ALL, "2048");
    refuse(token_public_jwk(weak[1], ""), ALL, "2048");
    refuse(token_public_jwk(weak[2], ""), ALL, "P-256");
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++)
        token_key_free(weak[i]);
    refuse_exponent("AQ"); /* 1: a signature is its own message */
    refuse_exponent("Ag");
    refuse_exponent("AQAA");
    refuse_exponent("AQAAAAAAAAAAAAAB");
    refuse(
        json("'kty':'OKP','crv':'X25519','x':'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'"), ALL, "Ed25519");
    refuse(json("'kty':'oct','k':'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg'"), "HS256", "32 bytes");
    refuse(json("'kty':'oct'"), "HS256", "canonical");
}

/* By a point of small order anybody can write signatures; OpenSSL takes it. */
static void an_ed25519_point_of_small_order_is_refused(void **state)
{
    (void)state;
    static const char *const points[] = {"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "7P_______________________________________38", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA", "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU",
        "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU", "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o",
        "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA_o", "7f_______________________________________38",
        "7v_______________________________________38"};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "'kty':'OKP','crv':'Ed25519','x':'%s'", points[i]);
        refuse(json(text), ALL, "sound");
    }
}

static void what_is_no_key_is_refused(void **state)
{
    (void)state;
    refuse(json(""), ALL, "kty");
    refuse(json("'kty':'rsa'"), ALL, "kty");
    refuse(json("'kty':['RSA']"), ALL, "kty");
    refuse(token_public_jwk(ec, ",'kid':7"), ALL, "kid");
    refuse(token_public_jwk(ec, ",'kid':null"), ALL, "kid");
    char more[200] = ",'kid':'";
    memset(more + 8, 'a', 128);
    strcpy(more + 136, "'");
    refuse(token_public_jwk(ec, more), ALL, "kid");
    strcpy(more + 135, "'"); /* 127 letters */
    accept(token_public_jwk(ec, more), ALL, "ES256");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_pinned_to_its_algorithm),
        cmocka_unit_test(a_token_of_its_owner_is_valid_by_it),
        cmocka_unit_test(a_private_key_is_refused),
        cmocka_unit_test(another_use_is_refused),
        cmocka_unit_test(another_algorithm_is_refused),
        cmocka_unit_test(numbers_are_canonical_and_of_their_width),
        cmocka_unit_test(keys_that_are_weak_are_refused),
        cmocka_unit_test(an_ed25519_point_of_small_order_is_refused),
        cmocka_unit_test(what_is_no_key_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
