/* Each kind is a loop that ends when there are enough; the most fruitful one is the last. */
#include "respellings.h"

#include "token/base64url.h"
#include "tokens.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char order[] = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"; /* of P-256 */

enum { SCALAR = 32, SEEN = 32768 };

struct making {
    struct respellings *made;
    const char *seen[SEEN];
    size_t wanted;
    const char *token;
    size_t length, payload, signature; /* where these parts begin; 0: there are none */
};

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "respellings.c: %s\n", what);
    abort();
}

/* Two kinds may meet in one text: a set by FNV-1a, with room for twice as many. */
static bool is_new(struct making *making, const char *text)
{
    uint64_t hash = 14695981039346656037U;
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211U;
    size_t slot = hash % SEEN;
    for (; making->seen[slot]; slot = (slot + 1) % SEEN)
        if (strcmp(making->seen[slot], text) == 0)
            return false;
    making->seen[slot] = text;
    return true;
}

static void take(struct making *making, char *text)
{
    must(text != NULL, "no memory");
    if (making->made->count < making->wanted && is_new(making, text))
        making->made->texts[making->made->count++] = text;
    else
        free(text);
}

/* The token with CUT bytes at AT replaced by MORE. */
static void replace(struct making *making, size_t at, size_t cut, const char *more)
{
    char *text = NULL;
    must(
        asprintf(&text, "%.*s%s%s", (int)at, making->token, more, making->token + at + cut) > 0, "no memory");
    take(making, text);
}

static void last_characters(struct making *making)
{
    const size_t ends[] = {making->payload - 1, making->signature - 1, making->length};
    for (size_t part = 0; part < 3; part++) {
        for (const char *c = alphabet; *c; c++)
            replace(making, ends[part] - 1, 1, (const char[]){*c, '\0'});
        for (unsigned padding = 1; padding <= 4; padding++)
            replace(making, ends[part], 0, &"===="[4 - padding]);
        replace(making, ends[part], 0, "A");
        replace(making, ends[part], 0, "AA");
        replace(making, ends[part] - 1, 1, "");
    }
}

static void other_characters(struct making *making)
{
    for (size_t at = 0; at < making->length; at++) {
        char c = making->token[at], coded[4];
        snprintf(coded, sizeof coded, "%%%02X", (unsigned char)c);
        replace(making, at, 1, coded);
        if (c == '-' || c == '_')
            replace(making, at, 1, c == '-' ? "+" : "/");
        if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            replace(making, at, 1, (const char[]){(char)(c ^ 0x20), '\0'});
    }
}

static void around(struct making *making)
{
    static const char *const more[] = {" ", "\t", "\n", "\r\n", "\v", "\f", "\xc2\xa0", "\xef\xbb\xbf",
        "\xe2\x80\x8b", "\x7f", "\"", "'", "<", ">", "Bearer ", "bearer ", "JWT ", ".", "..", "eyJ.", "\\",
        "%20", "%00", "c2m 1/1 "};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        replace(making, 0, 0, more[i]);
        replace(making, making->length, 0, more[i]);
    }
    if (making->signature) /* twice */
        replace(making, making->length, 0, making->token + making->signature - 1);
}

/* Header and payload with their meaning kept: what was signed is the text. */
static void json_anew(struct making *making, size_t from, size_t end)
{
    static const char *const changes[][2] = {{"{", "{ "}, {"{", " {"}, {"{", "\n{"}, {"{", "{\"x\":1,"},
        {":", " :"}, {":", ": "}, {",", ", "}, {",", " ,"}, {"}", " }"}, {"}", "} "}, {"}", ",\"x\":null}"},
        {"\"a", "\"\\u0061"}, {"\"j", "\"\\u006a"}, {"\"s", "\"\\u0073"}, {"\"e", "\"\\u0065"},
        {"\"t", "\"\\u0074"}, {"{", "{\"alg\":\"none\","}, {"{", "{\"jti\":\"other\","},
        {"}", ",\"jti\":\"other\"}"}, {"}", ",\"JTI\":\"other\"}"}, {"1", "1.0"}, {"1", "01"}, {"0", "0e0"},
        {"c2m", "\\u00632m"}};
    uint8_t bytes[4096];
    long length = base64url_decode(making->token + from, end - from, bytes, sizeof bytes - 1);
    if (length < 0)
        return;
    bytes[length] = '\0';
    const char *json = (const char *)bytes;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const char *found = strstr(json, changes[i][0]);
        for (; found; found = strstr(found + 1, changes[i][0])) {
            char *changed = NULL, *text = NULL;
            must(asprintf(&changed, "%.*s%s%s", (int)(found - json), json, changes[i][1],
                     found + strlen(changes[i][0])) > 0,
                "no memory");
            char *coded = token_base64url(changed, strlen(changed));
            must(asprintf(&text, "%.*s%s%s", (int)from, making->token, coded, making->token + end) > 0,
                "no memory");
            free(coded);
            free(changed);
            take(making, text);
        }
    }
}

