/*
 * Four opinions of each token: the shipped verifier's, OpenSSL's of the bytes alone, libjwt's, and PyJWT's, which comes
 * with the token. What the verifier takes, all of them must take that know the algorithm.
 *
 *   differ DIRECTORY NOW <RECORDS
 *
 * DIRECTORY holds a key a file, "RS256" to "HS256". A record is a line "ALGORITHM PYJWT LENGTH" (PYJWT 0 or 1) and so
 * many bytes. A token that the verifier takes against one of them is printed; the last line counts.
 */
// fakes: clock
#include "token/base64url.h"
#include "token/verifier.h"

#include "fakes/clock.h"

#include <jwt.h>

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 5, FILE_MAX = 16384 };

static struct kind {
    const char *algorithm;
    bool libjwt; /* 1.10, of Debian 12, knows it */
    struct verifier *verifier;
    EVP_PKEY *key;
    char text[FILE_MAX]; /* PEM, or the secret */
    size_t length;
} kinds[KINDS] = {{"RS256", true, NULL, NULL, "", 0}, {"PS256", false, NULL, NULL, "", 0},
    {"ES256", true, NULL, NULL, "", 0}, {"EdDSA", false, NULL, NULL, "", 0},
    {"HS256", true, NULL, NULL, "", 0}};

static struct {
    unsigned long tokens, verifier, openssl, libjwt, pyjwt, laxer;
} counts;

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "differ: %s\n", what);
    exit(70);
}

static void load(struct kind *kind, const char *directory)
{
    const struct verifier_options options = {.issuer = "c2m-api", .tolerance = 30, .max_lifetime = 3600};
    char path[512];
    const char *why = "";
    struct keyset *keyset = NULL;
    bool secret = strcmp(kind->algorithm, "HS256") == 0;
    snprintf(path, sizeof path, "%s/%s", directory, kind->algorithm);
    int r = secret ? keyset_from_secret(path, &keyset, &why)
                   : keyset_from_file(path, kind->algorithm, &keyset, &why);
    must(r == 0, why);
    must(verifier_new(&options, keyset, &kind->verifier) == 0, "verifier_new");
    FILE *file = fopen(path, "r");
    must(file != NULL, path);
    kind->length = fread(kind->text, 1, sizeof kind->text - 1, file);
    if (!secret) {
        rewind(file);
        kind->key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
        must(kind->key != NULL, "PEM_read_PUBKEY");
    }
    fclose(file);
}

static bool verifier_takes(const struct kind *kind, const char *token, size_t length)
{
    SECRET_CLEANUP struct secret *secret = NULL;
    struct verified verified;
    if (length == 0)
        return false;
    must(secret_new(token, length, &secret) == 0, "secret_new");
    verifier_forget(kind->verifier);
    return verifier_check(kind->verifier, secret, &verified) == REASON_NONE;
}

/* r and s as OpenSSL wants them. */
static size_t to_der(const uint8_t *raw, size_t length, uint8_t der[160])
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    uint8_t *end = der;
    ECDSA_SIG_set0(pair, BN_bin2bn(raw, (int)length / 2, NULL),
        BN_bin2bn(raw + length / 2, (int)(length - length / 2), NULL));
    int written = length <= 132 ? i2d_ECDSA_SIG(pair, &end) : 0;
    ECDSA_SIG_free(pair);
    return written > 0 ? (size_t)written : 0;
}

static bool mac_valid(
    const struct kind *kind, const char *text, size_t length, const uint8_t *mac, size_t mac_length)
{
    uint8_t made[EVP_MAX_MD_SIZE];
    unsigned made_length = 0;
    HMAC(EVP_sha256(), kind->text, (int)kind->length, (const uint8_t *)text, length, made, &made_length);
    return mac_length == made_length && memcmp(mac, made, made_length) == 0;
}

static bool signature_valid(
    const struct kind *kind, const char *text, size_t length, const uint8_t *signature, size_t size)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    bool edwards = strcmp(kind->algorithm, "EdDSA") == 0;
    bool good = EVP_DigestVerifyInit(context, &options, edwards ? NULL : EVP_sha256(), NULL, kind->key) == 1;
    if (strcmp(kind->algorithm, "PS256") == 0)
        good = good && EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
    good = good && EVP_DigestVerify(context, signature, size, (const uint8_t *)text, length) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

