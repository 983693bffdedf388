/*
 * One key from one file. Whoever can write a public key's file can forge, and whoever can read a secret's: so owner
 * and mode are looked at first.
 */
#include "token/keyset_internal.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 16 * 1024 };

struct content {
    char bytes[FILE_MAX + 1]; /* a byte more than a file may have, which tells a longer one */
    size_t length;
};

static void wipe(struct content *content)
{
    explicit_bzero(content, sizeof *content); /* it may be a secret, or a private key by mistake */
}
#define CONTENT_WIPE __attribute__((cleanup(wipe)))

static const char *sentence(int error, bool secret)
{
    switch (error) {
    case -ELOOP:
    case -EINVAL:
        return "the key file must be a regular file, no link";
    case -EPERM:
        return secret ? "the secret may be read or written by others: chown root:c2m-authd, chmod 0640"
                      : "the key file may be written by others: chown root, chmod go-w";
    case -EFBIG:
        return "the key file is larger than 16 KiB";
    case -ENOENT:
        return "the key file does not exist";
    default:
        return "the key file cannot be read";
    }
}

static int read_file(const char *file, bool secret, struct content *out, const char **why)
{
    CLEANUP_CLOSE int fd = file_open(file, secret ? S_IWGRP | S_IRWXO : S_IWGRP | S_IWOTH);
    ssize_t length = fd < 0 ? fd : file_read(fd, out->bytes, sizeof out->bytes);
    if (length > FILE_MAX)
        length = -EFBIG;
    *why = length < 0 ? sentence((int)length, secret) : NULL;
    out->length = length < 0 ? 0 : (size_t)length;
    return length < 0 ? (int)length : 0;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool is_text(const struct content *content, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((content->bytes[i] < 0x20 || content->bytes[i] > 0x7e) && !is_blank(content->bytes[i]))
            return false;
    return true;
}

/* 1: it is no JSON at all. A secret of random bytes may begin with a brace. */
static int read_jwk(
    const struct content *content, const char *algorithm, struct signature_key **out, const char **why)
{
    JSON_CLEANUP struct json *json = NULL;
    struct jwk jwk;
    size_t blanks = 0;
    while (blanks < content->length && is_blank(content->bytes[blanks]))
        blanks++;
    if (blanks == content->length || content->bytes[blanks] != '{' || !is_text(content, content->length))
        return 1;
    int r = json_parse(content->bytes, content->length, &json);
    if (r < 0) {
        *why = r == -EINVAL ? "the file holds no strict JSON object" : "out of memory";
        return r;
    }
    if (json_kind(json, "keys") != JSON_ABSENT) {
        *why = "the file holds a JWK Set: give one of its keys alone";
        return -EINVAL;
    }
    r = jwk_read(json, algorithm, &jwk, why);
    *out = jwk.key;
    return r;
}

static int keep(struct signature_key *key, struct keyset **out, const char **why)
{
    int r = keyset_of_key(key, out);
    *why = r < 0 ? "out of memory" : NULL;
    return r;
}

int keyset_from_file(const char *file, const char *algorithm, struct keyset **out, const char **why)
{
    CONTENT_WIPE struct content content = {.length = 0};
    struct signature_key *key = NULL;
    int r = read_file(file, false, &content, why);
    if (r == 0)
        r = read_jwk(&content, algorithm, &key, why);
    if (r == 1)
        r = signature_key_from_pem(algorithm, content.bytes, content.length, &key, why);
    return r < 0 ? r : keep(key, out, why);
}

/* A text ends with the newline that its editor, or echo, put there. */
static size_t without_newline(const struct content *content)
{
    size_t length = content->length;
    bool ends = length > 0 && content->bytes[length - 1] == '\n' && is_text(content, length - 1);
    return ends ? length - 1 : length;
}

/* The whole is one SEQUENCE in DER that begins with another one, or with a number: a public key or a certificate. */
static bool is_der(const uint8_t *bytes, size_t length)
{
    if (length < 40 || bytes[0] != 0x30)
        return false;
    size_t head = bytes[1] < 0x80 ? 2 : bytes[1] == 0x81 ? 3 : 4;
    size_t said = head == 2 ? bytes[1] : head == 3 ? bytes[2] : (size_t)bytes[2] << 8 | bytes[3];
    return said == length - head && (bytes[head] == 0x30 || bytes[head] == 0x02);
}

/* A public key as a secret is the classic confusion: everybody has it. */
static bool is_another_key(const struct content *content)
{
    static const char pem[] = "-----BEGIN ";
    static const char *const beginnings[] = {"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (strncmp(content->bytes, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return memmem(content->bytes, content->length, pem, sizeof pem - 1) ||
           is_der((const uint8_t *)content->bytes, content->length);
}

int keyset_from_secret(const char *file, struct keyset **out, const char **why)
{
    CONTENT_WIPE struct content content = {.length = 0};
    struct signature_key *key = NULL;
    int r = read_file(file, true, &content, why);
    if (r == 0)
        r = read_jwk(&content, "HS256", &key, why);
    if (r == 1 && is_another_key(&content)) {
        *why = "the file holds a key of another kind, which is no secret: [verify] key is for public keys";
        return -EINVAL;
    }
    if (r == 1)
        r = signature_key_from_secret(content.bytes, without_newline(&content), &key, why);
    return r < 0 ? r : keep(key, out, why);
}
