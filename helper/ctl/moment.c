/* See moment.h. */
#include "moment.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool read_span(const char *text, int64_t *seconds)
{
    static const struct {
        const char *unit;
        int64_t seconds;
    } units[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 9)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text + digits, units[i].unit) == 0) {
            *seconds = strtoll(text, NULL, 10) * units[i].seconds;
            return true;
        }
    }
    return false;
}

static bool read_date(const char *text, int64_t *out)
{
    static const char *const forms[] = {
        "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct tm then = {.tm_isdst = -1};
        const char *end = strptime(text, forms[i], &then);
        if (end == NULL || *end != '\0')
            continue;
        *out = mktime(&then);
        return *out > 0;
    }
    return false;
}

bool moment_read(const char *text, int64_t now, int64_t *out)
{
    int64_t span;

    if (read_span(text, &span)) {
        *out = now > span ? now - span : 1;
        return true;
    }
    return read_date(text, out);
}
