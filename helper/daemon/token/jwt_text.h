/*
 * The strict filter before any library sees a token (RFC 7515, 7519; what libjwt lets through is why).
 *
 * At most 8 KiB; exactly three parts, none empty; canonical, unpadded base64url (a token has one spelling only,
 * or a deny list could be walked around); header and payload strict JSON objects; no crit, b64, jwk, jku, x5u,
 * x5c or zip; typ absent, JWT or at+jwt.
 */
#ifndef TOKEN_JWT_TEXT_H
#define TOKEN_JWT_TEXT_H

#include "base/reason.h"
#include "token/members.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JWT_TEXT_MAX = 8192, JWT_SIGNATURE_MAX = 1024 };

struct jwt_text {
    const char *bytes; /* the caller's; not copied */
    size_t length;
    size_t signed_length; /* of "header.payload" */
    char algorithm[16];
    char key_id[128]; /* "" when absent */
    char token_type[16]; /* of the payload: "short", "long"; "" when absent: what decides is `claims` */
    uint8_t signature[JWT_SIGNATURE_MAX];
    size_t signature_length;
};

/* REASON_NONE, or why it was refused: TOO_LONG, MALFORMED, JSON, HEADER, ALGORITHM (absent or no text), INTERNAL. */
enum reason jwt_text_parse(const char *bytes, size_t length, struct jwt_text *out);
/* The same; when it passes, *payload holds the payload's members, for claims_of, and is the caller's to free. */
enum reason jwt_text_read(const char *bytes, size_t length, struct jwt_text *out, struct members **payload);

/*
 * True when the bytes have the shape of a JWT or JWE: three or five parts of base64url characters; five begin with
 * "eyJ" as well, because a JWE goes to the API unread and a password with four dots must not. Judges nothing.
 */
bool jwt_text_looks_like(const char *bytes, size_t length, int parts);

#endif