/* Of all that stands before the last dot, whatever that is; the signature in any spelling that a decoder takes. */
static bool openssl_takes(const struct kind *kind, const char *token, size_t length)
{
    uint8_t signature[2048], der[160], *bytes = signature;
    char last[2048];
    const char *dot = memrchr(token, '.', length);
    if (!dot || length - (size_t)(dot - token) >= sizeof last)
        return false;
    size_t size = length - (size_t)(dot - token) - 1;
    memcpy(last, dot + 1, size);
    while (size > 0 && strchr("=\n\r ", last[size - 1]))
        size--;
    for (size_t i = 0; i < size; i++)
        last[i] = last[i] == '+' ? '-' : last[i] == '/' ? '_' : last[i];
    long decoded = base64url_decode(last, size, signature, sizeof signature);
    if (decoded <= 0)
        return false;
    size = (size_t)decoded;
    size_t before = (size_t)(dot - token);
    if (!kind->key)
        return mac_valid(kind, token, before, signature, size);
    if (strcmp(kind->algorithm, "ES256") == 0) {
        size = to_der(signature, size, der);
        bytes = der;
    }
    return size > 0 && signature_valid(kind, token, before, bytes, size);
}

/* Its algorithm is the header's, so that is compared as well: its own verdict is too lax to be worth something. */
static bool libjwt_takes(const struct kind *kind, const char *token)
{
    jwt_t *jwt = NULL;
    int r = jwt_decode(&jwt, token, (const unsigned char *)kind->text, (int)kind->length);
    bool taken = r == 0 && strcmp(jwt_alg_str(jwt_get_alg(jwt)), kind->algorithm) == 0;
    jwt_free(jwt);
    return taken;
}

/* libjwt knows no other typ than JWT. */
static bool libjwt_knows(const struct kind *kind, const char *token)
{
    char header[512];
    size_t length = strcspn(token, ".");
    long decoded = base64url_decode(token, length, (uint8_t *)header, sizeof header - 1);
    header[decoded > 0 ? decoded : 0] = '\0';
    return kind->libjwt && !strcasestr(header, "at+jwt") && !strchr(header, '\\');
}

static void judge(const struct kind *kind, const char *token, size_t length, bool pyjwt)
{
    bool ours = verifier_takes(kind, token, length);
    bool openssl = openssl_takes(kind, token, length);
    bool libjwt = kind->libjwt && strlen(token) == length && length < 100000 && libjwt_takes(kind, token);
    bool libjwt_must = ours && libjwt_knows(kind, token);
    counts.tokens++;
    counts.verifier += ours;
    counts.openssl += openssl;
    counts.libjwt += libjwt;
    counts.pyjwt += pyjwt;
    if (!ours || (openssl && pyjwt && (libjwt || !libjwt_must)))
        return;
    counts.laxer++;
    printf("LAXER  %s, which%s%s%s refuse: %.*s\n", kind->algorithm, openssl ? "" : " OpenSSL",
        pyjwt ? "" : " PyJWT", libjwt || !libjwt_must ? "" : " libjwt", (int)length, token);
}

int main(int count, char **arguments)
{
    char algorithm[16];
    int pyjwt;
    size_t length;
    must(count == 3, "usage: differ DIRECTORY NOW");
    fake_wall = atoll(arguments[2]);
    for (int i = 0; i < KINDS; i++)
        load(&kinds[i], arguments[1]);
    while (scanf("%15s %d %zu", algorithm, &pyjwt, &length) == 3 && getchar() == '\n') {
        char *token = malloc(length + 1);
        must(token && fread(token, 1, length, stdin) == length, "a record is cut");
        token[length] = '\0';
        for (int i = 0; i < KINDS; i++)
            if (strcmp(kinds[i].algorithm, algorithm) == 0)
                judge(&kinds[i], token, length, pyjwt);
        free(token);
    }
    must(feof(stdin), "no record");
    for (int i = 0; i < KINDS; i++) {
        verifier_free(kinds[i].verifier);
        EVP_PKEY_free(kinds[i].key);
    }
    printf("counted: %lu tokens; taken by the verifier %lu, OpenSSL %lu, PyJWT %lu, libjwt %lu (which knows "
           "three of "
           "five algorithms); laxer than one of them: %lu\n",
        counts.tokens, counts.verifier, counts.openssl, counts.pyjwt, counts.libjwt, counts.laxer);
    return counts.laxer > 0;
}
