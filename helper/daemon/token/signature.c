/*
 * OpenSSL. A table says what each algorithm asks of its key and how its signatures are written; the header's
 * word picks nothing, it must only be the pinned one.
 */
#include "token/signature.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "base/vault.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <errno.h>
#include <string.h>

enum {
    RSA_BITS_MIN = 2048,
    RSA_BITS_MAX = 8192,
    RSA_EXPONENT_BITS_MAX = 64,
    HALF = 32, /* of an ES256 signature */
    SECRET_MIN = 32, /* of HS256: as long as its hash (RFC 7518, 3.2) */
    SECRET_MAX = 1024
};

struct algorithm {
    const char *name;
    int key_type;
    const char *(*judge)(EVP_PKEY *key); /* NULL when the key is fit, else why not; HS256 has no public key */
    bool (*verify)(const struct signature_key *key, const struct jwt_text *text);
    bool hashed; /* by SHA-256; Ed25519 hashes by itself */
    bool pss;
};

struct signature_key {
    const struct algorithm *algorithm;
    struct secret *secret; /* of HS256, and then nothing else */
    size_t signature_size;
    EVP_MD_CTX *prepared; /* a verification that is begun; each check goes on from a copy, which saves 3 us */
};

/* What lies between BEGIN and END. */
struct block {
    char *label, *header;
    unsigned char *der;
    long length;
};

static void free_block(struct block *block)
{
    OPENSSL_free(block->label);
    OPENSSL_free(block->header);
    OPENSSL_clear_free(block->der, (size_t)block->length);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): a type cannot have them */
#define FREE_WITH(name, type, function) \
    static void name(type **variable) \
    { \
        function(*variable); \
    }
/* NOLINTEND(bugprone-macro-parentheses) */
FREE_WITH(free_key, EVP_PKEY, EVP_PKEY_free)
FREE_WITH(free_bio, BIO, BIO_free)
FREE_WITH(free_key_context, EVP_PKEY_CTX, EVP_PKEY_CTX_free)
FREE_WITH(free_digest_context, EVP_MD_CTX, EVP_MD_CTX_free)
FREE_WITH(free_number, BIGNUM, BN_free)
FREE_WITH(free_pair, ECDSA_SIG, ECDSA_SIG_free)
FREE_WITH(free_der, unsigned char, OPENSSL_free)

/* With e = 1 a signature is its own message. */
static const char *judge_rsa(EVP_PKEY *key)
{
    int bits = EVP_PKEY_get_bits(key);
    if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX)
        return "an RSA key must have 2048 to 8192 bits";
    CLEANUP(free_number) BIGNUM *exponent = NULL;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1)
        return "the RSA key cannot be read";
    if (!BN_is_odd(exponent) || BN_is_one(exponent) || BN_num_bits(exponent) > RSA_EXPONENT_BITS_MAX)
        return "the RSA key's public exponent is not a sound one";
    return NULL;
}

/* A curve that is spelled out may have a generator of the forger's choice. */
static const char *judge_p256(EVP_PKEY *key)
{
    char group[32];
    int spelled_out = 1;
    if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL) != 1 ||
        strcmp(group, "prime256v1") != 0)
        return "ES256 needs a key on the curve P-256";
    EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &spelled_out);
    return spelled_out ? "the EC key must name its curve instead of spelling it out" : NULL;
}

static const char *judge_ed25519(EVP_PKEY *key)
{
    uint8_t point[32];
    size_t length = sizeof point;
    bool sound = EVP_PKEY_get_raw_public_key(key, point, &length) == 1 && length == sizeof point &&
                 vault_ed25519_sound(point);
    return sound ? NULL : "the Ed25519 key is not a sound one";
}

static EVP_MD_CTX *prepare(const struct algorithm *algorithm, EVP_PKEY *key)
{
    CLEANUP(free_digest_context) EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *padding = NULL; /* the context's */
    const EVP_MD *digest = algorithm->hashed ? EVP_sha256() : NULL;
    if (!context || EVP_DigestVerifyInit(context, &padding, digest, NULL, key) != 1)
        return NULL;
    if (algorithm->pss && (EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) != 1 ||
                              EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) != 1))
        return NULL;
    return STEAL(context);
}

