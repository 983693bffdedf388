/* Lines: a field is written whole or left out, so that what stands in the log can be trusted to its last byte. */
#include "base/log.h"

#include "base/log_memory.h"
#include "base/log_sink.h"
#include "c2m/printable.h"
#include "c2m/record.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    CUT_SIZE = 32, /* kept free, to say which field was left out */
    MESSAGE_MAX = 1024,
    FILTERED_SIZE = 4000, /* with a prefix and a line end still less than PIPE_BUF */
};

static bool log_debug;

int log_open(enum log_sink sink, int debug)
{
    log_debug = debug != 0;
    log_memory_open();
    log_sink_open(sink);
    return 0;
}

void log_close(void)
{
    log_sink_close();
    log_memory_close();
    log_debug = false;
}

static bool put(struct log_line *line, const char *text, size_t kept_free)
{
    size_t length = strlen(text);
    if (line->length + length + 1 + kept_free > sizeof line->text)
        return false;
    memcpy(line->text + line->length, text, length + 1);
    line->length += length;
    return true;
}

static bool put_value(struct log_line *line, const char *value, size_t kept_free)
{
    const char *quote = strchr(value, ' ') ? "\"" : "";
    bool fits = put(line, quote, kept_free);
    for (const char *c = value; fits && *c; c++) {
        const char one[] = {*c, '\0'};
        fits = put(line, *c == '"' ? "\\x22" : one, kept_free); /* a quote inside would end the value */
    }
    return fits && put(line, quote, kept_free);
}

static bool put_field(struct log_line *line, const char *key, const char *value, size_t kept_free)
{
    size_t before = line->length;
    bool fits = put(line, before > 0 ? " " : "", kept_free) && put(line, key, kept_free) &&
                put(line, "=", kept_free) && put_value(line, value, kept_free);
    if (!fits) {
        line->length = before;
        line->text[before] = '\0';
    }
    return fits;
}

static void add(struct log_line *line, const char *key, const char *value)
{
    if (!put_field(line, key, value, CUT_SIZE))
        put_field(line, "cut", key, 0);
}

void log_begin(struct log_line *line, const char *event)
{
    line->length = 0;
    line->reference[0] = '\0';
    line->text[0] = '\0';
    log_text(line, "event", event);
}

void log_text(struct log_line *line, const char *key, const char *value)
{
    if (!value)
        return;
    if (strcmp(key, "ref") == 0)
        snprintf(line->reference, sizeof line->reference, "%s", value);
    log_bytes(line, key, value, strlen(value));
}

void log_bytes(struct log_line *line, const char *key, const char *bytes, size_t length)
{
    char value[C2M_PRINTABLE_SIZE];
    if (bytes && length > 0)
        add(line, key, c2m_printable(value, sizeof value, bytes, length));
}

void log_number(struct log_line *line, const char *key, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    add(line, key, digits);
}

void log_send(const struct log_line *line, enum log_level level)
{
    if (level == LOG_LEVEL_DEBUG && !log_debug)
        return;
    log_sink_write(level, line->text);
    log_memory_add(level, line->reference, line->text);
}

/* A sentence that begins "ref=7f3a91c2: ", or is made of fields, is about that login. */
static void remember_sentence(enum log_level level, const char *text)
{
    enum { BEFORE = 4, DIGITS = 8 };
    char reference[DIGITS + 1] = "";
    if (strncmp(text, "ref=", BEFORE) == 0 && strspn(text + BEFORE, "0123456789abcdef") == DIGITS)
        memcpy(reference, text + BEFORE, DIGITS);
    else if (strncmp(text, "event=", strlen("event=")) == 0)
        c2m_record_get(text, "ref", reference, sizeof reference);
    log_memory_add(level, reference, text);
}

void log_message(enum log_level level, const char *format, ...)
{
    char text[MESSAGE_MAX + 1], filtered[FILTERED_SIZE];
    size_t used = 0;
    va_list arguments;
    if (level == LOG_LEVEL_DEBUG && !log_debug)
        return;
    va_start(arguments, format);
    int printed = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t length = printed < 0 ? 0 : strlen(text);
    for (size_t at = 0; at < length; at += C2M_PRINTABLE_LIMIT) { /* as much as the filter takes at a time */
        size_t left = length - at;
        size_t chunk = left < C2M_PRINTABLE_LIMIT ? left : C2M_PRINTABLE_LIMIT;
        c2m_printable(filtered + used, sizeof filtered - used, text + at, chunk);
        used += strlen(filtered + used);
    }
    if (used == 0)
        return;
    log_sink_write(level, filtered);
    remember_sentence(level, filtered);
}

const char *log_errno(int error)
{
    const char *text = strerrordesc_np(error < 0 ? -error : error);
    return text ? text : "unknown error";
}
