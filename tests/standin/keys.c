/* The keys that sign short tokens: see keys.h. */
#include "keys.h"

#include "bytes.h"
#include "file.h"
#include "memory.h"
#include "pem.h"
#include "signature.h"

#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_shared(const struct keys *keys)
{
    return strcmp(keys->algorithm, "HS256") == 0;
}

static void name_key(struct signing_key *key)
{
    unsigned char *der = NULL;
    char hash[BYTES_HASH_TEXT];
    if (key->public_pem == NULL) {
        bytes_hash(key->material, strlen(key->material), hash);
    } else {
        int length = i2d_PUBKEY(key->pair, &der);
        bytes_hash(der, length > 0 ? (size_t)length : 0, hash);
        OPENSSL_free(der);
    }
    snprintf(key->kid, sizeof key->kid, "%.16s", hash);
}

static struct signing_key *pair_new(EVP_PKEY *pair)
{
    struct signing_key *key = memory_zeroed(1, sizeof *key);
    key->pair = pair;
    key->material = pem_private(pair);
    key->public_pem = pem_public(pair);
    name_key(key);
    return key;
}

static struct signing_key *secret_new(char *secret)
{
    struct signing_key *key = memory_zeroed(1, sizeof *key);
    key->pair = signature_secret(secret, strlen(secret));
    key->material = secret;
    name_key(key);
    return key;
}

static struct signing_key *key_new(const struct keys *keys)
{
    if (is_shared(keys))
        return secret_new(bytes_random_hex(32));
    return pair_new(signature_new_key(signature_algorithm(keys->algorithm)));
}

static void free_list(struct signing_key *key)
{
    while (key != NULL) {
        struct signing_key *older = key->next;
        EVP_PKEY_free(key->pair);
        free(key->material);
        free(key->public_pem);
        free(key);
        key = older;
    }
}

/* All private keys in one file, the current one first. */
static char *store_path(const struct keys *keys)
{
    if (is_shared(keys))
        return file_path(keys->directory, "hs256.secret");
    OWN_TEXT char *name = memory_format("signing-%s.pem", keys->algorithm);
    return file_path(keys->directory, name);
}

static int store(const struct keys *keys)
{
    OWN_TEXT char *path = store_path(keys);
    if (is_shared(keys))
        return file_write(path, keys->current->material, 0600);
    OWN_TEXT char *all = memory_copy("");
    for (struct signing_key *key = keys->current; key != NULL; key = key->next) {
        char *longer = memory_format("%s%s", all, key->material);
        free(all);
        all = longer;
    }
    return file_write(path, all, 0600);
}

static int publish(const struct keys *keys)
{
    OWN_TEXT char *verify_key = file_path(keys->directory, "verify-key.pem");
    OWN_TEXT char *jwks = file_path(keys->directory, "jwks.json");
    OWN_JSON json_object *set = keys_to_jwks(keys);
    if (keys->current->public_pem == NULL)
        unlink(verify_key);
    else if (file_write(verify_key, keys->current->public_pem, 0644) != 0)
        return -1;
    return file_write(jwks, value_text(set), 0644);
}

static void load(struct keys *keys)
{
    OWN_TEXT char *path = store_path(keys);
    OWN_TEXT char *text = file_read(path, NULL);
    if (text == NULL)
        return;
    if (is_shared(keys)) {
        keys->current = secret_new(STEAL(text));
        return;
    }
    const char *rest = text;
    struct signing_key **end = &keys->current;
    for (EVP_PKEY *pair = pem_next_private(&rest); pair != NULL; pair = pem_next_private(&rest)) {
        *end = pair_new(pair);
        end = &(*end)->next;
    }
}

int keys_open(struct keys *keys, const char *algorithm, const char *directory)
{
    *keys = (struct keys){.algorithm = algorithm, .directory = directory};
    load(keys);
    if (keys->current != NULL)
        return publish(keys);
    return keys_rotate(keys, false);
}

void keys_deinit(struct keys *keys)
{
    free_list(keys->current);
    keys->current = NULL;
    EVP_PKEY_free(keys->foreign);
    keys->foreign = NULL;
}

int keys_rotate(struct keys *keys, bool keep)
{
    struct signing_key *fresh = key_new(keys);
    if (keep)
        fresh->next = keys->current;
    else
        free_list(keys->current);
    keys->current = fresh;
    return store(keys) != 0 || publish(keys) != 0 ? -1 : 0;
}

struct signing_key *keys_find(const struct keys *keys, const char *kid)
{
    struct signing_key *key = keys->current;
    while (kid != NULL && key != NULL && strcmp(key->kid, kid) != 0)
        key = key->next;
    return key;
}

EVP_PKEY *keys_foreign(struct keys *keys)
{
    if (keys->foreign == NULL)
        keys->foreign = signature_new_key(signature_algorithm(keys->algorithm));
    return keys->foreign;
}
