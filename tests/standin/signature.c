/* Signatures of JWTs: see signature.h. */
#include "signature.h"

#include "bytes.h"
#include "memory.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

struct algorithm {
    const char *name;
    const char *key_type; /* as OpenSSL names it */
    const char *digest; /* NULL: the key's own */
    const char *curve;
    bool pss;
};

static const struct algorithm algorithms[] = {
    {"RS256", "RSA", "SHA256", NULL, false},
    {"RS384", "RSA", "SHA384", NULL, false},
    {"RS512", "RSA", "SHA512", NULL, false},
    {"PS256", "RSA", "SHA256", NULL, true},
    {"ES256", "EC", "SHA256", "prime256v1", false},
    {"ES384", "EC", "SHA384", "secp384r1", false},
    {"HS256", "HMAC", "SHA256", NULL, false},
    {"HS384", "HMAC", "SHA384", NULL, false},
    {"HS512", "HMAC", "SHA512", NULL, false},
    {"EdDSA", "ED25519", NULL, NULL, false},
};

static void free_context(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}
#define OWN_CONTEXT __attribute__((cleanup(free_context)))

const struct algorithm *signature_algorithm(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof algorithms / sizeof *algorithms; i++)
        if (strcmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    return NULL;
}

EVP_PKEY *signature_secret(const char *secret, size_t length)
{
    OWN_TEXT char *copy = memory_copy_bytes(secret, length);
    return EVP_PKEY_new_mac_key(EVP_PKEY_HMAC, NULL, (const unsigned char *)copy, (int)length);
}

static bool is_shared(const struct algorithm *algorithm)
{
    return strcmp(algorithm->key_type, "HMAC") == 0;
}

EVP_PKEY *signature_new_key(const struct algorithm *algorithm)
{
    char secret[32];
    if (is_shared(algorithm)) {
        bytes_random(secret, sizeof secret);
        return signature_secret(secret, sizeof secret);
    }
    if (algorithm->curve != NULL)
        return EVP_EC_gen(algorithm->curve);
    if (strcmp(algorithm->key_type, "RSA") == 0)
        return EVP_RSA_gen(2048);
    return EVP_PKEY_Q_keygen(NULL, NULL, algorithm->key_type);
}

bool signature_key_fits(const struct algorithm *algorithm, EVP_PKEY *key)
{
    char curve[64] = "";
    if (algorithm == NULL || key == NULL || !EVP_PKEY_is_a(key, algorithm->key_type))
        return false;
    if (algorithm->curve == NULL)
        return true;
    EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL);
    return strcmp(curve, algorithm->curve) == 0;
}

static size_t coordinate_size(EVP_PKEY *key)
{
    return ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
}

/* OpenSSL writes ECDSA as DER; RFC 7518 wants r and s side by side, each as wide as the curve. */
static int to_raw(EVP_PKEY *key, unsigned char **signature, size_t *length)
{
    const unsigned char *der = *signature;
    size_t width = coordinate_size(key);
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)*length);
    if (pair == NULL)
        return -1;
    free(*signature);
    *signature = memory_zeroed(2 * width, 1);
    *length = 2 * width;
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), *signature, (int)width);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), *signature + width, (int)width);
    ECDSA_SIG_free(pair);
    return 0;
}

static int to_der(EVP_PKEY *key, const unsigned char *raw, size_t length, unsigned char **der)
{
    size_t width = coordinate_size(key);
    if (length != 2 * width)
        return -1;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(raw, (int)width, NULL), BN_bin2bn(raw + width, (int)width, NULL));
    int der_length = i2d_ECDSA_SIG(pair, der);
    ECDSA_SIG_free(pair);
    return der_length;
}

static int set_padding(const struct algorithm *algorithm, EVP_PKEY_CTX *context)
{
    if (!algorithm->pss)
        return 1;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

int signature_make(const struct algorithm *algorithm, EVP_PKEY *key, const char *text, unsigned char **out,
    size_t *out_length)
{
    OWN_CONTEXT EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *parameters = NULL;
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = strlen(text), room = 0;
    if (!signature_key_fits(algorithm, key) ||
        EVP_DigestSignInit_ex(context, &parameters, algorithm->digest, NULL, NULL, key, NULL) != 1 ||
        !set_padding(algorithm, parameters) || EVP_DigestSign(context, NULL, &room, bytes, length) != 1)
        return -1;
    unsigned char *signature = memory_zeroed(room, 1);
    if (EVP_DigestSign(context, signature, &room, bytes, length) != 1 ||
        (algorithm->curve != NULL && to_raw(key, &signature, &room) != 0)) {
        free(signature);
        return -1;
    }
    *out = signature;
    *out_length = room;
    return 0;
}

static bool mac_holds(const struct algorithm *algorithm, EVP_PKEY *key, const char *text, size_t length,
    const unsigned char *signature, size_t signature_length)
{
    OWN_TEXT char *copy = memory_copy_bytes(text, length);
    unsigned char *made = NULL;
    size_t made_length = 0;
    if (signature_make(algorithm, key, copy, &made, &made_length) != 0)
        return false;
    bool same = made_length == signature_length && CRYPTO_memcmp(made, signature, made_length) == 0;
    free(made);
    return same;
}

bool signature_holds(const struct algorithm *algorithm, EVP_PKEY *key, const char *text, size_t length,
    const unsigned char *signature, size_t signature_length)
{
    if (!signature_key_fits(algorithm, key))
        return false;
    if (is_shared(algorithm))
        return mac_holds(algorithm, key, text, length, signature, signature_length);
    OWN_CONTEXT EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *parameters = NULL;
    unsigned char *der = NULL;
    if (algorithm->curve != NULL) {
        int der_length = to_der(key, signature, signature_length, &der);
        if (der_length <= 0)
            return false;
        signature = der;
        signature_length = (size_t)der_length;
    }
    bool holds =
        EVP_DigestVerifyInit_ex(context, &parameters, algorithm->digest, NULL, NULL, key, NULL) == 1 &&
        set_padding(algorithm, parameters) &&
        EVP_DigestVerify(context, signature, signature_length, (const unsigned char *)text, length) == 1;
    OPENSSL_free(der);
    return holds;
}
