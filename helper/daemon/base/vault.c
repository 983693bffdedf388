/*
 * libsodium. The key lies between guard pages, read-only, out of core dumps. The associated data are three texts
 * with their NULs, so that no two contexts have the same.
 */
#include "base/vault.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <sodium.h>

#include <assert.h>
#include <errno.h>
#include <sys/stat.h>

enum {
    KEY_SIZE = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};
static_assert((int)VAULT_OVERHEAD == (int)NONCE_SIZE + (int)TAG_SIZE, "what a sealed text adds");
static_assert((int)VAULT_HASH_SIZE == (int)crypto_hash_sha256_BYTES, "SHA-256");

struct vault {
    uint8_t key[KEY_SIZE + 1]; /* the last byte tells a longer file */
};

static void vault_freep(struct vault **vault)
{
    vault_free(*vault);
}

int vault_new(const char *file, struct vault **out)
{
    int fd CLEANUP_CLOSE = file_open(file, VAULT_FORBIDDEN);
    if (fd < 0)
        return fd;
    struct vault *vault CLEANUP(vault_freep) = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *vault);
    if (!vault)
        return -ENOMEM;
    ssize_t got = file_read(fd, vault->key, sizeof vault->key);
    if (got != KEY_SIZE)
        return got < 0 ? (int)got : -EMSGSIZE;
    if (sodium_mprotect_readonly(vault) < 0)
        return -errno;
    *out = STEAL(vault);
    return 0;
}

void vault_free(struct vault *vault)
{
    sodium_free(vault); /* wipes */
}

struct context_bytes {
    size_t length;
    uint8_t *bytes;
};

static void free_context(struct context_bytes *context)
{
    free(context->bytes);
}

static int write_context(const struct vault_context *context, struct context_bytes *out)
{
    const char *const parts[] = {context->row, context->user, context->token_id};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        out->length += strlen(parts[i] ? parts[i] : "") + 1;
    out->bytes = malloc(out->length);
    if (!out->bytes)
        return -ENOMEM;
    uint8_t *end = out->bytes;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *part = parts[i] ? parts[i] : "";
        memcpy(end, part, strlen(part) + 1);
        end += strlen(part) + 1;
    }
    return 0;
}

int vault_seal(const struct vault *vault, const struct vault_context *context, const struct secret *secret,
    uint8_t **sealed, size_t *sealed_length)
{
    CLEANUP(free_context) struct context_bytes bound = {.length = 0};
    size_t length = secret_length(secret);
    uint8_t *text CLEANUP_FREE = malloc(length + VAULT_OVERHEAD);
    if (!text || write_context(context, &bound) < 0)
        return -ENOMEM;
    vault_random(text, NONCE_SIZE); /* of 192 bits: random ones do not meet */
    crypto_aead_xchacha20poly1305_ietf_encrypt(text + NONCE_SIZE, NULL, (const uint8_t *)secret_bytes(secret),
        length, bound.bytes, bound.length, NULL, text, vault->key);
    *sealed = STEAL(text);
    *sealed_length = length + VAULT_OVERHEAD;
    return 0;
}

int vault_open(const struct vault *vault, const struct vault_context *context, const uint8_t *sealed,
    size_t sealed_length, struct secret **out)
{
    CLEANUP(free_context) struct context_bytes bound = {.length = 0};
    SECRET_CLEANUP struct secret *secret = NULL;
    if (sealed_length < VAULT_OVERHEAD)
        return -EBADMSG;
    int r = secret_new_empty(sealed_length - VAULT_OVERHEAD, &secret);
    if (r == 0)
        r = write_context(context, &bound);
    if (r < 0)
        return r;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)secret_writable(secret), NULL, NULL,
            sealed + NONCE_SIZE, sealed_length - NONCE_SIZE, bound.bytes, bound.length, sealed,
            vault->key) < 0)
        return -EBADMSG;
    *out = STEAL(secret);
    return 0;
}

void vault_hash(const void *bytes, size_t length, uint8_t out[VAULT_HASH_SIZE])
{
    crypto_hash_sha256(out, bytes, length);
}

void vault_hash_text(const uint8_t hash[VAULT_HASH_SIZE], char out[9])
{
    sodium_bin2hex(out, 9, hash, 4);
}

void vault_reference(char out[9])
{
    uint8_t bytes[4];
    vault_random(bytes, sizeof bytes);
    sodium_bin2hex(out, 9, bytes, sizeof bytes);
}

void vault_random(void *out, size_t length)
{
    randombytes_buf(out, length); /* getrandom(2); the library aborts rather than return without */
}
