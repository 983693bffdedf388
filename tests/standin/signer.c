/* Signs what the service issues: see signer.h. Only what libjwt 1.10 and 1.17 both have. */
#include "signer.h"

#include <jwt.h>
#include <string.h>

bool signer_knows(const char *algorithm)
{
    return strcmp(algorithm, "PS256") != 0 && strcmp(algorithm, "EdDSA") != 0;
}

static void drop_jwt(jwt_t **jwt)
{
    jwt_free(*jwt);
}

char *signer_sign(const char *algorithm, const char *material, const char *kid, const char *claims)
{
    jwt_t *jwt __attribute__((cleanup(drop_jwt))) = NULL;
    if (jwt_new(&jwt) != 0 || jwt_add_grants_json(jwt, claims) != 0 || jwt_add_header(jwt, "kid", kid) != 0 ||
        jwt_set_alg(jwt, jwt_str_alg(algorithm), (const unsigned char *)material, (int)strlen(material)) != 0)
        return NULL;
    return jwt_encode_str(jwt);
}