static void sign_anew(struct making *making, const uint8_t *bytes, size_t length)
{
    char *coded = token_base64url(bytes, length);
    replace(making, making->signature, making->length - making->signature, coded);
    free(coded);
}

/* The twin, which is as genuine; r + n and s + n; r and s exchanged; DER; shorter and longer ones. */
static void signatures(struct making *making, bool es256)
{
    uint8_t was[1024] = {0}, out[1024 + 64] = {0};
    long length = base64url_decode(
        making->token + making->signature, making->length - making->signature, was, sizeof was);
    must(length > 2, "a signature");
    for (size_t more = 1; more <= 64; more++) {
        memcpy(out, was, (size_t)length);
        memset(out + length, 0, more);
        sign_anew(making, out, (size_t)length + more);
        memset(out, 0, more);
        memcpy(out + more, was, (size_t)length);
        sign_anew(making, out, (size_t)length + more);
        if ((long)more < length)
            sign_anew(making, was, (size_t)length - more);
    }
    if (!es256)
        return;
    BIGNUM *n = NULL, *r = BN_bin2bn(was, SCALAR, NULL), *s = BN_bin2bn(was + SCALAR, SCALAR, NULL),
           *twin = BN_new();
    must(BN_hex2bn(&n, order) > 0 && r && s && twin && BN_sub(twin, n, s), "numbers");
    memcpy(out, was, SCALAR);
    must(BN_bn2binpad(twin, out + SCALAR, SCALAR) == SCALAR, "the twin");
    sign_anew(making, out, 2 * SCALAR);
    must(BN_sub(twin, n, r) && BN_bn2binpad(twin, out, SCALAR) == SCALAR, "n - r");
    sign_anew(making, out, 2 * SCALAR);
    memcpy(out, was + SCALAR, SCALAR);
    memcpy(out + SCALAR, was, SCALAR);
    sign_anew(making, out, 2 * SCALAR);
    ECDSA_SIG *both = ECDSA_SIG_new();
    uint8_t *der = NULL;
    must(both && ECDSA_SIG_set0(both, r, s), "DER");
    int der_length = i2d_ECDSA_SIG(both, &der);
    must(der_length > 0, "DER");
    sign_anew(making, der, (size_t)der_length);
    OPENSSL_free(der);
    ECDSA_SIG_free(both); /* and r and s */
    BN_free(n);
    BN_free(twin);
}

/* Each byte everywhere. */
static void put_in(struct making *making)
{
    for (unsigned byte = 1; byte <= 255; byte++)
        for (size_t at = 1; at < making->length && making->made->count < making->wanted; at++)
            replace(making, at, 0, (const char[]){(char)byte, '\0'});
}

void respellings_make(struct respellings *made, const char *token, bool es256, size_t count)
{
    static struct making making;
    must(count <= SEEN / 2, "that is too many");
    making = (struct making){.made = made, .wanted = count, .token = token, .length = strlen(token)};
    const char *dot = strchr(token, '.'), *second = dot ? strchr(dot + 1, '.') : NULL;
    *made = (struct respellings){.texts = calloc(count, sizeof *made->texts)};
    must(made->texts != NULL, "no memory");
    take(&making, strdup(token));
    if (second) {
        making.payload = (size_t)(dot - token) + 1;
        making.signature = (size_t)(second - token) + 1;
        signatures(&making, es256);
        last_characters(&making);
        json_anew(&making, 0, making.payload - 1);
        json_anew(&making, making.payload, making.signature - 1);
    }
    around(&making);
    other_characters(&making);
    for (size_t at = 0; at < making.length; at++)
        replace(&making, at, 1, "");
    put_in(&making);
    must(made->count == count, "there are not so many");
}

void respellings_free(struct respellings *made)
{
    for (size_t i = 0; i < made->count; i++)
        free(made->texts[i]);
    free(made->texts);
}
