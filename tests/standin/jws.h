/* A JWT in its compact form, taken apart. */
#ifndef STANDIN_JWS_H
#define STANDIN_JWS_H

#include "value.h"

#include <openssl/evp.h>

struct jws {
    const char *text; /* borrowed from the caller of jws_parse */
    size_t signed_length;
    json_object *header;
    json_object *claims;
    unsigned char *signature;
    size_t signature_length;
};

#define OWN_JWS __attribute__((cleanup(jws_deinit)))

/* Takes a token apart: three parts of canonical base64url, two of them JSON objects. 0, or -1; either way
 * jws_deinit is called. */
int jws_parse(struct jws *jws, const char *text);

void jws_deinit(struct jws *jws);

/* Whether the signature is this key's by this algorithm, which the header must name too: what a token says
 * about itself never chooses how it is checked. */
bool jws_signed_by(const struct jws *jws, const char *algorithm, EVP_PKEY *key);

#endif
