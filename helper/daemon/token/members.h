/*
 * libjwt: the members of a token's header or payload, by type; and the signing of assertions. For reading it is never
 * given a key, so nothing here is a verdict, and the bytes must have passed json_strict_object: libjwt alone would take duplicates and a NUL.
 *
 * json-c reads no token: when memory runs out in the middle of a text it cuts strings and forgets members (0.16),
 * and a forgotten `crit`, `nbf` or `token_type` would open a door.
 */
#ifndef TOKEN_MEMBERS_H
#define TOKEN_MEMBERS_H

#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct members;

/* Reads a JSON object in canonical base64url. -ENOMEM: of a strict object nothing else can fail. */
int members_read(const char *encoded, size_t length, struct members **out);
void members_free(struct members *members);
static inline void members_freep(struct members **members)
{
    members_free(*members);
}
#define MEMBERS_CLEANUP __attribute__((cleanup(members_freep)))

/* Of any type, null included. */
bool members_has(struct members *members, const char *name);
/* 0; -ENOENT when absent; -EINVAL of another type, which null is as well. The text lives as long as MEMBERS, without NUL inside. */
int members_text(struct members *members, const char *name, const char **text);
/* Integers only, as above: no float, no exponent. -ENOMEM. */
int members_integer(struct members *members, const char *name, int64_t *value);
/*
 * Calls FN for each element of an array of strings; its non-zero result stops and is returned. As above; -EINVAL
 * also for a string with a '"', a '\' or a control character. -ENOMEM.
 */
int members_texts(struct members *members, const char *name,
    int (*fn)(void *argument, const char *text, size_t length), void *argument);

/* A JWT of ours, as RFC 7523 wants it for a client: iss = sub = CLIENT. */
struct members_assertion {
    const char *algorithm; /* "RS256" or "ES256" */
    const char *key_id; /* the header's kid; "": none */
    const char *client, *audience, *id;
    int64_t issued, expires;
};
/* Signs it with a private key in PEM. -EINVAL: not a key of that algorithm; -ENOMEM. */
int members_sign(const struct members_assertion *assertion, const struct secret *pem, struct secret **out);

#endif
