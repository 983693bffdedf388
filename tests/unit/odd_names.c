/* See odd_names.h. */
#include "odd_names.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct odd_names {
    uint64_t state;
    size_t slots, used;
    uint64_t seen[]; /* hashes, 0: free */
};

struct odd_names *odd_names_new(uint64_t seed, size_t maximum)
{
    size_t slots = 1;
    while (slots < 2 * maximum)
        slots *= 2;
    struct odd_names *names = calloc(1, sizeof *names + slots * sizeof names->seen[0]);
    assert(names);
    names->state = seed;
    names->slots = slots;
    return names;
}

void odd_names_free(struct odd_names *names)
{
    free(names);
}

/* splitmix64 */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static size_t any(struct odd_names *names, size_t below)
{
    names->state += 0x9e3779b97f4a7c15;
    return (size_t)(mix(names->state) % below);
}

/* Of AT .. AT + REMOVED the bytes; what would be too long is not put in. */
static void splice(struct odd_name *name, size_t at, size_t removed, const char *bytes, size_t length)
{
    if (name->length - removed + length > ODD_NAME_MAX)
        return;
    memmove(name->bytes + at + length, name->bytes + at + removed, name->length - at - removed);
    memcpy(name->bytes + at, bytes, length);
    name->length += length - removed;
    name->bytes[name->length] = '\0';
}

struct text {
    const char *bytes;
    size_t length;
};
#define T(text) {text, sizeof(text) - 1}
#define ONE_OF(names, list) (&(list)[any(names, sizeof(list) / sizeof((list)[0]))])

static void change_case(struct odd_names *names, struct odd_name *name)
{
    for (size_t i = 0; i < name->length; i++)
        if (((name->bytes[i] | 0x20) >= 'a' && (name->bytes[i] | 0x20) <= 'z') && any(names, 3) == 0)
            name->bytes[i] ^= 0x20;
}

/* The first of each row is what the others look like. */
static void look_alike(struct odd_names *names, struct odd_name *name)
{
    static const struct {
        char letter;
        struct text alike[6];
    } rows[] = {
        {'a', {T("\xd0\xb0"), T("\xce\xb1"), T("\xef\xbd\x81"), T("\xc3\xa1"), T("@"), T("4")}},
        {'l', {T("1"), T("I"), T("|"), T("\xd3\x8f"), T("\xef\xbd\x8c"), T("\xc5\x82")}},
        {'i', {T("1"), T("\xd1\x96"), T("\xc3\xad"), T("\xc4\xb1"), T("\xef\xbd\x89"), T("!")}},
        {'c', {T("\xd1\x81"), T("\xef\xbd\x83"), T("\xc3\xa7"), T("("), T("\xcf\xb2"), T("k")}},
        {'e', {T("\xd0\xb5"), T("\xef\xbd\x85"), T("\xc3\xa9"), T("3"), T("e\xcc\x81"), T("\xc4\x97")}},
        {'b', {T("\xd0\xac"), T("\xef\xbd\x82"), T("6"), T("8"), T("d"), T("\xca\x99")}},
        {'o', {T("\xd0\xbe"), T("\xce\xbf"), T("\xef\xbd\x8f"), T("0"), T("\xc3\xb6"), T("\xe1\xb4\x8f")}},
    };
    size_t at = any(names, name->length + 1);
    for (size_t i = 0; at < name->length && i < sizeof rows / sizeof rows[0]; i++) {
        const struct text *alike = ONE_OF(names, rows[i].alike);
        if (rows[i].letter == name->bytes[at]) {
            splice(name, at, 1, alike->bytes, alike->length);
            return;
        }
    }
}

