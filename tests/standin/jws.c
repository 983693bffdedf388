/* A JWT in its compact form: see jws.h. */
#include "jws.h"

#include "bytes.h"
#include "signature.h"

#include <stdlib.h>
#include <string.h>

static json_object *decode_object(const char *text, size_t length)
{
    size_t count = 0;
    OWN_JSON json_object *value = NULL;
    unsigned char *bytes = bytes_from_base64url(text, length, &count);
    int failed = bytes == NULL || value_parse((const char *)bytes, count, &value) != 0;
    free(bytes);
    if (failed || !json_object_is_type(value, json_type_object))
        return NULL;
    return json_object_get(value);
}

int jws_parse(struct jws *jws, const char *text)
{
    *jws = (struct jws){.text = text};
    const char *first = strchr(text, '.');
    const char *second = first == NULL ? NULL : strchr(first + 1, '.');
    if (second == NULL || strchr(second + 1, '.') != NULL)
        return -1;
    jws->signed_length = (size_t)(second - text);
    jws->header = decode_object(text, (size_t)(first - text));
    jws->claims = decode_object(first + 1, (size_t)(second - first - 1));
    jws->signature = bytes_from_base64url(second + 1, strlen(second + 1), &jws->signature_length);
    return jws->header != NULL && jws->claims != NULL && jws->signature_length > 0 ? 0 : -1;
}

void jws_deinit(struct jws *jws)
{
    json_object_put(jws->header);
    json_object_put(jws->claims);
    free(jws->signature);
    *jws = (struct jws){0};
}

bool jws_signed_by(const struct jws *jws, const char *algorithm, EVP_PKEY *key)
{
    const char *named = value_string(jws->header, "alg");
    return named != NULL && strcmp(named, algorithm) == 0 && !value_has(jws->header, "crit") &&
           signature_holds(signature_algorithm(algorithm), key, jws->text, jws->signed_length, jws->signature,
               jws->signature_length);
}
