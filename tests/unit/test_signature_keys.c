/* Which keys are fit: what is not is refused with a sentence, and nothing is ever asked on a terminal. */
// link: tests/unit/tokens.c
#include "token/signature.h"
#include "tokens.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int load(const char *algorithm, const char *pem, size_t length, const char **why)
{
    struct signature_key *key = NULL;
    *why = NULL;
    int r = signature_key_from_pem(algorithm, pem, length, &key, why);
    assert_int_equal(key != NULL, r == 0);
    assert_int_equal(*why == NULL, r == 0);
    signature_key_free(key);
    return r;
}

/* WORD stands in the sentence. PEM is freed. */
static void refuse(const char *algorithm, char *pem, const char *word)
{
    const char *why;
    assert_int_equal(load(algorithm, pem, strlen(pem), &why), -EINVAL);
    if (!strstr(why, word))
        fail_msg("\"%s\" says nothing of \"%s\"", why, word);
    free(pem);
}

static void accept(const char *algorithm, char *pem)
{
    const char *why;
    if (load(algorithm, pem, strlen(pem), &why) != 0)
        fail_msg("%s", why);
    free(pem);
}

static void refuse_key(const char *algorithm, struct token_key *from, const char *word)
{
    refuse(algorithm, token_public_pem(from), word);
    token_key_free(from);
}

/* The public key in PEM, which becomes the caller's; KEY is freed. */
static char *pem_of(EVP_PKEY *key)
{
    assert_non_null(key);
    char *bytes, *text;
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PUBKEY(bio, key), 1);
    long length = BIO_get_mem_data(bio, &bytes);
    text = strndup(bytes, (size_t)length);
    BIO_free(bio);
    EVP_PKEY_free(key);
    return text;
}

static char *rsa_pem(const BIGNUM *modulus, const char *exponent)
{
    BIGNUM *e = NULL;
    EVP_PKEY *key = NULL;
    BN_hex2bn(&e, exponent);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(e);
    return pem_of(key);
}

static void keys_of_a_wrong_kind_curve_or_size_are_refused(void **state)
{
    (void)state;
    refuse_key("RS256", token_key_rsa(512), "2048");
    refuse_key("RS256", token_key_rsa(1024), "2048");
    refuse_key("PS256", token_key_rsa(1024), "2048");
    refuse_key("RS256", token_key_rsa(2040), "2048");
    refuse_key("ES256", token_key_ec("P-384"), "P-256");
    refuse_key("ES256", token_key_ec("P-521"), "P-256");
    refuse_key("ES256", token_key_ec("secp256k1"), "P-256");
    refuse_key("RS256", token_key_ec("P-256"), "kind");
    refuse_key("PS256", token_key_ed25519(), "kind");
    refuse_key("ES256", token_key_ed25519(), "kind");
    refuse_key("EdDSA", token_key_ec("P-256"), "kind");
    refuse_key("EdDSA", token_key_rsa(2048), "kind");
    refuse_key("ES256", token_key_rsa(2048), "kind");
    refuse("EdDSA", pem_of(EVP_PKEY_Q_keygen(NULL, NULL, "ED448")), "kind");
    refuse("EdDSA", pem_of(EVP_PKEY_Q_keygen(NULL, NULL, "X25519")), "kind");
}

static void an_rsa_pss_key_is_refused(void **state)
{
    (void)state;
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
    assert_int_equal(EVP_PKEY_keygen_init(context), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048), 1);
    assert_int_equal(EVP_PKEY_generate(context, &key), 1);
    EVP_PKEY_CTX_free(context);
    refuse("PS256", pem_of(key), "kind");
}

static void other_algorithms_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "none", "None", "", "HS256", "RS384", "RS512", "ES384", "ES256K", "rs256", "RS256 ", "Ed25519"};
    struct token_key *rsa = token_key_rsa(2048);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        refuse(names[i], token_public_pem(rsa), "algorithm");
    token_key_free(rsa);
}

