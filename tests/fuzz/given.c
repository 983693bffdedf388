#include "given.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "it does not hold: %s\n", what);
    abort();
}

uint8_t given_byte(struct given *given)
{
    if (given->left == 0)
        return 0;
    given->left--;
    return *given->at++;
}

size_t given_bytes(struct given *given, void *out, size_t size)
{
    size_t taken = given->left < size ? given->left : size;
    memset(out, 0, size);
    if (taken > 0)
        memcpy(out, given->at, taken);
    given->at += taken;
    given->left -= taken;
    return taken;
}

const char *given_line(struct given *given, size_t *length)
{
    const char *line = (const char *)given->at;
    const char *end = given->left > 0 ? memchr(line, '\n', given->left) : NULL;
    *length = end ? (size_t)(end - line) : given->left;
    size_t taken = end ? *length + 1 : *length;
    given->at += taken;
    given->left -= taken;
    return line;
}

char *given_folder(void)
{
    const char *parent = getenv("TMPDIR");
    char *folder = NULL;
    if (!parent)
        parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    must(asprintf(&folder, "%s/c2m-fuzz.XXXXXX", parent) > 0, "memory for a name");
    return folder;
}

static char *file;

static void forget_file(void)
{
    unlink(file);
    free(file);
}

const char *given_file(const void *bytes, size_t length)
{
    static int fd = -1;
    static size_t before;
    if (fd < 0) {
        file = given_folder();
        fd = mkstemp(file);
        must(fd >= 0, "a file can be made");
        atexit(forget_file);
    }
    must(length <= GIVEN_FILE_MAX, "a file is small (small_buffer.c)");
    must(pwrite(fd, bytes, length, 0) == (ssize_t)length, "the file can be written");
    must(length >= before || ftruncate(fd, (off_t)length) == 0, "the file can be cut");
    before = length;
    return file;
}

size_t given_base64url(char *out, const void *bytes, size_t length)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const uint8_t *byte = bytes;
    size_t written = 0, digits = (length * 8 + 5) / 6;
    for (size_t i = 0; i < digits; i++) {
        size_t bit = i * 6, at = bit / 8;
        unsigned both = (unsigned)byte[at] << 8 | (at + 1 < length ? byte[at + 1] : 0u);
        out[written++] = letters[both >> (10 - bit % 8) & 63];
    }
    return written;
}

bool given_printable(const char *text)
{
    for (; *text; text++)
        if (*text < 0x20 || *text > 0x7e)
            return false;
    return true;
}

bool given_empty(const void *bytes, size_t length)
{
    const uint8_t *byte = bytes;
    for (size_t i = 0; i < length; i++)
        if (byte[i] != 0)
            return false;
    return true;
}

bool given_beyond_json_c(const void *json, size_t length)
{
    const char *text = json;
    for (size_t i = 0; i + 6 <= length; i++)
        if (memcmp(text + i, "\\u", 2) == 0 && (text[i + 2] | 0x20) == 'd' && strchr("89abAB", text[i + 3]) &&
            strchr("37bBfF", text[i + 4]) && strchr("67", text[i + 5]))
            return true;
    return false;
}
