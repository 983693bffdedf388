/*
 * Local time, as the reader's clock shows it.
 */
#include "format.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static bool local_of(int64_t time, struct tm *local)
{
    time_t seconds = (time_t)time;

    return localtime_r(&seconds, local) != NULL;
}

const char *format_minute(char *out, int64_t time, int64_t now)
{
    struct tm then, today;

    if (time == 0 || !local_of(time, &then) || !local_of(now, &today)) {
        snprintf(out, FORMAT_SIZE, "never");
        return out;
    }
    bool same_day = then.tm_year == today.tm_year && then.tm_yday == today.tm_yday;
    /* Digits only, so no locale is needed. */
    size_t written = same_day ? strftime(out, FORMAT_SIZE, "%H:%M", &then)
                              : strftime(out, FORMAT_SIZE, "%Y-%m-%d %H:%M", &then);
    if (written == 0)
        out[0] = '\0';
    return out;
}

const char *format_second(char *out, int64_t time)
{
    struct tm then;

    if (time == 0 || !local_of(time, &then) || strftime(out, FORMAT_SIZE, "%Y-%m-%d %H:%M:%S", &then) == 0)
        snprintf(out, FORMAT_SIZE, "never");
    return out;
}

const char *format_span(char *out, int64_t seconds)
{
    static const struct {
        int64_t size;
        char unit;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    size_t i = 0;

    if (seconds < 0)
        seconds = 0;
    while (units[i].size > 1 && seconds < units[i].size)
        i++;
    snprintf(out, FORMAT_SIZE, "%lld%c", (long long)(seconds / units[i].size), units[i].unit);
    return out;
}

const char *format_bytes(struct format_text *out, const char *bytes, size_t length)
{
    c2m_printable(out->text, sizeof out->text, bytes, length);
    return out->text[0] == '\0' ? "-" : out->text;
}

void format_print(const char *text)
{
    struct format_text part;

    for (size_t left = strlen(text); left > 0;) {
        size_t length = left < C2M_PRINTABLE_LIMIT ? left : C2M_PRINTABLE_LIMIT;
        printf("%s", format_bytes(&part, text, length));
        text += length;
        left -= length;
    }
}