/* Exactly 1 is valid: 0 and what is below are wrong signatures and faults. */
static bool verify(
    const struct signature_key *key, const uint8_t *signature, size_t length, const struct jwt_text *text)
{
    CLEANUP(free_digest_context) EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_MD_CTX_copy_ex(context, key->prepared) != 1)
        return false;
    const uint8_t *bytes = (const uint8_t *)text->bytes;
    return EVP_DigestVerify(context, signature, length, bytes, text->signed_length) == 1;
}

static bool verify_plain(const struct signature_key *key, const struct jwt_text *text)
{
    return text->signature_length == key->signature_size &&
           verify(key, text->signature, text->signature_length, text);
}

/* True for 1 .. n - 1, n being the order of P-256. */
static bool in_range(const uint8_t number[HALF])
{
    static const uint8_t zero[HALF];
    static const uint8_t order[HALF] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2,
        0xfc, 0x63, 0x25, 0x51};
    return memcmp(number, zero, HALF) != 0 && memcmp(number, order, HALF) < 0;
}

/* A JWS holds r and s in 32 bytes each, OpenSSL wants them in DER. */
static bool verify_pair(const struct signature_key *key, const struct jwt_text *text)
{
    if (text->signature_length != 2UL * HALF || !in_range(text->signature) ||
        !in_range(text->signature + HALF))
        return false;
    CLEANUP(free_pair) ECDSA_SIG *pair = ECDSA_SIG_new();
    CLEANUP(free_number) BIGNUM *r = BN_bin2bn(text->signature, HALF, NULL);
    CLEANUP(free_number) BIGNUM *s = BN_bin2bn(text->signature + HALF, HALF, NULL);
    if (!pair || !r || !s || ECDSA_SIG_set0(pair, r, s) != 1)
        return false;
    r = s = NULL; /* the pair's */
    CLEANUP(free_der) unsigned char *der = NULL;
    int length = i2d_ECDSA_SIG(pair, &der);
    return length > 0 && verify(key, der, (size_t)length, text);
}

static bool verify_mac(const struct signature_key *key, const struct jwt_text *text)
{
    return text->signature_length == VAULT_HASH_SIZE &&
           vault_mac_valid(secret_bytes(key->secret), secret_length(key->secret), text->bytes,
               text->signed_length, text->signature);
}

static const struct algorithm shared = {"HS256", EVP_PKEY_NONE, NULL, verify_mac, .hashed = true};

/* Of public keys: what is written in one never becomes a secret. */
static const struct algorithm algorithms[] = {
    {"RS256", EVP_PKEY_RSA, judge_rsa, verify_plain, .hashed = true},
    {"PS256", EVP_PKEY_RSA, judge_rsa, verify_plain, .hashed = true, .pss = true},
    {"ES256", EVP_PKEY_EC, judge_p256, verify_pair, .hashed = true},
    {"EdDSA", EVP_PKEY_ED25519, judge_ed25519, verify_plain, .hashed = false},
};

static const struct algorithm *algorithm_named(const char *name)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
        if (strcmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    return NULL;
}

static const char *parse(const unsigned char *der, long length, EVP_PKEY **out)
{
    const unsigned char *cursor = der;
    *out = d2i_PUBKEY(NULL, &cursor, length);
    return *out && cursor == der + length ? NULL : "the public key cannot be read";
}

/* PEM_read_bio only takes the text apart: unlike PEM_read_bio_PUBKEY it never asks for a passphrase. */
static const char *read_pem(BIO *bio, EVP_PKEY **out)
{
    CLEANUP(free_block) struct block block = {0}, more = {0};
    if (PEM_read_bio(bio, &block.label, &block.header, &block.der, &block.length) != 1)
        return "the file holds no key in PEM, nor a JWK";
    if (strstr(block.label, "PRIVATE KEY"))
        return "the file holds a private key: give the public one, made with `openssl pkey -pubout`";
    if (strcmp(block.label, "CERTIFICATE") == 0)
        return "the file holds a certificate: give its key, made with `openssl x509 -pubkey -noout`";
    if (strcmp(block.label, "PUBLIC KEY") != 0 || block.header[0] != '\0')
        return "the file must hold BEGIN PUBLIC KEY, not encrypted";
    if (PEM_read_bio(bio, &more.label, &more.header, &more.der, &more.length) == 1)
        return "the file holds more than one key";
    return parse(block.der, block.length, out);
}

