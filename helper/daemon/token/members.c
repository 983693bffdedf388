/*
 * libjwt reads a part as the payload of a token under a header of our own: it knows neither PS256 nor EdDSA nor
 * `typ: at+jwt`, and a header is read as a payload too. A struct members is a jwt_t and never anything else.
 */
#include "token/members.h"

#include "base/cleanup.h"
#include "base/json_strict.h"

#include <jwt.h>

#include <errno.h>
#include <string.h>

static const char unsigned_header[] = "eyJhbGciOiJub25lIn0."; /* {"alg":"none"} */
enum { HEADER_LENGTH = sizeof unsigned_header - 1 };

static jwt_t *jwt_of(struct members *members)
{
    return (jwt_t *)members;
}

int members_read(const char *encoded, size_t length, struct members **out)
{
    CLEANUP_FREE char *token = malloc(HEADER_LENGTH + length + 2);
    jwt_t *jwt = NULL;
    if (!token)
        return -ENOMEM;
    memcpy(token, unsigned_header, HEADER_LENGTH);
    memcpy(token + HEADER_LENGTH, encoded, length);
    memcpy(token + HEADER_LENGTH + length, ".", 2);
    json_strict_open();
    int r = jwt_decode(&jwt, token, NULL, 0);
    bool whole = json_strict_close();
    if (r == 0 && !whole)
        jwt_free(jwt);
    json_strict_wipe();
    if (r != 0 || !whole)
        return -ENOMEM;
    *out = (struct members *)jwt;
    return 0;
}

void members_free(struct members *members)
{
    jwt_free(jwt_of(members));
}

int members_text(struct members *members, const char *name, const char **text)
{
    errno = 0;
    *text = jwt_get_grant(jwt_of(members), name);
    if (*text)
        return 0;
    return errno == ENOENT ? -ENOENT : -EINVAL;
}

bool members_has(struct members *members, const char *name)
{
    const char *ignored;
    return members_text(members, name, &ignored) != -ENOENT;
}

/* The value as jansson writes it: compact, integers without point or exponent. Malloc'ed. */
static int print(struct members *members, const char *name, char **out)
{
    if (!members_has(members, name))
        return -ENOENT;
    *out = jwt_get_grants_json(jwt_of(members), name);
    return *out ? 0 : -ENOMEM;
}

int members_integer(struct members *members, const char *name, int64_t *value)
{
    CLEANUP_FREE char *printed = NULL;
    char *end;
    int r = print(members, name, &printed);
    if (r < 0)
        return r;
    if (printed[0] == '\0' || strspn(printed, "-0123456789") != strlen(printed))
        return -EINVAL;
    errno = 0;
    *value = strtoll(printed, &end, 10);
    return errno == 0 && *end == '\0' ? 0 : -EINVAL;
}

/* A string of PRINTED, which begins with its quote; FN's result. */
static int visit(
    const char **printed, int (*fn)(void *argument, const char *text, size_t length), void *argument)
{
    const char *text = *printed + 1;
    size_t length = strcspn(text, "\"\\");
    if (**printed != '"' || text[length] != '"')
        return -EINVAL;
    *printed = text + length + 1;
    return fn(argument, text, length);
}

int members_texts(struct members *members, const char *name,
    int (*fn)(void *argument, const char *text, size_t length), void *argument)
{
    CLEANUP_FREE char *printed = NULL;
    int r = print(members, name, &printed);
    if (r < 0 || strcmp(printed, "[]") == 0)
        return r;
    const char *at = printed;
    char before = '[';
    for (; r == 0 && *at == before; before = ',') {
        at++;
        r = visit(&at, fn, argument);
    }
    return r == 0 && strcmp(at, "]") != 0 ? -EINVAL : r;
}

static void jwt_freep(jwt_t **jwt)
{
    jwt_free(*jwt);
}

int members_sign(const struct members_assertion *assertion, const struct secret *pem, struct secret **out)
{
    jwt_t *jwt CLEANUP(jwt_freep) = NULL;
    bool rsa = strcmp(assertion->algorithm, "RS256") == 0;
    if (!rsa && strcmp(assertion->algorithm, "ES256") != 0)
        return -EINVAL;
    if (jwt_new(&jwt) != 0)
        return -ENOMEM;
    if (jwt_set_alg(jwt, rsa ? JWT_ALG_RS256 : JWT_ALG_ES256, (const unsigned char *)secret_bytes(pem),
            (int)secret_length(pem)) != 0 ||
        (assertion->key_id[0] && jwt_add_header(jwt, "kid", assertion->key_id) != 0) ||
        jwt_add_grant(jwt, "iss", assertion->client) != 0 ||
        jwt_add_grant(jwt, "sub", assertion->client) != 0 ||
        jwt_add_grant(jwt, "aud", assertion->audience) != 0 ||
        jwt_add_grant(jwt, "jti", assertion->id) != 0 ||
        jwt_add_grant_int(jwt, "iat", assertion->issued) != 0 ||
        jwt_add_grant_int(jwt, "exp", assertion->expires) != 0)
        return -ENOMEM;
    char *text CLEANUP_FREE = jwt_encode_str(jwt);
    if (!text)
        return -EINVAL;
    return secret_new(text, strlen(text), out);
}
