/*
 * What a token may look like, before anything is believed. All three parts are decoded first (MALFORMED), then
 * the header is judged, then the payload: so that a reason always names the outermost fault.
 */
#include "token/jwt_text.h"

#include "base/json_strict.h"
#include "token/base64url.h"
#include "token/members.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* Where the three parts lie, and what the first two decode to. */
struct parts {
    const char *text[3];
    size_t length[3];
    size_t header_length, payload_length; /* of decoded, one after the other */
    uint8_t decoded[JWT_TEXT_MAX];
};

static bool split(const char *bytes, size_t length, struct parts *parts)
{
    for (int i = 0; i < 3; i++) {
        const char *dot = memchr(bytes, '.', length);
        if ((dot == NULL) != (i == 2))
            return false;
        parts->text[i] = bytes;
        parts->length[i] = dot ? (size_t)(dot - bytes) : length;
        if (dot) {
            bytes = dot + 1;
            length -= parts->length[i] + 1;
        }
    }
    return true;
}

/* An empty part decodes to nothing, and is refused. */
static bool decode(struct parts *parts, struct jwt_text *out)
{
    long header = base64url_decode(parts->text[0], parts->length[0], parts->decoded, sizeof parts->decoded);
    if (header <= 0)
        return false;
    parts->header_length = (size_t)header;
    long payload = base64url_decode(parts->text[1], parts->length[1], parts->decoded + header,
        sizeof parts->decoded - parts->header_length);
    long signature =
        base64url_decode(parts->text[2], parts->length[2], out->signature, sizeof out->signature);
    if (payload <= 0 || signature <= 0)
        return false;
    parts->payload_length = (size_t)payload;
    out->signature_length = (size_t)signature;
    out->signed_length = parts->length[0] + 1 + parts->length[1];
    return true;
}

/* 0; -ENOENT when absent; -EINVAL when it is no text, or longer than SIZE - 1. */
static int copy_text(struct members *members, const char *name, char *out, size_t size)
{
    const char *text;
    int r = members_text(members, name, &text);
    if (r < 0)
        return r;
    size_t length = strlen(text);
    if (length >= size)
        return -EINVAL;
    memcpy(out, text, length + 1);
    return 0;
}

/* Part 0 or 1, whose bytes were decoded to BYTES. */
static enum reason read_members(
    const struct parts *parts, int part, const uint8_t *bytes, size_t length, struct members **out)
{
    errno = 0;
    if (!json_strict_object((const char *)bytes, length))
        return errno == ENOMEM ? REASON_INTERNAL : REASON_JSON;
    return members_read(parts->text[part], parts->length[part], out) == 0 ? REASON_NONE : REASON_INTERNAL;
}

/* What would change how the token is to be read, or brings a key of the sender's choice. */
static bool asks_for_more(struct members *header)
{
    static const char *const names[] = {"crit", "b64", "jwk", "jku", "x5u", "x5c", "zip"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (members_has(header, names[i]))
            return true;
    return false;
}

/* A media type, so upper and lower case are the same (RFC 7515, 4.1.9). */
static bool known_type(struct members *header)
{
    char type[16];
    int r = copy_text(header, "typ", type, sizeof type);
    return r == -ENOENT || (r == 0 && (strcasecmp(type, "JWT") == 0 || strcasecmp(type, "at+jwt") == 0));
}

static enum reason read_header(const struct parts *parts, struct jwt_text *out)
{
    MEMBERS_CLEANUP struct members *header = NULL;
    enum reason reason = read_members(parts, 0, parts->decoded, parts->header_length, &header);
    if (reason != REASON_NONE)
        return reason;
    if (asks_for_more(header) || !known_type(header))
        return REASON_HEADER;
    if (copy_text(header, "kid", out->key_id, sizeof out->key_id) == -EINVAL)
        return REASON_HEADER;
    if (copy_text(header, "alg", out->algorithm, sizeof out->algorithm) < 0 || out->algorithm[0] == '\0')
        return REASON_ALGORITHM;
    return REASON_NONE;
}

/* A token_type that is no text, or a longer one, is left to `claims`, which refuses it. */
static enum reason read_payload(const struct parts *parts, struct jwt_text *out, struct members **payload)
{
    enum reason reason =
        read_members(parts, 1, parts->decoded + parts->header_length, parts->payload_length, payload);
    if (reason == REASON_NONE)
        copy_text(*payload, "token_type", out->token_type, sizeof out->token_type);
    return reason;
}

enum reason jwt_text_read(const char *bytes, size_t length, struct jwt_text *out, struct members **payload)
{
    struct parts parts;
    *out = (struct jwt_text){.bytes = bytes, .length = length};
    if (length > JWT_TEXT_MAX)
        return REASON_TOO_LONG;
    if (!split(bytes, length, &parts) || !decode(&parts, out))
        return REASON_MALFORMED;
    enum reason reason = read_header(&parts, out);
    return reason == REASON_NONE ? read_payload(&parts, out, payload) : reason;
}

enum reason jwt_text_parse(const char *bytes, size_t length, struct jwt_text *out)
{
    MEMBERS_CLEANUP struct members *payload = NULL;
    return jwt_text_read(bytes, length, out, &payload);
}

static bool is_base64url(char character)
{
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9') || character == '-' || character == '_';
}

bool jwt_text_looks_like(const char *bytes, size_t length, int parts)
{
    int seen = 1;
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '.' && !is_base64url(bytes[i]))
            return false;
        if (bytes[i] != '.') {
            size++;
            continue;
        }
        if (size == 0 && !(parts == 5 && seen == 2))
            return false;
        seen++;
        size = 0;
    }
    /* What the header, a JSON object, begins with; five parts have more than three bytes. */
    return seen == parts && size > 0 && (parts != 5 || memcmp(bytes, "eyJ", 3) == 0);
}
