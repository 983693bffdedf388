/* What is put together is bounded before it is kept: one secret of the size of the longest token. */
#include "login/assembly.h"

#include "base/vault.h"
#include "c2m/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_SIZE = 8, COUNT_DIGITS = 2 };

struct assembly {
    struct secret *bytes; /* C2M_TOKEN_MAX of them, `length` in use */
    size_t length;
    unsigned next, count;
    char tag[TAG_SIZE];
};

/* One answer, taken apart; nothing is copied. */
struct part {
    unsigned number, count;
    const char *tag;
    const char *bytes;
    size_t length;
};

struct reader {
    const char *at;
    size_t left;
};

static bool skip(struct reader *reader, const char *text)
{
    size_t length = strlen(text);
    if (reader->left < length || memcmp(reader->at, text, length) != 0)
        return false;
    reader->at += length;
    reader->left -= length;
    return true;
}

/* 1 to 99, spelt in one way. */
static bool read_count(struct reader *reader, unsigned *out)
{
    size_t digits = 0;
    *out = 0;
    while (digits < COUNT_DIGITS && digits < reader->left && reader->at[digits] >= '0' &&
           reader->at[digits] <= '9')
        *out = *out * 10 + (unsigned)(reader->at[digits++] - '0');
    if (digits == 0 || reader->at[0] == '0')
        return false;
    reader->at += digits;
    reader->left -= digits;
    return true;
}

static bool read_tag(struct reader *reader, const char **out)
{
    *out = reader->at;
    if (reader->left < TAG_SIZE)
        return false;
    for (size_t i = 0; i < TAG_SIZE; i++)
        if (reader->at[i] == '\0' || !strchr("0123456789abcdef", reader->at[i]))
            return false;
    reader->at += TAG_SIZE;
    reader->left -= TAG_SIZE;
    return true;
}

static bool is_visible(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] <= ' ' || bytes[i] > '~')
            return false;
    return length > 0;
}

static bool part_read(const char *typed, size_t length, struct part *out)
{
    struct reader reader = {.at = typed, .left = length};
    if (length > ASSEMBLY_ANSWER_MAX || !skip(&reader, "c2m ") || !read_count(&reader, &out->number) ||
        !skip(&reader, "/") || !read_count(&reader, &out->count) || !skip(&reader, " ") ||
        !read_tag(&reader, &out->tag) || !skip(&reader, ":"))
        return false;
    out->bytes = reader.at;
    out->length = reader.left;
    return is_visible(out->bytes, out->length) && out->number <= out->count &&
           out->count <= ASSEMBLY_PARTS_MAX;
}

bool assembly_begins(const char *typed, size_t length)
{
    struct reader reader = {.at = typed, .left = length};
    return skip(&reader, "c2m ");
}

int assembly_new(struct assembly **out)
{
    struct assembly *assembly = calloc(1, sizeof *assembly);
    if (!assembly)
        return -ENOMEM;
    assembly->next = 1;
    int r = secret_new_empty(C2M_TOKEN_MAX, &assembly->bytes);
    if (r < 0) {
        free(assembly);
        return r;
    }
    *out = assembly;
    return 0;
}

void assembly_free(struct assembly *assembly)
{
    if (!assembly)
        return;
    secret_free(assembly->bytes);
    free(assembly);
}

/* Is it the one that was asked for, of the same token? */
static enum reason part_judge(const struct assembly *assembly, const struct part *part)
{
    bool first = assembly->next == 1;
    bool same = !first && part->count == assembly->count && memcmp(part->tag, assembly->tag, TAG_SIZE) == 0;
    if (assembly->next == 2 && same && part->number == 1)
        return REASON_PART_AGAIN; /* sshd's `password` method answers every prompt with the same */
    if (part->number != assembly->next || (!first && !same))
        return REASON_PARTS;
    return part->length > C2M_TOKEN_MAX - assembly->length ? REASON_TOO_LONG : REASON_NONE;
}

/* The tag is of the whole: parts of two tokens that were mixed make another one. */
static enum reason finish(const struct assembly *assembly, struct secret **token)
{
    uint8_t hash[VAULT_HASH_SIZE];
    char tag[TAG_SIZE + 1];
    vault_hash(secret_bytes(assembly->bytes), assembly->length, hash);
    vault_hash_text(hash, tag);
    if (memcmp(tag, assembly->tag, TAG_SIZE) != 0)
        return REASON_PARTS;
    int r = secret_new(secret_bytes(assembly->bytes), assembly->length, token);
    return r < 0 ? REASON_INTERNAL : REASON_NONE;
}

enum reason assembly_add(struct assembly *assembly, const char *typed, size_t length, struct secret **token)
{
    struct part part;
    *token = NULL;
    if (!part_read(typed, length, &part))
        return REASON_PARTS;
    enum reason reason = part_judge(assembly, &part);
    if (reason != REASON_NONE)
        return reason;
    memcpy(secret_writable(assembly->bytes) + assembly->length, part.bytes, part.length);
    assembly->length += part.length;
    assembly->count = part.count;
    memcpy(assembly->tag, part.tag, TAG_SIZE);
    return assembly->next++ == part.count ? finish(assembly, token) : REASON_NONE;
}

unsigned assembly_next(const struct assembly *assembly)
{
    return assembly->next;
}

unsigned assembly_count(const struct assembly *assembly)
{
    return assembly->count;
}
