/* One honest token, spelled in other ways, cut, glued and moved about: a token has one text or none. */
// fakes: clock
// link: tests/unit/tokens.c tests/unit/verifying.c
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

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static struct token_key *rsa, *p256;
static struct verifier *verifier, *verifier_p256;
static char *honest, *honest_p256, *another; /* of one key: two tokens */
static char *parts[3];

static char *mint(const struct token_key *key, const char *algorithm, const char *id)
{
    char header[64];
    char *payload =
        token_payload("c2m_a", id, VERIFYING_NOW, VERIFYING_NOW + 900, ",\"scope\":\"login:web1\"");
    snprintf(header, sizeof header, "{\"alg\":\"%s\"}", algorithm);
    char *token = token_mint(key, algorithm, header, payload);
    free(payload);
    return token;
}

static int set_up(void **state)
{
    (void)state;
    rsa = token_key_rsa(2048);
    p256 = token_key_ec("P-256");
    verifier = verifying_new("RS256", rsa);
    verifier_p256 = verifying_new("ES256", p256);
    honest = mint(rsa, "RS256", "tok_1");
    another = mint(rsa, "RS256", "tok_2");
    honest_p256 = mint(p256, "ES256", "tok_1");
    char *first = strchr(honest, '.'), *second = strrchr(honest, '.');
    parts[0] = strndup(honest, (size_t)(first - honest));
    parts[1] = strndup(first + 1, (size_t)(second - first - 1));
    parts[2] = strdup(second + 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        free(parts[i]);
    free(honest);
    free(another);
    free(honest_p256);
    verifier_free(verifier);
    verifier_free(verifier_p256);
    token_key_free(rsa);
    token_key_free(p256);
    return 0;
}

/* In a format 1, 2 and 3 stand for the parts, 4 for the signature of the other token, 5 for the other's payload. */
static const struct mangling {
    const char *format;
    enum reason reason;
} manglings[] = {
    {"1.2.3", REASON_NONE}, /* the control */
    {"1.2.", REASON_MALFORMED},
    {"1.2", REASON_MALFORMED},
    {"1..3", REASON_MALFORMED},
    {".2.3", REASON_MALFORMED},
    {"..", REASON_MALFORMED},
    {"1.2.3.", REASON_MALFORMED},
    {"1.2.3.!!!!", REASON_MALFORMED},
    {"1.2.3.AAAA", REASON_MALFORMED},
    {"1.2.3.3", REASON_MALFORMED},
    {"1.2.3.AAAA.AAAA", REASON_MALFORMED},
    {"1.2.3=", REASON_MALFORMED},
    {"1.2.3==", REASON_MALFORMED},
    {"1.2=.3", REASON_MALFORMED},
    {"1=.2.3", REASON_MALFORMED},
    {"1.2.3\n", REASON_MALFORMED},
    {"1.2.3\r\n", REASON_MALFORMED},
    {"1.2.3 ", REASON_MALFORMED},
    {" 1.2.3", REASON_MALFORMED},
    {"1. 2.3", REASON_MALFORMED},
    {"1\n.2.3", REASON_MALFORMED},
    {"1.2.\t3", REASON_MALFORMED},
    {"1.2.3\x80", REASON_MALFORMED},
    {"1.2.3\xc2\xa0", REASON_MALFORMED},
    {"\xef\xbb\xbf"
     "1.2.3",
        REASON_MALFORMED},
    {"Bearer 1.2.3", REASON_MALFORMED},
    {"\"1.2.3\"", REASON_MALFORMED},
    {"1.2.3A", REASON_SIGNATURE}, /* 257 bytes, the last one zero */
    {"1.2.3AA", REASON_SIGNATURE},
    {"1.2.3AAA", REASON_MALFORMED}, /* no text of that length is base64 */
    {"1.2.A3", REASON_SIGNATURE},
    {"1.2.AAAA3", REASON_SIGNATURE},
    {"1.2.4", REASON_SIGNATURE},
    {"1.5.3", REASON_SIGNATURE},
    {"1.2.AAAA", REASON_SIGNATURE},
    {"1.2.2", REASON_SIGNATURE},
    {"1.1.3", REASON_CLAIM},
    {"2.1.3", REASON_ALGORITHM},
    {"2.2.3", REASON_ALGORITHM},
    {"3.2.1", REASON_JSON},
    {"1.3.2", REASON_JSON},
    {"1.2AAAA.3", REASON_JSON},
    {"1AAAA.2.3", REASON_JSON},
    {"AAAA1.2.3", REASON_JSON},
    {"1.22.3", REASON_JSON},
    {"1.eyB9.3", REASON_CLAIM},
    {"eyB9.2.3", REASON_ALGORITHM},
};

static void append(char *text, const char *format)
{
    const char *payload = strchr(another, '.') + 1, *signature = strrchr(another, '.') + 1;
    for (char *end = text + strlen(text); *format; format++, end = text + strlen(text)) {
        if (*format >= '1' && *format <= '3')
            strcpy(end, parts[*format - '1']);
        else if (*format == '4')
            strcpy(end, signature);
        else if (*format == '5')
            strncat(end, payload, (size_t)(signature - payload - 1));
        else
            strncat(end, format, 1);
    }
}

static void each_mangled_token_is_refused_for_its_own_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof manglings / sizeof manglings[0]; i++) {
        char text[4000] = "";
        append(text, manglings[i].format);
        enum reason reason = verifying_check(verifier, text, NULL);
        if (reason != manglings[i].reason)
            fail_msg("%s: %d", manglings[i].format, reason);
    }
}

