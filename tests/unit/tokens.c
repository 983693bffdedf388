/* A JWT implementation for tests, straight on OpenSSL: it signs whatever it is told to. */
#include "tokens.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct token_key {
    EVP_PKEY *pair; /* NULL: the secret of an HMAC */
    void *secret;
    size_t length;
};

/* VALUE, which must be true: a test whose own tools fail proves nothing. */
static void must(int value, const char *what)
{
    if (value)
        return;
    fprintf(stderr, "tokens.c: %s failed\n", what);
    abort();
}

static void *memory(size_t size)
{
    void *made = calloc(1, size);
    must(made != NULL, "calloc");
    return made;
}

static struct token_key *key_of(EVP_PKEY *pair)
{
    must(pair != NULL, "making a key");
    struct token_key *key = memory(sizeof *key);
    key->pair = pair;
    return key;
}

struct token_key *token_key_rsa(unsigned bits)
{
    return key_of(EVP_RSA_gen(bits));
}

struct token_key *token_key_ec(const char *curve)
{
    return key_of(EVP_EC_gen(curve));
}

struct token_key *token_key_ed25519(void)
{
    return key_of(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
}

struct token_key *token_key_hmac(const void *secret, size_t length)
{
    struct token_key *key = memory(sizeof *key);
    key->secret = memory(length + 1);
    memcpy(key->secret, secret, length);
    key->length = length;
    return key;
}

void token_key_free(struct token_key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pair);
    free(key->secret);
    free(key);
}

static char *text_of(BIO *bio)
{
    char *bytes;
    long length = BIO_get_mem_data(bio, &bytes);
    char *text = memory((size_t)length + 1);
    memcpy(text, bytes, (size_t)length);
    BIO_free(bio);
    return text;
}

char *token_public_pem(const struct token_key *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    must(bio && PEM_write_bio_PUBKEY(bio, key->pair) == 1, "writing a public key");
    return text_of(bio);
}

char *token_private_pem(const struct token_key *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    must(bio && PEM_write_bio_PrivateKey(bio, key->pair, NULL, NULL, 0, NULL, NULL) == 1, "writing a key");
    return text_of(bio);
}

char *token_base64url(const void *bytes, size_t length)
{
    char *text = memory(length / 3 * 4 + 5);
    EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
    for (char *c = text; *c; c++) {
        if (*c == '=')
            *c = '\0';
        else if (*c == '+' || *c == '/')
            *c = *c == '+' ? '-' : '_';
    }
    return text;
}

char *token_json(const char *text)
{
    char *json = memory(strlen(text) + 1);
    for (size_t i = 0; text[i]; i++)
        json[i] = text[i] == '\'' ? '"' : text[i];
    return json;
}

static char *number_of(const struct token_key *key, const char *name, int width)
{
    BIGNUM *number = NULL;
    must(EVP_PKEY_get_bn_param(key->pair, name, &number) == 1, "reading a number");
    int length = width ? width : BN_num_bytes(number);
    uint8_t *bytes = memory((size_t)length);
    BN_bn2binpad(number, bytes, length);
    char *text = token_base64url(bytes, (size_t)length);
    free(bytes);
    BN_free(number);
    return text;
}

static char *jwk_numbers(const struct token_key *key, const char *kind, const char *one, const char *two)
{
    bool rsa = strcmp(kind, "RSA") == 0;
    int width = rsa ? 0 : (EVP_PKEY_get_bits(key->pair) + 7) / 8;
    char *a = number_of(key, one, width), *b = number_of(key, two, width), *made = NULL;
    must(asprintf(&made, rsa ? "'kty':'%s'%s,'n':'%s','e':'%s'" : "'kty':'%s'%s,'x':'%s','y':'%s'", kind,
             rsa           ? ""
             : width == 32 ? ",'crv':'P-256'"
                           : ",'crv':'P-384'",
             a, b) > 0,
        "asprintf");
    free(a);
    free(b);
    return made;
}

static char *jwk_okp(const struct token_key *key)
{
    uint8_t raw[32];
    size_t length = sizeof raw;
    char *made = NULL;
    must(EVP_PKEY_get_raw_public_key(key->pair, raw, &length) == 1, "reading a key");
    char *x = token_base64url(raw, length);
    must(asprintf(&made, "'kty':'OKP','crv':'Ed25519','x':'%s'", x) > 0, "asprintf");
    free(x);
    return made;
}

