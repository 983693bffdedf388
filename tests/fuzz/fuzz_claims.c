/*
 * The claims. An input is the JSON of a payload. What is taken has its alphabet and range, and json-c, which reads no
 * token in the helper, finds the same in the text.
 */
#include "given.h"

#include "base/json.h"
#include "token/claims.h"

#include <stdlib.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-@:/";

static void is_text_of(const struct json *json, const char *key, const char *taken)
{
    const char *text;
    size_t length;
    int r = json_text(json, key, &text, &length);
    must(strcmp(r == 0 ? text : "", taken) == 0, key);
}

static void is_time_of(const struct json *json, const char *key, int64_t taken)
{
    int64_t value = 0;
    int r = json_integer(json, key, &value);
    must((r == 0 ? value : 0) == taken && taken >= 0 && taken < INT64_C(1) << 40, key);
    must(r != -22, "a time of another type is refused"); /* EINVAL */
}

static int is_scope(void *argument, const char *scope, size_t length)
{
    (void)argument;
    must(length >= 1 && length <= 128 && !memchr(scope, '"', length) && !memchr(scope, '\\', length),
        "a scope has its form");
    return 0;
}

static void audiences_are_whole(const struct claims *claims)
{
    for (const char *line = claims->audiences; *line;) {
        const char *end = strchr(line, '\n');
        must(end != NULL && end > line, "each audience is ended and not empty");
        char name[CLAIMS_AUDIENCES_SIZE] = "";
        memcpy(name, line, (size_t)(end - line));
        must(claims_has_audience(claims, name), "each audience is found");
        line = end + 1;
    }
    must(!claims_has_audience(claims, ""), "no audience is no audience");
}

static void taken(const struct json *json, const struct claims *claims)
{
    is_text_of(json, "sub", claims->subject);
    must(claims->subject[0] && strspn(claims->subject, letters) == strlen(claims->subject),
        "a subject is a name");
    is_text_of(json, "client_id", claims->client);
    must(strspn(claims->client, letters) == strlen(claims->client), "a client is a name");
    is_text_of(json, "iss", claims->issuer);
    is_text_of(json, json_kind(json, "jti") == JSON_ABSENT ? "token_id" : "jti", claims->token_id);
    must(strspn(claims->token_id, letters) == strlen(claims->token_id) && !strpbrk(claims->token_id, "@:/"),
        "an id is one segment of a path");
    must(strcmp(claims->token_id, ".") != 0 && strcmp(claims->token_id, "..") != 0, "an id is no way up");
    is_time_of(json, "exp", claims->expires);
    is_time_of(json, "iat", claims->issued);
    is_time_of(json, "nbf", claims->not_before);
    must(claims->expires > 0, "a token runs out");
    must((claims->type == CLAIMS_TYPE_ABSENT) == (json_kind(json, "token_type") == JSON_ABSENT),
        "a type that is there is one");
    must(strlen(claims->audiences) < sizeof claims->audiences, "the audiences end");
    audiences_are_whole(claims);
    scopes_each(&claims->scopes, is_scope, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char header[] = "eyJhbGciOiJFZERTQSJ9."; /* {"alg":"EdDSA"} */
    char *token = malloc(sizeof header + 2 * size + 16);
    struct jwt_text text;
    struct claims claims, again;
    MEMBERS_CLEANUP struct members *payload = NULL;
    JSON_CLEANUP struct json *json = NULL;
    memcpy(token, header, sizeof header - 1);
    size_t length = sizeof header - 1;
    length += given_base64url(token + length, data, size);
    memcpy(token + length, ".c2ln", 5);
    length += 5;
    if (jwt_text_read(token, length, &text, &payload) == REASON_NONE) {
        enum reason reason = claims_of(payload, &claims);
        must(claims_read(&text, &again) == reason, "both ways of reading agree");
        if (reason == REASON_NONE && !given_beyond_json_c(data, size)) {
            must(json_parse((const char *)data, size, &json) == 0, "json-c reads it as well");
            taken(json, &claims);
        }
    }
    free(token);
    return 0;
}
