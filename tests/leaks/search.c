/*
 * Looks for secrets in the memory of processes and in files.
 *
 *   search SECRETS PID|FILE|lent ...
 *
 * lent: the memory whose /proc files descriptors 3 (maps) and 4 (mem) are, see tests/inside/memory.c.
 * SECRETS: a line "LABEL TEXT" each. A secret is found where 31 bytes of it in a row are left, for it is looked for in
 * pieces of 16; shorter ones whole. Of a JWT or JWE that is each part but the header, which is no secret, and the bytes
 * that the last part (of a JWE each) stands for, forwards and backwards: what a payload says the helper may know.
 *
 * Prints a line for each place that holds pieces (with the text's offset, never the text), and one for each target:
 * "TARGET: N bytes, M pieces of K secrets". Exit status 0: nothing found; 1: something; 2: a target could not be read.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PIECE = 16,
    WINDOW = 8,
    LINE = 20000,
    CHUNK = 1 << 20,
    BITS = 1 << 22,
    SLOTS = 1 << 18,
    SECRETS = 20000
};

struct piece {
    unsigned char bytes[PIECE];
    unsigned length, secret, offset; /* of the part that it is of */
};

static struct piece *table[SLOTS];
static unsigned char filter[BITS / 8];
static char labels[SECRETS][16];
static bool seen[SECRETS]; /* in the present target */
static unsigned secrets;
static size_t pieces;

static void die(const char *what)
{
    fprintf(stderr, "search: %s\n", what);
    exit(2);
}

static uint64_t hash(const unsigned char *bytes)
{
    uint64_t window;
    memcpy(&window, bytes, WINDOW);
    return window * 0x9e3779b97f4a7c15U;
}

/* What several have in common (claims that are alike) counts once, as the first one's. */
static void add_piece(const unsigned char *bytes, unsigned length, unsigned offset)
{
    uint64_t h = hash(bytes);
    size_t slot = h >> 46;
    for (; table[slot]; slot = (slot + 1) % SLOTS)
        if (table[slot]->length == length && memcmp(table[slot]->bytes, bytes, length) == 0)
            return;
    struct piece *piece = calloc(1, sizeof *piece);
    if (!piece || ++pieces > SLOTS / 2)
        die("too many secrets");
    *piece = (struct piece){.length = length, .secret = secrets, .offset = offset};
    memcpy(piece->bytes, bytes, length);
    table[slot] = piece;
    filter[(h >> 42) / 8] |= (unsigned char)(1U << ((h >> 42) % 8));
}

static void add_text(const unsigned char *bytes, size_t length)
{
    if (length < WINDOW)
        return;
    if (length < PIECE) {
        add_piece(bytes, (unsigned)length, 0);
        return;
    }
    for (size_t at = 0; at + PIECE <= length; at += PIECE)
        add_piece(bytes + at, PIECE, (unsigned)at);
}

/* Both ways: a large number lies with its last byte first. */
static void add_bytes(unsigned char *bytes, size_t length)
{
    add_text(bytes, length);
    for (size_t i = 0; i < length / 2; i++) {
        unsigned char first = bytes[i];
        bytes[i] = bytes[length - 1 - i];
        bytes[length - 1 - i] = first;
    }
    add_text(bytes, length);
}

static size_t decode(const char *text, unsigned char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint32_t bits = 0;
    size_t length = 0;
    for (unsigned have = 0; *text; text++) {
        const char *digit = strchr(digits, *text);
        if (!digit)
            return 0;
        bits = bits << 6 | (uint32_t)(digit - digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[length++] = (unsigned char)(bits >> have);
        }
    }
    return length;
}

static void add_secret(char *text)
{
    static unsigned char bytes[LINE];
    char *parts[5], *rest = text;
    size_t count = 0;
    while (count < 5 && (parts[count] = strsep(&rest, ".")))
        count++;
    if (count < 3) {
        for (size_t i = 0; i < count; i++)
            add_text((const unsigned char *)parts[i], strlen(parts[i]));
        return;
    }
    for (size_t i = 1; i < count; i++) {
        add_text((const unsigned char *)parts[i], strlen(parts[i]));
        if (count == 5 || i == count - 1)
            add_bytes(bytes, decode(parts[i], bytes));
    }
}

static void read_secrets(const char *path)
{
    static char line[LINE], text[LINE];
    FILE *file = fopen(path, "re");
    if (!file)
        die("cannot read the secrets");
    for (; fgets(line, sizeof line, file); secrets++) {
        if (secrets == SECRETS || sscanf(line, "%15s %19999s", labels[secrets], text) != 2)
            die("a line is no secret");
        add_secret(text);
    }
    fclose(file);
}

