// link: -Wl,--wrap=malloc tests/fuzz/small_buffer.c
/* The lines of a file: what is told is trimmed, in order, and without a byte that no line may hold. */
#include "given.h"

#include "base/ini.h"

#include <string.h>

enum { STOPPED = -77 };

struct reader {
    int last, stop_at;
};

static bool clean(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' && text[i] != '\t')
            return false;
    return length == 0 || (!strchr(" \t", text[0]) && !strchr(" \t", text[length - 1]));
}

static int told(void *argument, const char *section, const char *key, const char *value, int line)
{
    struct reader *reader = argument;
    must(line > reader->last, "each line is told once, in its order");
    must(strlen(section) <= 49 && !strchr(section, '\n'), "a section's name is bounded");
    must((key == NULL) == (value == NULL), "a key has a value");
    must(!key || (key[0] && clean(key) && !strpbrk(key, "=:")), "a key is trimmed and one");
    must(!value || (clean(value) && strlen(value) <= 1000), "a value is trimmed and bounded");
    reader->last = line;
    return line == reader->stop_at ? STOPPED : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader reader = {.stop_at = size > 0 ? data[size - 1] % 16 : 0};
    int stopped = 0, lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    int r = ini_read(given_file(data, size), told, &reader, &stopped);
    must(r >= 0 && r <= lines, "a line that is none is named");
    must(stopped == 0 || (stopped == STOPPED && r == 0), "who stops the reading is heard");
    must(stopped == 0 || reader.last == reader.stop_at, "and nothing is told after it");
    if (r == 0 && stopped == 0)
        must(!memchr(data, '\0', size) && !memchr(data, '\r', size), "a file with a NUL is none");
    return 0;
}