/* With e = 1 anybody can write a valid signature; with a prime modulus anybody can make the private key. */
static void rsa_keys_that_anybody_can_sign_with_are_refused(void **state)
{
    (void)state;
    BIGNUM *modulus = BN_new(), *prime = BN_get_rfc3526_prime_2048(NULL), *small = BN_new();
    struct token_key *pair = token_key_rsa(2048);
    char *pem = token_public_pem(pair);
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus), 1);
    accept("RS256", rsa_pem(modulus, "010001"));
    accept("RS256", rsa_pem(modulus, "3"));
    refuse("RS256", rsa_pem(modulus, "1"), "exponent");
    refuse("RS256", rsa_pem(modulus, "2"), "exponent");
    refuse("RS256", rsa_pem(modulus, "010000"), "exponent");
    refuse("RS256", rsa_pem(modulus, "01000000000000000000000001"), "exponent");
    refuse("RS256", rsa_pem(prime, "010001"), "sound");
    BN_copy(small, modulus); /* three times something */
    BN_mul_word(small, 3);
    refuse("PS256", rsa_pem(small, "010001"), "sound");
    EVP_PKEY_free(key);
    BIO_free(bio);
    free(pem);
    token_key_free(pair);
    BN_free(modulus);
    BN_free(prime);
    BN_free(small);
}

static void a_curve_that_is_spelled_out_is_refused(void **state)
{
    (void)state;
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    assert_int_equal(EVP_PKEY_keygen_init(context), 1);
    assert_int_equal(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1), 1);
    assert_int_equal(EVP_PKEY_CTX_set_ec_param_enc(context, OPENSSL_EC_EXPLICIT_CURVE), 1);
    assert_int_equal(EVP_PKEY_generate(context, &key), 1);
    EVP_PKEY_CTX_free(context);
    refuse("ES256", pem_of(key), "curve");
}

static char *wrapped(const char *label, const char *header, const unsigned char *der, long length)
{
    char *bytes;
    BIO *bio = BIO_new(BIO_s_mem());
    assert_true(PEM_write_bio(bio, label, header, der, length) > 0);
    long size = BIO_get_mem_data(bio, &bytes);
    char *text = strndup(bytes, (size_t)size);
    BIO_free(bio);
    return text;
}

static void what_is_not_exactly_one_public_key_is_refused(void **state)
{
    (void)state;
    struct token_key *pair = token_key_ec("P-256");
    char *pem = token_public_pem(pair), *label, *header, *both = NULL;
    unsigned char *der;
    long length;
    BIO *bio = BIO_new_mem_buf(pem, -1);
    assert_int_equal(PEM_read_bio(bio, &label, &header, &der, &length), 1);
    BIO_free(bio);
    refuse("ES256", strdup(""), "PEM");
    refuse("ES256", strdup("0123456789abcdef0123456789abcdef"), "PEM");
    refuse("ES256", strndup(pem, strlen(pem) / 2), "PEM");
    refuse("ES256", token_private_pem(pair), "private");
    refuse("ES256", wrapped("CERTIFICATE", "", der, length), "certificate");
    refuse("ES256", wrapped("RSA PUBLIC KEY", "", der, length), "PUBLIC KEY");
    refuse("ES256",
        wrapped("PUBLIC KEY",
            "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n", der, length),
        "encrypted");
    refuse("ES256",
        wrapped("EC PRIVATE KEY",
            "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n", der, length),
        "private");
    refuse("ES256", wrapped("PUBLIC KEY", "", der, length - 1), "read");
    unsigned char longer[200] = {0};
    memcpy(longer, der, (size_t)length);
    refuse("ES256", wrapped("PUBLIC KEY", "", longer, length + 1), "read");
    longer[length - 1] ^= 1; /* a point beside the curve */
    refuse("ES256", wrapped("PUBLIC KEY", "", longer, length), "");
    assert_true(asprintf(&both, "%s%s", pem, pem) > 0);
    refuse("ES256", both, "more than one");
    accept("ES256", strdup(pem));
    assert_true(asprintf(&both, "the service's key:\n%s\n# until 2030\n", pem) > 0);
    accept("ES256", both);
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_free(der);
    free(pem);
    token_key_free(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_a_wrong_kind_curve_or_size_are_refused),
        cmocka_unit_test(an_rsa_pss_key_is_refused),
        cmocka_unit_test(other_algorithms_are_refused),
        cmocka_unit_test(rsa_keys_that_anybody_can_sign_with_are_refused),
        cmocka_unit_test(a_curve_that_is_spelled_out_is_refused),
        cmocka_unit_test(what_is_not_exactly_one_public_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