/* Those that begin at BYTES, of which LEFT are there. */
static long match(const unsigned char *bytes, size_t left, const char *target, const char *place, uint64_t at)
{
    uint64_t h = hash(bytes);
    long found = 0;
    if (!(filter[(h >> 42) / 8] & 1U << ((h >> 42) % 8)))
        return 0;
    for (size_t slot = h >> 46; table[slot]; slot = (slot + 1) % SLOTS) {
        const struct piece *piece = table[slot];
        if (piece->length > left || memcmp(piece->bytes, bytes, piece->length) != 0)
            continue;
        printf("%s: %s %u, its byte %u, at %#lx%s%s\n", target, labels[piece->secret], piece->secret + 1,
            piece->offset, (unsigned long)at, *place ? " of " : "", place);
        seen[piece->secret] = true;
        found++;
    }
    return found;
}

/* A range of a file; the next chunk begins where a piece could still reach over the end of this one. */
static long search_range(
    FILE *file, uint64_t from, uint64_t to, const char *target, const char *place, uint64_t *bytes)
{
    static unsigned char chunk[CHUNK + PIECE];
    long found = 0;
    while (from < to) {
        size_t wanted = to - from < sizeof chunk ? (size_t)(to - from) : sizeof chunk;
        if (fseeko(file, (off_t)from, SEEK_SET) != 0)
            break;
        size_t got = fread(chunk, 1, wanted, file);
        size_t ends = got < sizeof chunk ? got : CHUNK;
        for (size_t i = 0; i < ends && i + WINDOW <= got; i++)
            found += match(chunk + i, got - i, target, place, from + i);
        *bytes += ends;
        from += ends;
        if (got < wanted) {
            clearerr(file);
            from = (from + 4096) & ~(uint64_t)4095; /* a page that is not there */
            if (place[0] == '\0')
                break;
        }
    }
    return found;
}

static long search_memory(FILE *maps, FILE *memory, const char *target, uint64_t *bytes)
{
    char line[512];
    long found = 0;
    setvbuf(memory, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, maps)) {
        uint64_t from, to;
        char rights[8], name[256] = "";
        int got = sscanf(line, "%lx-%lx %7s %*s %*s %*s %255[^\n]", &from, &to, rights, name);
        if (got < 3 || strncmp(name, "[v", 2) == 0)
            continue; /* the kernel's own, vvar and vsyscall */
        found += search_range(memory, from, to, target, *name ? name : "no file", bytes);
    }
    return found;
}

static long search_process(const char *pid, uint64_t *bytes)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/maps", pid);
    FILE *maps = fopen(path, "re");
    snprintf(path, sizeof path, "/proc/%s/mem", pid);
    FILE *memory = fopen(path, "re");
    if (!maps || !memory)
        return -1;
    long found = search_memory(maps, memory, pid, bytes);
    fclose(maps);
    fclose(memory);
    return found;
}

static long search_lent(const char *target, uint64_t *bytes)
{
    FILE *maps = fdopen(3, "re"), *memory = fdopen(4, "re");
    if (!maps || !memory)
        return -1;
    rewind(maps); /* who looked before has read it */
    return search_memory(maps, memory, target, bytes);
}

static long search_file(const char *path, uint64_t *bytes)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    long found = search_range(file, 0, UINT64_MAX, path, "", bytes);
    fclose(file);
    return found;
}

static long search(const char *target)
{
    uint64_t bytes = 0;
    unsigned secrets_seen = 0;
    memset(seen, 0, sizeof seen);
    long found = strcmp(target, "lent") == 0         ? search_lent(target, &bytes)
                 : isdigit((unsigned char)target[0]) ? search_process(target, &bytes)
                                                     : search_file(target, &bytes);
    for (unsigned i = 0; i < secrets; i++)
        secrets_seen += seen[i];
    if (found >= 0)
        printf(
            "%s: %lu bytes, %ld pieces of %u secrets\n", target, (unsigned long)bytes, found, secrets_seen);
    return found;
}

int main(int count, char **arguments)
{
    int status = 0;
    if (count < 3)
        die("usage: search SECRETS PID|FILE|lent ...");
    read_secrets(arguments[1]);
    for (int i = 2; i < count; i++) {
        long found = search(arguments[i]);
        if (found < 0) {
            fprintf(stderr, "search: cannot read %s\n", arguments[i]);
            status = 2;
        } else if (found > 0 && status == 0) {
            status = 1;
        }
    }
    return status;
}
