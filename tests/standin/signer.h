/* Signs what the service issues, with libjwt. */
#ifndef STANDIN_SIGNER_H
#define STANDIN_SIGNER_H

#include <stdbool.h>

/* Whether every libjwt signs by it: PS256 and EdDSA are left to forge.h. */
bool signer_knows(const char *algorithm);

/* A JWT with these claims (a JSON object's text) and the key id in its header. `material` is what libjwt takes
 * for a key: a private key's PEM, or the shared secret of HS256. The caller frees it. NULL if libjwt refuses. */
char *signer_sign(const char *algorithm, const char *material, const char *kid, const char *claims);

#endif