static void the_last_character_has_one_spelling(void **state)
{
    (void)state;
    size_t last = strlen(honest) - 1;
    char kept = honest[last];
    unsigned passed = 0;
    for (const char *c = alphabet; *c; c++) {
        honest[last] = *c;
        passed += verifying_check(verifier, honest, NULL) == REASON_NONE;
    }
    honest[last] = kept;
    assert_int_equal(passed, 1);
}

static void the_other_alphabet_of_base64_is_refused(void **state)
{
    (void)state;
    unsigned replaced = 0;
    for (char *c = honest; *c; c++) {
        char kept = *c;
        if (kept != '-' && kept != '_')
            continue;
        *c = kept == '-' ? '+' : '/';
        assert_int_equal(verifying_check(verifier, honest, NULL), REASON_MALFORMED);
        *c = kept;
        replaced++;
    }
    assert_true(replaced > 0);
}

static void a_token_cut_anywhere_is_refused(void **state)
{
    (void)state;
    size_t length = strlen(honest);
    for (size_t cut = 0; cut < length; cut++) {
        char *text = strndup(honest, cut);
        assert_int_not_equal(verifying_check(verifier, text, NULL), REASON_NONE);
        free(text);
    }
}

static void a_nul_inside_or_after_is_refused(void **state)
{
    (void)state;
    struct verified verified;
    size_t length = strlen(honest);
    for (size_t at = 0; at <= length; at++) {
        SECRET_CLEANUP struct secret *secret = NULL;
        assert_int_equal(secret_new_empty(length + 1, &secret), 0);
        memcpy(secret_writable(secret), honest, at);
        memcpy(secret_writable(secret) + at + 1, honest + at, length - at);
        assert_int_equal(verifier_check(verifier, secret, &verified), REASON_MALFORMED);
    }
}

static void what_is_longer_than_8_kib_is_refused_unread(void **state)
{
    (void)state;
    static const size_t sizes[] = {8192 + 1, 100000, 1000000, 9000000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *text = malloc(sizes[i] + 1);
        memset(text, 'A', sizes[i]);
        text[sizes[i]] = '\0';
        memcpy(text, honest, strlen(honest));
        assert_int_equal(verifying_check(verifier, text, NULL), REASON_TOO_LONG);
        free(text);
    }
}

static void an_es256_signature_of_another_width_is_refused(void **state)
{
    (void)state;
    assert_int_equal(verifying_check(verifier_p256, honest_p256, NULL), REASON_NONE);
    char *signature = strrchr(honest_p256, '.') + 1;
    static const uint8_t zeros[64], short_one[63] = {1}, long_one[65] = {1};
    const struct {
        const uint8_t *bytes;
        size_t length;
    } rows[] = {{zeros, 64}, {short_one, 63}, {long_one, 65}, {zeros, 1}, {(const uint8_t *)honest, 64}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[4000];
        char *encoded = token_base64url(rows[i].bytes, rows[i].length);
        snprintf(text, sizeof text, "%.*s%s", (int)(signature - honest_p256), honest_p256, encoded);
        assert_int_equal(verifying_check(verifier_p256, text, NULL), REASON_SIGNATURE);
        free(encoded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mangled_token_is_refused_for_its_own_reason),
        cmocka_unit_test(the_last_character_has_one_spelling),
        cmocka_unit_test(the_other_alphabet_of_base64_is_refused),
        cmocka_unit_test(a_token_cut_anywhere_is_refused),
        cmocka_unit_test(a_nul_inside_or_after_is_refused),
        cmocka_unit_test(what_is_longer_than_8_kib_is_refused_unread),
        cmocka_unit_test(an_es256_signature_of_another_width_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
