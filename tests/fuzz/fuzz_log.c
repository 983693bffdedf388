/*
 * Bytes from outside in a line of the log: it stays one printable line, and c2mctl reads back from it what was put in.
 * And any bytes as such a line, which c2mctl takes apart.
 */
#include "given.h"

#include "base/log.h"
#include "c2m/printable.h"
#include "c2m/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As base/log.c writes a quote inside a value. */
static void escape_quotes(char *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"')
            out = stpcpy(out, "\\x22");
        else
            *out++ = *text;
    }
    *out = '\0';
}

static void line_holds(const uint8_t *data, size_t size)
{
    struct log_line line;
    char shown[C2M_PRINTABLE_SIZE], wanted[4 * C2M_PRINTABLE_SIZE], found[4 * C2M_PRINTABLE_SIZE];
    char text[sizeof line.text + 1];
    log_begin(&line, "login");
    log_bytes(&line, "user", (const char *)data, size);
    log_number(&line, "pid", 42);
    log_text(&line, "reason", "expired");
    must(line.length < sizeof line.text, "a line is bounded");
    memcpy(text, line.text, line.length);
    text[line.length] = '\0';
    must(given_printable(text), "a line is printable");
    c2m_record_get(text, "event", found, sizeof found);
    must(strcmp(found, "login") == 0, "what stands before is read");
    c2m_record_get(text, "reason", found, sizeof found);
    must(strcmp(found, "expired") == 0, "what stands behind is read, whatever stands between");
    c2m_printable(shown, sizeof shown, (const char *)data, size);
    c2m_record_get(text, "user", found, sizeof found);
    escape_quotes(wanted, shown);
    must(strcmp(found, wanted) == 0, "what was put in is read back");
}

static void strangers_line(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), value[64];
    struct c2m_record_field field;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    const char *at = text;
    while (c2m_record_next(&at, &field)) {
        must(at > text && at <= text + strlen(text), "a line is read to its end and no further");
        must(
            field.key >= text && field.key + field.key_length < field.value, "a key stands before its value");
        must(field.value + field.value_length <= at, "a value stands in the line");
    }
    c2m_record_get(text, "user", value, sizeof value);
    must(strlen(value) < sizeof value, "a value is cut to its room");
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    line_holds(data, size);
    strangers_line(data, size);
    return 0;
}
