/* Tokens that the service would never issue: see forge.h. */
#include "forge.h"

#include "bytes.h"
#include "memory.h"
#include "signature.h"
#include "signer.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"good", "foreign", "none", "hs-public", "stripped", "garbage"};

int forge_kind_by_name(const char *name, enum forge_kind *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *out = (enum forge_kind)i;
        return 0;
    }
    return -1;
}

static char *encode(const char *text)
{
    return bytes_to_base64url(text, strlen(text));
}

/* header.payload, as it will be signed. */
static char *assemble(const struct forgery *forgery, const char *algorithm, const char *kid)
{
    OWN_JSON json_object *header = json_object_new_object();
    value_put_string(header, "alg", forgery->kind == FORGE_NONE ? "none" : algorithm);
    value_put_string(header, "kid", kid);
    value_put_string(header, "typ", "JWT");
    value_override(header, forgery->header);
    OWN_TEXT char *first = encode(value_text(header));
    OWN_TEXT char *second = encode(value_text(forgery->claims));
    return memory_format("%s.%s", first, second);
}

/* The key that signs; the caller frees it. NULL: there is none. */
static EVP_PKEY *choose_key(
    struct keys *keys, const struct forgery *forgery, const struct algorithm *algorithm)
{
    const struct signing_key *current = keys->current;
    EVP_PKEY *key = NULL;
    if (forgery->kind == FORGE_HS_PUBLIC)
        return current->public_pem == NULL
                   ? NULL
                   : signature_secret(current->public_pem, strlen(current->public_pem));
    if (forgery->kind == FORGE_FOREIGN)
        key = keys_foreign(keys);
    else
        key = current->pair;
    if (!signature_key_fits(algorithm, key))
        return signature_new_key(algorithm);
    EVP_PKEY_up_ref(key);
    return key;
}

static char *sign(struct keys *keys, const struct forgery *forgery, const char *name, const char *text)
{
    const struct algorithm *algorithm = signature_algorithm(name);
    if (forgery->kind == FORGE_NONE || forgery->kind == FORGE_STRIPPED)
        return memory_copy("");
    EVP_PKEY *key = algorithm == NULL ? NULL : choose_key(keys, forgery, algorithm);
    unsigned char *signature = NULL;
    size_t length = 0;
    char *encoded = NULL;
    if (key != NULL && signature_make(algorithm, key, text, &signature, &length) == 0) {
        if (forgery->kind == FORGE_GARBAGE)
            bytes_random(signature, length);
        encoded = bytes_to_base64url(signature, length);
    }
    free(signature);
    EVP_PKEY_free(key);
    return encoded;
}

char *forge_token(struct keys *keys, const struct forgery *forgery)
{
    const struct signing_key *current = keys->current;
    const char *usual = forgery->kind == FORGE_HS_PUBLIC ? "HS256" : keys->algorithm;
    const char *algorithm = forgery->algorithm != NULL ? forgery->algorithm : usual;
    if (forgery->kind == FORGE_GOOD && forgery->header == NULL && strcmp(algorithm, keys->algorithm) == 0 &&
        signer_knows(algorithm))
        return signer_sign(algorithm, current->material, current->kid, value_text(forgery->claims));
    OWN_TEXT char *text = assemble(forgery, algorithm, current->kid);
    OWN_TEXT char *signature = sign(keys, forgery, algorithm, text);
    return signature == NULL ? NULL : memory_format("%s.%s", text, signature);
}
