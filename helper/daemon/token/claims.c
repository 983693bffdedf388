/*
 * What each claim must be. Nothing is converted, cut or guessed: a claim of another type or alphabet refuses the
 * token, also where it could be absent.
 */
#include "token/claims.h"

#include "token/members.h"

#include <errno.h>
#include <string.h>

static const int64_t time_limit = INT64_C(1) << 40;

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
static const char name_alphabet[] = LETTERS "._@:/~-";
static const char id_alphabet[] = LETTERS "._~-";

static bool printable(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

/* A non-empty text of ALPHABET (NULL: of anything but control characters) into OUT. */
static int read_text(struct members *claims, const char *name, const char *alphabet, char *out, size_t size)
{
    const char *text;
    int r = members_text(claims, name, &text);
    if (r < 0)
        return r;
    size_t length = strlen(text);
    if (length == 0 || length >= size)
        return -EINVAL;
    if (alphabet ? strspn(text, alphabet) != length : !printable(text, length))
        return -EINVAL;
    memcpy(out, text, length + 1);
    return 0;
}

static int read_time(struct members *claims, const char *name, int64_t *out)
{
    int r = members_integer(claims, name, out);
    return r == 0 && (*out < 0 || *out >= time_limit) ? -EINVAL : r;
}

static int optional(int r)
{
    return r == -ENOENT ? 0 : r;
}

static int read_names(struct members *claims, struct claims *out)
{
    int r = read_text(claims, "sub", name_alphabet, out->subject, sizeof out->subject);
    if (r == 0)
        r = optional(read_text(claims, "client_id", name_alphabet, out->client, sizeof out->client));
    if (r == 0)
        r = optional(read_text(claims, "iss", NULL, out->issuer, sizeof out->issuer));
    return r;
}

/* A path's "." and ".." would name another resource of the API. */
static int read_token_id(struct members *claims, struct claims *out)
{
    char *id = out->token_id;
    int r = read_text(claims, "jti", id_alphabet, id, sizeof out->token_id);
    if (r == -ENOENT)
        r = optional(read_text(claims, "token_id", id_alphabet, id, sizeof out->token_id));
    return r == 0 && (strcmp(id, ".") == 0 || strcmp(id, "..") == 0) ? -EINVAL : r;
}

static int read_times(struct members *claims, struct claims *out)
{
    int r = read_time(claims, "exp", &out->expires);
    if (r == 0)
        r = optional(read_time(claims, "iat", &out->issued));
    if (r == 0)
        r = optional(read_time(claims, "nbf", &out->not_before));
    return r == 0 && out->expires == 0 ? -EINVAL : r;
}

static int add_audience(void *argument, const char *text, size_t length)
{
    struct claims *claims = argument;
    size_t used = strlen(claims->audiences);
    if (length == 0 || !printable(text, length) || used + length + 1 >= sizeof claims->audiences)
        return -EINVAL;
    memcpy(claims->audiences + used, text, length);
    memcpy(claims->audiences + used + length, "\n", 2);
    return 0;
}

static int read_audiences(struct members *claims, struct claims *out)
{
    const char *one;
    if (members_text(claims, "aud", &one) == 0)
        return add_audience(out, one, strlen(one));
    return optional(members_texts(claims, "aud", add_audience, out));
}

static int add_scope(void *argument, const char *text, size_t length)
{
    return scopes_add(argument, text, length);
}

/* `scopes` rules where both are given; `scope` must then be a text all the same. */
static int read_scopes(struct members *claims, struct claims *out)
{
    const char *words;
    int r = members_text(claims, "scope", &words);
    if (optional(r) < 0)
        return r;
    if (members_has(claims, "scopes"))
        return members_texts(claims, "scopes", add_scope, &out->scopes);
    return r == 0 ? scopes_parse(&out->scopes, words, strlen(words)) : 0;
}

static int read_type(struct members *claims, struct claims *out)
{
    const char *text;
    int r = members_text(claims, "token_type", &text);
    if (r < 0)
        return optional(r); /* which leaves CLAIMS_TYPE_ABSENT */
    if (strcmp(text, "short") == 0)
        out->type = CLAIMS_TYPE_SHORT;
    else
        out->type = strcmp(text, "long") == 0 ? CLAIMS_TYPE_LONG : CLAIMS_TYPE_OTHER;
    return 0;
}

enum reason claims_of(struct members *payload, struct claims *out)
{
    static int (*const readers[])(struct members *, struct claims *) = {
        read_names, read_token_id, read_times, read_audiences, read_scopes, read_type};
    int r = 0;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; r == 0 && i < sizeof readers / sizeof readers[0]; i++)
        r = readers[i](payload, out);
    return r == 0 ? REASON_NONE : r == -ENOMEM ? REASON_INTERNAL : REASON_CLAIM;
}

enum reason claims_read(const struct jwt_text *text, struct claims *out)
{
    MEMBERS_CLEANUP struct members *payload = NULL;
    struct jwt_text again;
    enum reason reason = jwt_text_read(text->bytes, text->length, &again, &payload);
    return reason == REASON_NONE ? claims_of(payload, out) : reason;
}

bool claims_has_audience(const struct claims *claims, const char *audience)
{
    size_t length = strlen(audience);
    if (length == 0)
        return false;
    for (const char *line = claims->audiences; *line; line = strchr(line, '\n') + 1)
        if (strncmp(line, audience, length) == 0 && line[length] == '\n')
            return true;
    return false;
}
