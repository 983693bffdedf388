/* A client's signed assertion: see assertion.h. */
#include "assertion.h"

#include "clock.h"
#include "jws.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { LIFETIME_MAX = 300, CLOCK_TOLERANCE = 30 };

struct used_assertion {
    struct used_assertion *next;
    char *client;
    char *jti;
    int64_t expires;
};

bool assertion_type_known(const char *type)
{
    return strcmp(type, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") == 0 ||
           strcmp(type, "urn:ietf:params:oauth:grant-type:jwt-bearer") == 0;
}

static bool is_claim(const struct jws *jws, const char *name, const char *expected)
{
    const char *value = value_string(jws->claims, name);
    return value != NULL && strcmp(value, expected) == 0;
}

/* The audience is the base URL or the full URL of the endpoint, below any prefix that the service has. */
static bool audience_is_us(const struct jws *jws, const char *url)
{
    static const char *const prefixes[] = {"", "/v1", "/v2"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        OWN_TEXT char *base = memory_format("%s%s", url, prefixes[i]);
        OWN_TEXT char *slashed = memory_format("%s/", base);
        OWN_TEXT char *endpoint = memory_format("%s/auth/tokens/long", base);
        if (is_claim(jws, "aud", base) || is_claim(jws, "aud", slashed) || is_claim(jws, "aud", endpoint))
            return true;
    }
    return false;
}

static const char *judge_times(const struct jws *jws)
{
    int64_t now = clock_now();
    int64_t issued = value_integer(jws->claims, "iat", -1), expires = value_integer(jws->claims, "exp", -1);
    if (issued < 0 || expires < 0)
        return "iat and exp are needed";
    if (issued > now + CLOCK_TOLERANCE)
        return "iat lies in the future";
    if (expires <= now - CLOCK_TOLERANCE)
        return "it has expired";
    return expires - issued > LIFETIME_MAX ? "it lives longer than 300 seconds" : NULL;
}

static bool is_signed(const struct jws *jws, EVP_PKEY *key)
{
    return key != NULL && (jws_signed_by(jws, "RS256", key) || jws_signed_by(jws, "ES256", key));
}

static bool was_used(struct assertions *assertions, const char *client, const char *jti)
{
    for (struct used_assertion *used = assertions->first; used != NULL; used = used->next)
        if (strcmp(used->client, client) == 0 && strcmp(used->jti, jti) == 0)
            return true;
    return false;
}

static void drop(struct used_assertion **place)
{
    struct used_assertion *gone = *place;
    *place = gone->next;
    free(gone->client);
    free(gone->jti);
    free(gone);
}

static void remember(struct assertions *assertions, const char *client, const char *jti, int64_t expires)
{
    struct used_assertion **place = &assertions->first;
    while (*place != NULL) {
        if ((*place)->expires + CLOCK_TOLERANCE < clock_now())
            drop(place);
        else
            place = &(*place)->next;
    }
    *place = memory_zeroed(1, sizeof **place);
    (*place)->client = memory_copy(client);
    (*place)->jti = memory_copy(jti);
    (*place)->expires = expires;
}

const char *assertion_judge(
    struct assertions *assertions, const struct client *client, const char *text, const char *url)
{
    OWN_JWS struct jws jws;
    if (jws_parse(&jws, text) != 0)
        return "it is not a JWT";
    if (!is_signed(&jws, client->assertion_key))
        return "its signature is not one of the client's key";
    if (value_string(jws.header, "kid") == NULL)
        return "its header names no key";
    if (!is_claim(&jws, "iss", client->id) || !is_claim(&jws, "sub", client->id))
        return "iss and sub are not the client";
    if (!audience_is_us(&jws, url))
        return "aud is not this service";
    const char *wrong = judge_times(&jws);
    if (wrong != NULL)
        return wrong;
    const char *jti = value_string(jws.claims, "jti");
    if (jti == NULL || jti[0] == '\0' || was_used(assertions, client->id, jti))
        return "it has no jti, or was used before";
    remember(assertions, client->id, jti, value_integer(jws.claims, "exp", 0));
    return NULL;
}

void assertions_deinit(struct assertions *assertions)
{
    while (assertions->first != NULL)
        drop(&assertions->first);
}
