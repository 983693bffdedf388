/* What a JWK says about itself is held against what is wanted first; then its numbers become a key. */
#include "token/jwk.h"

#include "base/cleanup.h"
#include "token/base64url.h"
#include "token/spki.h"

#include <errno.h>
#include <string.h>

struct kind {
    const char *name;
    const char *algorithms; /* that a key of it may be for */
    int (*read)(const struct json *json, const char *algorithm, struct signature_key **out, const char **why);
};

static int refuse(const char **why, const char *sentence)
{
    *why = sentence;
    return -EINVAL;
}

bool jwk_lists(const char *algorithms, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = algorithms; length > 0 && *at; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        if (size == length && memcmp(at, word, size) == 0)
            return true;
        at += size;
    }
    return false;
}

/* NULL when it is absent or no text. */
static const char *text_of(const struct json *json, const char *name)
{
    const char *text;
    size_t length;
    return json_text(json, name, &text, &length) == 0 ? text : NULL;
}

static bool says(const struct json *json, const char *name, const char *word)
{
    const char *text = text_of(json, name);
    return text && strcmp(text, word) == 0;
}

/* The decoded length; -1 when it is no canonical base64url, empty, or longer than SIZE. */
static long bytes_of(const struct json *json, const char *name, uint8_t *out, size_t size)
{
    const char *text = text_of(json, name);
    long length = text ? base64url_decode(text, strlen(text), out, size) : -1;
    return length > 0 ? length : -1;
}

/* RFC 7518, 2 (Base64urlUInt): as few bytes as it needs. */
static size_t number_of(const struct json *json, const char *name, uint8_t out[SPKI_NUMBER_MAX])
{
    long length = bytes_of(json, name, out, SPKI_NUMBER_MAX);
    return length > 0 && out[0] != 0 ? (size_t)length : 0;
}

static int read_rsa(
    const struct json *json, const char *algorithm, struct signature_key **out, const char **why)
{
    uint8_t modulus[SPKI_NUMBER_MAX], exponent[SPKI_NUMBER_MAX];
    struct spki spki;
    size_t modulus_length = number_of(json, "n", modulus), exponent_length = number_of(json, "e", exponent);
    if (modulus_length == 0 || exponent_length == 0)
        return refuse(why, "n and e must be numbers of at most 8192 bits in canonical base64url");
    spki_rsa(&spki, modulus, modulus_length, exponent, exponent_length);
    return signature_key_from_der(algorithm, spki_bytes(&spki), spki_length(&spki), out, why);
}

static bool coordinate_of(const struct json *json, const char *name, uint8_t out[SPKI_COORDINATE])
{
    return bytes_of(json, name, out, SPKI_COORDINATE) == SPKI_COORDINATE;
}

static int read_ec(
    const struct json *json, const char *algorithm, struct signature_key **out, const char **why)
{
    uint8_t x[SPKI_COORDINATE], y[SPKI_COORDINATE];
    struct spki spki;
    if (!says(json, "crv", "P-256"))
        return refuse(why, "an EC key must be on the curve P-256");
    if (!coordinate_of(json, "x", x) || !coordinate_of(json, "y", y))
        return refuse(why, "x and y must be 32 bytes each in canonical base64url");
    spki_p256(&spki, x, y);
    return signature_key_from_der(algorithm, spki_bytes(&spki), spki_length(&spki), out, why);
}

static int read_okp(
    const struct json *json, const char *algorithm, struct signature_key **out, const char **why)
{
    uint8_t x[SPKI_COORDINATE];
    struct spki spki;
    if (!says(json, "crv", "Ed25519"))
        return refuse(why, "an OKP key must be on the curve Ed25519");
    if (!coordinate_of(json, "x", x))
        return refuse(why, "x must be 32 bytes in canonical base64url");
    spki_ed25519(&spki, x);
    return signature_key_from_der(algorithm, spki_bytes(&spki), spki_length(&spki), out, why);
}

static int read_oct(
    const struct json *json, const char *algorithm, struct signature_key **out, const char **why)
{
    uint8_t secret[SPKI_NUMBER_MAX];
    (void)algorithm; /* HS256 is the only one */
    long length = bytes_of(json, "k", secret, sizeof secret);
    if (length < 0)
        return refuse(why, "k must be at most 1,024 bytes in canonical base64url");
    int r = signature_key_from_secret(secret, (size_t)length, out, why);
    explicit_bzero(secret, sizeof secret);
    return r;
}

static const struct kind kinds[] = {
    {"RSA", "RS256 PS256", read_rsa},
    {"EC", "ES256", read_ec},
    {"OKP", "EdDSA", read_okp},
    {"oct", "HS256", read_oct},
};

static const struct kind *kind_of(const struct json *json)
{
    const char *name = text_of(json, "kty");
    for (size_t i = 0; name && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

static const char *const names[] = {"RS256", "PS256", "ES256", "EdDSA", "HS256"};

/* NULL with *why. */
static const char *algorithm_of(
    const struct json *json, const struct kind *kind, const char *algorithms, const char **why)
{
    const char *found = NULL;
    bool said = json_kind(json, "alg") != JSON_ABSENT;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!jwk_lists(kind->algorithms, names[i]) || !jwk_lists(algorithms, names[i]) ||
            (said && !says(json, "alg", names[i])))
            continue;
        if (found) {
            *why = "the JWK must say its alg: more than one that is configured fits";
            return NULL;
        }
        found = names[i];
    }
    if (!found)
        *why = said ? "its alg is not one that is configured, or not one of its kind"
                    : "its kind is not that of an algorithm that is configured";
    return found;
}

static int check_operation(void *argument, const char *text, size_t length)
{
    (void)argument;
    return length == 6 && memcmp(text, "verify", 6) == 0 ? 0 : -EINVAL;
}

/* For whoever publishes a private key, it is no secret any more. */
static const char *judge(const struct json *json, const struct kind *kind)
{
    static const char *const secret[] = {"d", "p", "q", "dp", "dq", "qi", "oth"};
    for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++)
        if (json_kind(json, secret[i]) != JSON_ABSENT)
            return "the JWK holds a private key: give the public members alone";
    if (kind->read != read_oct && json_kind(json, "k") != JSON_ABSENT)
        return "the JWK holds a secret beside a public key";
    if (json_kind(json, "use") != JSON_ABSENT && !says(json, "use", "sig"))
        return "its use is not sig";
    if (json_kind(json, "key_ops") != JSON_ABSENT && json_texts(json, "key_ops", check_operation, NULL) != 0)
        return "its key_ops are not verify alone";
    return NULL;
}

/* False when it is there and no text, or too long. */
static bool read_key_id(const struct json *json, char out[JWK_KEY_ID_SIZE])
{
    const char *text = text_of(json, "kid");
    out[0] = '\0';
    if (!text)
        return json_kind(json, "kid") == JSON_ABSENT;
    size_t length = strlen(text);
    if (length >= JWK_KEY_ID_SIZE)
        return false;
    memcpy(out, text, length + 1);
    return true;
}

int jwk_read(const struct json *json, const char *algorithms, struct jwk *out, const char **why)
{
    const struct kind *kind = kind_of(json);
    out->key = NULL;
    bool named = read_key_id(json, out->key_id);
    *why = !named ? "its kid is no text of at most 127 bytes"
           : kind ? judge(json, kind)
                  : "its kty is not RSA, EC, OKP or oct";
    const char *algorithm = *why ? NULL : algorithm_of(json, kind, algorithms, why);
    return algorithm ? kind->read(json, algorithm, &out->key, why) : -EINVAL;
}
