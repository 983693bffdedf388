/* Today one key from one file. Whoever can write that file can forge, so its owner and mode are looked at first. */
#include "token/keyset.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 16 * 1024 };

struct keyset {
    struct signature_key *key;
};

static const char *sentence(int error)
{
    switch (error) {
    case -ELOOP:
    case -EINVAL:
        return "the key file must be a regular file, no link";
    case -EPERM:
        return "the key file may be written by others: chown root, chmod go-w";
    case -EFBIG:
        return "the key file is larger than 16 KiB";
    case -ENOENT:
        return "the key file does not exist";
    default:
        return "the key file cannot be read";
    }
}

/* The length, or a negative errno. OUT has a byte more than a file may have, which tells a longer one. */
static ssize_t read_key_file(const char *file, char out[FILE_MAX + 1])
{
    CLEANUP_CLOSE int fd = file_open(file, S_IWGRP | S_IWOTH);
    ssize_t length = fd < 0 ? fd : file_read(fd, out, FILE_MAX + 1);
    return length > FILE_MAX ? -EFBIG : length;
}

int keyset_from_file(const char *file, const char *algorithm, struct keyset **out, const char **why)
{
    char pem[FILE_MAX + 1];
    ssize_t length = read_key_file(file, pem);
    *why = length < 0 ? sentence((int)length) : NULL;
    if (length < 0)
        return (int)length;
    struct signature_key *key = NULL;
    int r = signature_key_from_pem(algorithm, pem, (size_t)length, &key, why);
    explicit_bzero(pem, sizeof pem); /* it may have been a private key */
    if (r < 0)
        return r;
    struct keyset *keyset = calloc(1, sizeof *keyset);
    if (!keyset) {
        signature_key_free(key);
        *why = "out of memory";
        return -ENOMEM;
    }
    keyset->key = key;
    *out = keyset;
    return 0;
}

void keyset_free(struct keyset *keyset)
{
    if (keyset)
        signature_key_free(keyset->key);
    free(keyset);
}

const struct signature_key *keyset_find(
    const struct keyset *keyset, const struct jwt_text *text, enum reason *why)
{
    if (strcmp(signature_key_algorithm(keyset->key), text->algorithm) == 0)
        return keyset->key;
    *why = REASON_ALGORITHM;
    return NULL;
}
