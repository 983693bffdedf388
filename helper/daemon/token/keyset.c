/* Which key is asked for is the token's to say; what it must be for is not. */
#include "token/keyset_internal.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

int keyset_empty(const char *algorithms, struct keyset **out)
{
    size_t length = strlen(algorithms);
    struct keyset *keyset = length < KEYSET_ALGORITHMS_SIZE ? calloc(1, sizeof *keyset) : NULL;
    if (!keyset)
        return -ENOMEM;
    memcpy(keyset->algorithms, algorithms, length + 1);
    *out = keyset;
    return 0;
}

int keyset_of_channel(struct keyset **out)
{
    int r = keyset_empty("", out);
    if (r == 0)
        (*out)->channel = true;
    return r;
}

int keyset_of_key(struct signature_key *key, struct keyset **out)
{
    struct keyset *keyset;
    int r = keyset_empty(signature_key_algorithm(key), &keyset);
    if (r < 0) {
        signature_key_free(key);
        return r;
    }
    keyset->any_id = true;
    keyset->keys[keyset->count++].key = key;
    *out = keyset;
    return 0;
}

void keyset_free(struct keyset *keyset)
{
    for (unsigned i = 0; keyset && i < keyset->count; i++)
        signature_key_free(keyset->keys[i].key);
    free(keyset);
}

unsigned keyset_count(const struct keyset *keyset)
{
    return keyset->count;
}

bool keyset_is_channel(const struct keyset *keyset)
{
    return keyset->channel;
}

static bool fits(const struct keyset *keyset, const struct jwk *key, const struct jwt_text *text)
{
    bool named = keyset->any_id || text->key_id[0] == '\0' || strcmp(key->key_id, text->key_id) == 0;
    return named && strcmp(signature_key_algorithm(key->key), text->algorithm) == 0;
}

const struct signature_key *keyset_find(
    const struct keyset *keyset, const struct jwt_text *text, enum reason *why)
{
    const struct signature_key *found = NULL;
    unsigned count = 0;
    *why = jwk_lists(keyset->algorithms, text->algorithm) ? REASON_UNKNOWN_KEY : REASON_ALGORITHM;
    for (unsigned i = 0; i < keyset->count && *why == REASON_UNKNOWN_KEY; i++) {
        if (!fits(keyset, &keyset->keys[i], text))
            continue;
        found = keyset->keys[i].key;
        count++;
    }
    if (count != 1) /* which of them would be a guess */
        return NULL;
    *why = REASON_NONE;
    return found;
}
