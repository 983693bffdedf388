/* Tokens that the service would never issue: for tests of whoever has to refuse them. */
#ifndef STANDIN_FORGE_H
#define STANDIN_FORGE_H

#include "keys.h"

enum forge_kind {
    FORGE_GOOD, /* signed by the current key */
    FORGE_FOREIGN, /* by another key, under the current one's id */
    FORGE_NONE, /* alg none, without a signature */
    FORGE_HS_PUBLIC, /* HS256 with the public key's PEM as the secret: the classic confusion */
    FORGE_STRIPPED, /* says alg RS256, has no signature */
    FORGE_GARBAGE, /* random bytes for a signature */
};

struct forgery {
    enum forge_kind kind;
    const char *algorithm; /* NULL: the service's own */
    json_object *header; /* laid over the header; NULL: nothing */
    json_object *claims;
};

/* The kind of that name: good, foreign, none, hs-public, stripped or garbage. -1 if there is none. */
int forge_kind_by_name(const char *name, enum forge_kind *out);

/* The token. The caller frees it. NULL if there is no such token, such as the confusion of HS256 where no key
 * is public. */
char *forge_token(struct keys *keys, const struct forgery *forgery);

#endif