/* EVP_PKEY_public_check: the point is on its curve; the modulus is no prime and has no small factor. */
static const char *judge(const struct algorithm *algorithm, EVP_PKEY *key)
{
    if (EVP_PKEY_get_base_id(key) != algorithm->key_type)
        return "the key is not of the kind that the algorithm needs";
    const char *why = algorithm->judge(key);
    if (why)
        return why;
    CLEANUP(free_key_context) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    return context && EVP_PKEY_public_check(context) == 1 ? NULL : "the public key is not a sound one";
}

/* OpenSSL only says that it failed. Where malloc left word that it was memory, nobody knows what the key is. */
static int refusal(const char **why)
{
    if (errno != ENOMEM)
        return -EINVAL;
    *why = "out of memory";
    return -ENOMEM;
}

static int make(
    const struct algorithm *algorithm, EVP_PKEY *key, struct signature_key **out, const char **why)
{
    *why = judge(algorithm, key);
    if (*why)
        return refusal(why);
    CLEANUP_FREE struct signature_key *made = calloc(1, sizeof *made);
    EVP_MD_CTX *prepared = made ? prepare(algorithm, key) : NULL;
    if (!prepared) {
        *why = "out of memory";
        return -ENOMEM;
    }
    *made = (struct signature_key){
        .algorithm = algorithm, .signature_size = (size_t)EVP_PKEY_get_size(key), .prepared = prepared};
    *out = STEAL(made);
    return 0;
}

static const char unknown_algorithm[] = "the algorithm must be RS256, PS256, ES256 or EdDSA";

int signature_key_from_pem(
    const char *algorithm, const char *pem, size_t length, struct signature_key **out, const char **why)
{
    const struct algorithm *found = algorithm_named(algorithm);
    errno = 0;
    CLEANUP(free_bio) BIO *bio = length <= INT32_MAX ? BIO_new_mem_buf(pem, (int)length) : NULL;
    CLEANUP(free_key) EVP_PKEY *key = NULL;
    *why = !found ? unknown_algorithm : bio ? read_pem(bio, &key) : "the key cannot be held in memory";
    int r = *why ? refusal(why) : make(found, key, out, why);
    ERR_clear_error();
    return r;
}

int signature_key_from_der(
    const char *algorithm, const uint8_t *der, size_t length, struct signature_key **out, const char **why)
{
    const struct algorithm *found = algorithm_named(algorithm);
    CLEANUP(free_key) EVP_PKEY *key = NULL;
    errno = 0;
    *why = !found                ? unknown_algorithm
           : length <= INT32_MAX ? parse(der, (long)length, &key)
                                 : "the key is too long";
    int r = *why ? refusal(why) : make(found, key, out, why);
    ERR_clear_error();
    return r;
}

int signature_key_from_secret(const void *bytes, size_t length, struct signature_key **out, const char **why)
{
    *why = length < SECRET_MIN ? "a secret of HS256 must have 32 bytes at least"
                               : "a secret of HS256 may have 1,024 bytes at most";
    if (length < SECRET_MIN || length > SECRET_MAX)
        return -EINVAL;
    CLEANUP_FREE struct signature_key *made = calloc(1, sizeof *made);
    *why = "out of memory";
    if (!made || secret_new(bytes, length, &made->secret) < 0)
        return -ENOMEM;
    made->algorithm = &shared;
    *why = NULL;
    *out = STEAL(made);
    return 0;
}

void signature_key_free(struct signature_key *key)
{
    if (!key)
        return;
    EVP_MD_CTX_free(key->prepared);
    secret_free(key->secret);
    free(key);
}

const char *signature_key_algorithm(const struct signature_key *key)
{
    return key->algorithm->name;
}

bool signature_verify(const struct signature_key *key, const struct jwt_text *text)
{
    if (strcmp(key->algorithm->name, text->algorithm) != 0)
        return false;
    bool valid = key->algorithm->verify(key, text);
    ERR_clear_error();
    return valid;
}
