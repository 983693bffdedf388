/* The published keys as a JSON Web Key Set (RFC 7517): keys_to_jwks of keys.h. */
#include "keys.h"

#include "bytes.h"
#include "memory.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <stdlib.h>
#include <string.h>

/* A number of the key as base64url: with `width` 0 as short as possible. */
static void put_number(json_object *jwk, const char *name, EVP_PKEY *key, const char *parameter, int width)
{
    BIGNUM *number = NULL;
    if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1)
        abort();
    int length = width > 0 ? width : BN_num_bytes(number);
    unsigned char *bytes = memory_zeroed((size_t)length, 1);
    BN_bn2binpad(number, bytes, length);
    OWN_TEXT char *text = bytes_to_base64url(bytes, (size_t)length);
    value_put_string(jwk, name, text);
    free(bytes);
    BN_free(number);
}

static void put_okp(json_object *jwk, EVP_PKEY *key)
{
    unsigned char raw[32];
    size_t length = sizeof raw;
    if (EVP_PKEY_get_raw_public_key(key, raw, &length) != 1)
        abort();
    OWN_TEXT char *text = bytes_to_base64url(raw, length);
    value_put_string(jwk, "crv", "Ed25519");
    value_put_string(jwk, "x", text);
}

static json_object *to_jwk(const struct keys *keys, const struct signing_key *key)
{
    json_object *jwk = json_object_new_object();
    bool rsa = EVP_PKEY_is_a(key->pair, "RSA"), okp = EVP_PKEY_is_a(key->pair, "ED25519");
    value_put_string(jwk, "kty", rsa ? "RSA" : okp ? "OKP" : "EC");
    value_put_string(jwk, "use", "sig");
    value_put_string(jwk, "alg", keys->algorithm);
    value_put_string(jwk, "kid", key->kid);
    if (rsa) {
        put_number(jwk, "n", key->pair, OSSL_PKEY_PARAM_RSA_N, 0);
        put_number(jwk, "e", key->pair, OSSL_PKEY_PARAM_RSA_E, 0);
    } else if (okp) {
        put_okp(jwk, key->pair);
    } else {
        value_put_string(jwk, "crv", "P-256");
        put_number(jwk, "x", key->pair, OSSL_PKEY_PARAM_EC_PUB_X, 32);
        put_number(jwk, "y", key->pair, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    }
    return jwk;
}

json_object *keys_to_jwks(const struct keys *keys)
{
    json_object *set = json_object_new_object();
    json_object *array = json_object_new_array();
    for (const struct signing_key *key = keys->current; key != NULL; key = key->next)
        if (key->public_pem != NULL)
            json_object_array_add(array, to_jwk(keys, key));
    json_object_object_add(set, "keys", array);
    return set;
}