char *token_public_jwk(const struct token_key *key, const char *more)
{
    char *members = EVP_PKEY_is_a(key->pair, "RSA")
                        ? jwk_numbers(key, "RSA", OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E)
                    : EVP_PKEY_is_a(key->pair, "EC")
                        ? jwk_numbers(key, "EC", OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y)
                        : jwk_okp(key);
    char *text = NULL;
    must(asprintf(&text, "{%s%s}", members, more) > 0, "asprintf");
    char *json = token_json(text);
    free(members);
    free(text);
    return json;
}

/* DER to r || s, each as wide as the curve. */
static uint8_t *pair_of(const struct token_key *key, const uint8_t *der, size_t der_length, size_t *length)
{
    int width = (EVP_PKEY_get_bits(key->pair) + 7) / 8;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)der_length);
    must(signature != NULL, "reading a signature");
    uint8_t *out = memory(2 * (size_t)width);
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, width);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + width, width);
    ECDSA_SIG_free(signature);
    *length = 2 * (size_t)width;
    return out;
}

static uint8_t *sign(
    const struct token_key *key, const char *algorithm, const char *bytes, size_t length, size_t *out_length)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *padding;
    const EVP_MD *digest = strstr(algorithm, "512") ? EVP_sha512() : EVP_sha256();
    must(EVP_DigestSignInit(context, &padding, algorithm[0] == 'E' && algorithm[1] == 'd' ? NULL : digest,
             NULL, key->pair) == 1,
        "beginning a signature");
    if (algorithm[0] == 'P') {
        must(EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1, "padding");
        must(EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) == 1, "salt");
    }
    must(EVP_DigestSign(context, NULL, out_length, (const uint8_t *)bytes, length) == 1,
        "measuring a signature");
    uint8_t *out = memory(*out_length + 1);
    must(EVP_DigestSign(context, out, out_length, (const uint8_t *)bytes, length) == 1, "signing");
    EVP_MD_CTX_free(context);
    return out;
}

uint8_t *token_signature(
    const struct token_key *key, const char *algorithm, const char *bytes, size_t length, size_t *out_length)
{
    *out_length = 0;
    if (strcmp(algorithm, "none") == 0)
        return memory(1);
    if (algorithm[0] == 'H') {
        unsigned size = 0;
        uint8_t *out = memory(EVP_MAX_MD_SIZE);
        HMAC(strcmp(algorithm, "HS512") == 0 ? EVP_sha512() : EVP_sha256(), key->secret, (int)key->length,
            (const uint8_t *)bytes, length, out, &size);
        *out_length = size;
        return out;
    }
    uint8_t *made = sign(key, algorithm, bytes, length, out_length);
    if (strcmp(algorithm, "ES256") != 0)
        return made;
    uint8_t *pair = pair_of(key, made, *out_length, out_length);
    free(made);
    return pair;
}

char *token_mint_encoded(const struct token_key *key, const char *algorithm, const char *signed_text)
{
    size_t length;
    uint8_t *signature = token_signature(key, algorithm, signed_text, strlen(signed_text), &length);
    char *encoded = token_base64url(signature, length);
    char *token = NULL;
    must(asprintf(&token, "%s.%s", signed_text, encoded) > 0, "asprintf");
    free(encoded);
    free(signature);
    return token;
}

char *token_mint_bytes(const struct token_key *key, const char *algorithm, const char *header,
    size_t header_length, const char *payload, size_t payload_length)
{
    char *first = token_base64url(header, header_length);
    char *second = token_base64url(payload, payload_length);
    char *text = NULL;
    must(asprintf(&text, "%s.%s", first, second) > 0, "asprintf");
    char *token = token_mint_encoded(key, algorithm, text);
    free(first);
    free(second);
    free(text);
    return token;
}

char *token_mint(const struct token_key *key, const char *algorithm, const char *header, const char *payload)
{
    return token_mint_bytes(key, algorithm, header, strlen(header), payload, strlen(payload));
}

char *token_payload(const char *subject, const char *id, int64_t issued, int64_t expires, const char *more)
{
    char *payload = NULL;
    must(asprintf(&payload,
             "{\"sub\":\"%s\",\"iss\":\"c2m-api\",\"jti\":\"%s\",\"iat\":%lld,\"exp\":%lld,\"token_type\":"
             "\"short\"%s}",
             subject, id, (long long)issued, (long long)expires, more) > 0,
        "asprintf");
    return payload;
}
