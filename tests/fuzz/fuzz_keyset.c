/*
 * A JWK Set from the network. Each key is taken or told; what is taken is one of the algorithms that were asked for,
 * never a secret, and is found by its id for its own algorithm alone.
 */
#include "given.h"

#include "token/keyset_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char algorithms[] = "RS256 PS256 ES256 EdDSA";

static void told(void *argument, const char *key_id, const char *why)
{
    unsigned *count = argument;
    must(strlen(key_id) < JWK_KEY_ID_SIZE && why && given_printable(why),
        "a refused key is told with its reason");
    (*count)++;
}

static int counted(void *argument, const struct json *element)
{
    unsigned *count = argument;
    (void)element;
    (*count)++;
    return 0;
}

static void no_other_algorithm_finds_a_key(const struct keyset *keyset, const char *key_id)
{
    static const char *const others[] = {"none", "HS256", "RS512", "", "rs256", "RS256 PS256"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct jwt_text text = {.length = 0};
        enum reason why = REASON_NONE;
        snprintf(text.algorithm, sizeof text.algorithm, "%s", others[i]);
        snprintf(text.key_id, sizeof text.key_id, "%s", key_id);
        must(keyset_find(keyset, &text, &why) == NULL && why == REASON_ALGORITHM,
            "no key is found for an algorithm that nobody asked for");
    }
}

static void each_is_one(const struct keyset *keyset)
{
    for (unsigned i = 0; i < keyset->count; i++)
        for (unsigned j = 0; j < i; j++)
            must(strcmp(keyset->keys[i].key_id, keyset->keys[j].key_id) != 0 ||
                     strcmp(signature_key_algorithm(keyset->keys[i].key),
                         signature_key_algorithm(keyset->keys[j].key)) != 0,
                "no two keys of an algorithm have one id");
}

static void taken(const struct keyset *keyset, const char *bytes, size_t length, unsigned refused)
{
    JSON_CLEANUP struct json *json = NULL;
    unsigned elements = 0;
    must(json_parse(bytes, length, &json) == 0, "a set is strict JSON");
    json_objects(json, "keys", counted, &elements);
    must(keyset_count(keyset) >= 1 && keyset_count(keyset) <= KEYSET_MAX, "a set has its bounds");
    must(keyset_count(keyset) + refused == elements, "each key is taken or told");
    each_is_one(keyset);
    must(!keyset_is_channel(keyset), "a set is never the channel's trust");
    for (unsigned i = 0; i < keyset_count(keyset); i++) {
        must(keyset->keys[i].key != NULL, "a key that is taken is there");
        no_other_algorithm_finds_a_key(keyset, keyset->keys[i].key_id);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KEYSET_CLEANUP struct keyset *keyset = NULL;
    const char *why = NULL;
    unsigned refused = 0;
    int r = keyset_from_jwks((const char *)data, size, algorithms, told, &refused, &keyset, &why);
    must((r == 0) == (keyset != NULL), "a set or an error");
    must(r == 0 || r == -ENOMEM || (why && given_printable(why)), "an error has its sentence");
    if (r == 0)
        taken(keyset, (const char *)data, size, refused);
    return 0;
}
