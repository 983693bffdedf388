/*
 * The strict filter. An input is a token as it is; or, when it begins with '{', the JSON of the header, a newline and
 * the JSON of the payload, which are encoded here: the fuzzer would spend its time on base64url.
 * What is accepted has one spelling, and json-c, which the filter does not use, reads the same in its header.
 */
#include "given.h"

#include "base/json.h"
#include "token/base64url.h"
#include "token/jwt_text.h"

#include <stdlib.h>
#include <string.h>

static void is_canonical(const char *part, size_t length, uint8_t *decoded, size_t size, struct json **json)
{
    char again[JWT_TEXT_MAX + 4];
    long got = base64url_decode(part, length, decoded, size);
    must(got > 0, "each part is base64url and not empty");
    must(given_base64url(again, decoded, (size_t)got) == length && memcmp(again, part, length) == 0,
        "each part is spelt in one way");
    if (json && !given_beyond_json_c(decoded, (size_t)got))
        must(json_parse((const char *)decoded, (size_t)got, json) == 0, "header and payload are strict JSON");
}

static void header_is_harmless(const struct json *header, const struct jwt_text *text)
{
    static const char *const refused[] = {"crit", "b64", "jwk", "jku", "x5u", "x5c", "zip"};
    const char *value;
    size_t length;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        must(json_kind(header, refused[i]) == JSON_ABSENT,
            "no member that brings a key or changes the reading");
    must(json_text(header, "alg", &value, &length) == 0 && strcmp(value, text->algorithm) == 0,
        "the algorithm is the header's");
    int r = json_text(header, "kid", &value, &length);
    must(strcmp(r == 0 ? value : "", text->key_id) == 0, "the key id is the header's");
}

static void accepted(const char *bytes, size_t length, const struct jwt_text *text)
{
    uint8_t decoded[JWT_TEXT_MAX];
    JSON_CLEANUP struct json *header = NULL, *payload = NULL;
    must(length <= JWT_TEXT_MAX, "a token is bounded");
    const char *first = memchr(bytes, '.', length);
    must(first != NULL, "a token has parts");
    const char *second = memchr(first + 1, '.', length - (size_t)(first + 1 - bytes));
    must(second != NULL, "a token has three parts");
    size_t rest = length - (size_t)(second + 1 - bytes);
    must(memchr(second + 1, '.', rest) == NULL, "a token has not more than three parts");
    must(text->signed_length == (size_t)(second - bytes), "what is signed ends before the signature");
    is_canonical(bytes, (size_t)(first - bytes), decoded, sizeof decoded, &header);
    if (header)
        header_is_harmless(header, text);
    is_canonical(first + 1, (size_t)(second - first - 1), decoded, sizeof decoded, &payload);
    is_canonical(second + 1, rest, decoded, JWT_SIGNATURE_MAX, NULL);
    must(memcmp(decoded, text->signature, text->signature_length) == 0, "the signature is the third part");
    must(jwt_text_looks_like(bytes, length, 3), "a token looks like one");
}

static void judge(const char *bytes, size_t length)
{
    struct jwt_text text;
    if (jwt_text_parse(bytes, length, &text) == REASON_NONE)
        accepted(bytes, length, &text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct given given = {data, size};
    size_t header_length;
    if (size == 0 || data[0] != '{') {
        judge((const char *)data, size);
        return 0;
    }
    char *token = malloc(2 * size + 16);
    const char *header = given_line(&given, &header_length);
    size_t length = given_base64url(token, header, header_length);
    token[length++] = '.';
    length += given_base64url(token + length, given.at, given.left);
    memcpy(token + length, ".c2ln", 5);
    judge(token, length + 5);
    free(token);
    return 0;
}
