/*
 * The claims of a token that jwt_text has passed, read by libjwt (members.h); types are checked here, meaning in
 * verifier and policy. Nothing here is verified yet.
 */
#ifndef TOKEN_CLAIMS_H
#define TOKEN_CLAIMS_H

#include "base/reason.h"
#include "token/jwt_text.h"
#include "token/scopes.h"

#include <stdbool.h>
#include <stdint.h>

enum claims_type { CLAIMS_TYPE_ABSENT, CLAIMS_TYPE_SHORT, CLAIMS_TYPE_LONG, CLAIMS_TYPE_OTHER };

enum { CLAIMS_TEXT_SIZE = 128, CLAIMS_AUDIENCES_SIZE = 1024 };

struct claims {
    char subject[CLAIMS_TEXT_SIZE]; /* sub; required, alphabet [A-Za-z0-9._@:/~-] */
    char client[CLAIMS_TEXT_SIZE]; /* client_id, "" when absent; it stands beside sub, never instead of it */
    char issuer[256]; /* iss, "" when absent */
    char token_id
        [CLAIMS_TEXT_SIZE]; /* jti, else token_id; "" when absent; alphabet [A-Za-z0-9._~-], never "." or ".." */
    char audiences[CLAIMS_AUDIENCES_SIZE]; /* aud, string or array: each terminated by '\n'; "" when absent */
    struct scopes scopes; /* scopes (array) or scope (one string) */
    int64_t expires, issued, not_before; /* exp required, in (0, 2^40); iat and nbf 0 when absent */
    enum claims_type type; /* token_type */
};

/* REASON_NONE, CLAIM (a claim missing or of the wrong type), NO_TOKEN_ID never (the caller's policy), INTERNAL. */
enum reason claims_read(const struct jwt_text *text, struct claims *out);
/* The same, of a payload that jwt_text_read has given. */
enum reason claims_of(struct members *payload, struct claims *out);
bool claims_has_audience(const struct claims *claims, const char *audience);

#endif
