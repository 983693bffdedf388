/* Signatures by exactly the pinned algorithm; which keys are fit is test_signature_keys.c's. */
// link: tests/unit/tokens.c
#include "token/signature.h"
#include "tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct token_key *rsa, *p256, *ed25519;

static int make_keys(void **state)
{
    (void)state;
    rsa = token_key_rsa(2048);
    p256 = token_key_ec("P-256");
    ed25519 = token_key_ed25519();
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    token_key_free(rsa);
    token_key_free(p256);
    token_key_free(ed25519);
    return 0;
}

static struct signature_key *load(const char *algorithm, const struct token_key *from)
{
    struct signature_key *key = NULL;
    const char *why = NULL;
    char *pem = token_public_pem(from);
    if (signature_key_from_pem(algorithm, pem, strlen(pem), &key, &why) != 0)
        fail_msg("%s: %s", algorithm, why);
    assert_null(why);
    assert_string_equal(signature_key_algorithm(key), algorithm);
    free(pem);
    return key;
}

static bool verify(const struct signature_key *key, const char *token)
{
    struct jwt_text text;
    assert_int_equal(jwt_text_parse(token, strlen(token), &text), REASON_NONE);
    return signature_verify(key, &text);
}

static const struct pairing {
    const char *algorithm;
    struct token_key **key;
} pairings[] = {{"RS256", &rsa}, {"PS256", &rsa}, {"ES256", &p256}, {"EdDSA", &ed25519}};
enum { PAIRINGS = sizeof pairings / sizeof pairings[0] };

static char *honest(const struct pairing *pairing)
{
    char header[64];
    snprintf(header, sizeof header, "{\"alg\":\"%s\"}", pairing->algorithm);
    return token_mint(*pairing->key, pairing->algorithm, header, "{\"sub\":\"c2m_a\"}");
}

static void an_honest_signature_of_each_algorithm_is_valid_for_its_own_key_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAIRINGS; i++) {
        char *token = honest(&pairings[i]);
        for (size_t j = 0; j < PAIRINGS; j++) {
            struct signature_key *key = load(pairings[j].algorithm, *pairings[j].key);
            assert_int_equal(verify(key, token), i == j);
            signature_key_free(key);
        }
        free(token);
    }
}

static void a_flipped_bit_anywhere_is_invalid(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAIRINGS; i++) {
        struct signature_key *key = load(pairings[i].algorithm, *pairings[i].key);
        char *token = honest(&pairings[i]);
        struct jwt_text text;
        assert_int_equal(jwt_text_parse(token, strlen(token), &text), REASON_NONE);
        for (size_t bit = 0; bit < text.signature_length * 8; bit += 7) {
            text.signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_false(signature_verify(key, &text));
            text.signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        assert_true(signature_verify(key, &text));
        for (size_t at = 0; at < text.signed_length; at++) {
            token[at] ^= 1;
            assert_false(signature_verify(key, &text));
            token[at] ^= 1;
        }
        free(token);
        signature_key_free(key);
    }
}

static void a_signature_has_exactly_its_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAIRINGS; i++) {
        struct signature_key *key = load(pairings[i].algorithm, *pairings[i].key);
        char *token = honest(&pairings[i]);
        struct jwt_text text;
        assert_int_equal(jwt_text_parse(token, strlen(token), &text), REASON_NONE);
        size_t right = text.signature_length;
        for (text.signature_length = 0; text.signature_length <= JWT_SIGNATURE_MAX; text.signature_length++)
            if (text.signature_length != right)
                assert_false(signature_verify(key, &text));
        free(token);
        signature_key_free(key);
    }
}

static void the_numbers_of_an_es256_signature_are_in_range(void **state)
{
    (void)state;
    static const uint8_t order[32] = {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25,
        0x51};
    static const uint8_t zero[32], one[32] = {[31] = 1};
    uint8_t highest[32];
    memset(highest, 0xff, sizeof highest);
    const uint8_t *const numbers[] = {zero, one, order, highest};
    struct signature_key *key = load("ES256", p256);
    char *token = honest(&pairings[2]);
    struct jwt_text text;
    assert_int_equal(jwt_text_parse(token, strlen(token), &text), REASON_NONE);
    for (int half = 0; half < 64; half += 32)
        for (size_t i = 0; i < 4; i++) {
            struct jwt_text other = text;
            memcpy(other.signature + half, numbers[i], 32);
            assert_false(signature_verify(key, &other));
        }
    for (size_t i = 0; i < 16; i++) {
        memcpy(text.signature, numbers[i / 4], 32);
        memcpy(text.signature + 32, numbers[i % 4], 32);
        assert_false(signature_verify(key, &text));
    }
    free(token);
    signature_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_signature_of_each_algorithm_is_valid_for_its_own_key_alone),
        cmocka_unit_test(a_flipped_bit_anywhere_is_invalid),
        cmocka_unit_test(a_signature_has_exactly_its_length),
        cmocka_unit_test(the_numbers_of_an_es256_signature_are_in_range),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