static void put_anywhere(struct odd_names *names, struct odd_name *name)
{
    static const struct text odd[] = {T(" "), T("\t"), T("\n"), T("\r\n"), T("\v"), T("\0"), T("\xc2\xa0"),
        T("\xe2\x80\x8b"), T("\xe2\x80\xae"), T("\xcc\x81"), T("\xef\xbb\xbf"), T("\xc2\xad"), T("\x7f"),
        T("\x1b[2J"), T("\b"), T("%s"), T("%n"), T("%00"), T("%0a"), T("%%"), T("\\"), T("'"), T("\""),
        T("`"), T("$"), T(";"), T(","), T("="), T("#"), T("*"), T("?"), T(":"), T("/"), T("\xff"),
        T("\xc0\xa0")};
    const struct text *text = ONE_OF(names, odd);
    splice(name, any(names, name->length + 1), 0, text->bytes, text->length);
}

static void put_before(struct odd_names *names, struct odd_name *name)
{
    static const struct text before[] = {T("root"), T("root\n"), T("-"), T("--"), T("C2M\\"), T("c2m_"),
        T("../"), T("/home/"), T("~"), T("%"), T("0"), T("bob "), T("bob\n"), T("bob\0"), T("alice"),
        T("mallory@")};
    const struct text *text = ONE_OF(names, before);
    splice(name, 0, 0, text->bytes, text->length);
}

static void put_behind(struct odd_names *names, struct odd_name *name)
{
    static const struct text behind[] = {T("@c2m"), T("@c2m.example"), T("$"), T("."), T("/"), T("/../bob"),
        T(":x"), T(" = c2m_bob"), T("\n"), T("\0"), T("\0bob"), T("\nbob"), T(" bob"), T("0"), T("-"), T("_"),
        T("alice"), T("bob"), T("%s%s%s"), T("+sudo")};
    const struct text *text = ONE_OF(names, behind);
    splice(name, name->length, 0, text->bytes, text->length);
}

static void any_byte(struct odd_names *names, struct odd_name *name)
{
    char byte = (char)any(names, 256);
    size_t at = any(names, name->length + 1);
    splice(name, at, at < name->length && any(names, 2), &byte, 1);
}

static void leave_out_or_double(struct odd_names *names, struct odd_name *name)
{
    size_t at = any(names, name->length + 1);
    if (at < name->length && any(names, 2))
        splice(name, at, 1, "", 0);
    else if (at < name->length)
        splice(name, at, 0, &(char){name->bytes[at]}, 1);
}

/* Seldom: most of them would cost more time than they show. */
static void repeat(struct odd_names *names, struct odd_name *name)
{
    static const size_t lengths[] = {32, 33, 62, 63, 64, 126, 255, 256, 1023, ODD_NAME_MAX};
    size_t unit = name->length, wanted = *ONE_OF(names, lengths);
    if (unit == 0 || any(names, 8))
        return;
    while (name->length < wanted)
        splice(name, name->length, 0, &(char){name->bytes[name->length - unit]}, 1);
}

static bool is_new(struct odd_names *names, const struct odd_name *name)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < name->length; i++)
        hash = (hash ^ (uint8_t)name->bytes[i]) * 1099511628211u;
    hash = mix(hash ^ name->length) | 1;
    size_t slot = (size_t)(hash >> 1) & (names->slots - 1);
    for (; names->seen[slot]; slot = (slot + 1) & (names->slots - 1))
        if (names->seen[slot] == hash)
            return false;
    assert(2 * ++names->used <= names->slots);
    names->seen[slot] = hash;
    return true;
}

void odd_names_next(struct odd_names *names, struct odd_name *out)
{
    static void (*const changes[])(struct odd_names *, struct odd_name *) = {change_case, look_alike,
        look_alike, put_anywhere, put_anywhere, put_before, put_behind, any_byte, leave_out_or_double,
        repeat};
    do {
        strcpy(out->bytes, any(names, 2) ? "alice" : "bob");
        out->length = strlen(out->bytes);
        for (size_t times = 1 + any(names, 4); times > 0; times--)
            (*ONE_OF(names, changes))(names, out);
    } while (!is_new(names, out));
}
