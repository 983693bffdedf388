/* A set is published by somebody else: what of it is of use is taken, and the rest is said. */
#include "token/keyset_internal.h"

#include "base/cleanup.h"
#include "base/json.h"

#include <errno.h>
#include <string.h>

struct reading {
    struct keyset *keyset;
    unsigned seen;
    keyset_report report;
    void *argument;
};

static bool is_there(const struct keyset *keyset, const struct jwk *key)
{
    for (unsigned i = 0; i < keyset->count; i++)
        if (strcmp(keyset->keys[i].key_id, key->key_id) == 0 &&
            strcmp(signature_key_algorithm(keyset->keys[i].key), signature_key_algorithm(key->key)) == 0)
            return true;
    return false;
}

static int take(void *argument, const struct json *element)
{
    struct reading *reading = argument;
    struct keyset *keyset = reading->keyset;
    struct jwk key = {.key_id = ""};
    const char *why = "it is no object";
    if (++reading->seen > KEYSET_MAX)
        return -E2BIG;
    int r = element ? jwk_read(element, keyset->algorithms, &key, &why) : -EINVAL;
    if (r == -ENOMEM)
        return r;
    if (r == 0 && is_there(keyset, &key)) {
        signature_key_free(key.key);
        why = "another key of the set has its kid and its algorithm";
        r = -EINVAL;
    }
    if (r < 0)
        reading->report(reading->argument, key.key_id, why);
    else
        keyset->keys[keyset->count++] = key;
    return 0;
}

/* A shared secret that is published would make everybody a signer, so HS256 is never among ALGORITHMS. */
int keyset_from_jwks(const char *bytes, size_t length, const char *algorithms, keyset_report report,
    void *argument, struct keyset **out, const char **why)
{
    JSON_CLEANUP struct json *json = NULL;
    KEYSET_CLEANUP struct keyset *keyset = NULL;
    if (jwk_lists(algorithms, "HS256")) {
        *why = "a set of keys that is published holds no secret";
        return -EINVAL;
    }
    int r = json_parse(bytes, length, &json);
    if (r == 0)
        r = keyset_empty(algorithms, &keyset);
    struct reading reading = {.keyset = keyset, .report = report, .argument = argument};
    if (r == 0)
        r = json_objects(json, "keys", take, &reading);
    if (r == 0 && keyset->count == 0)
        r = -ENOKEY;
    *why = r == 0         ? NULL
           : r == -ENOMEM ? "out of memory"
           : r == -E2BIG  ? "it holds more than 32 keys"
           : r == -ENOKEY ? "it holds no key that could be used"
                          : "it is no JWK Set";
    if (r == 0)
        *out = STEAL(keyset);
    return r == 0 || r == -ENOMEM ? r : -EINVAL;
}
