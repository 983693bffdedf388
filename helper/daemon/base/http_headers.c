/* Header lines: a table of names, and what each value may be. */
#include "base/http_headers.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { SECONDS_MAX = 1000000000 }; /* thirty years: longer means the same, and sums cannot overflow */

struct text {
    const char *bytes;
    size_t length;
};

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct text trim(const char *bytes, size_t length)
{
    while (length > 0 && blank(bytes[0])) {
        bytes++;
        length--;
    }
    while (length > 0 && blank(bytes[length - 1]))
        length--;
    return (struct text){bytes, length};
}

static bool is(struct text text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.bytes, word, text.length) == 0;
}

/* Takes what stands before SEPARATOR off REST, trimmed. */
static struct text next(struct text *rest, char separator)
{
    const char *end = memchr(rest->bytes, separator, rest->length);
    size_t length = end ? (size_t)(end - rest->bytes) : rest->length;
    struct text part = trim(rest->bytes, length);
    size_t taken = end ? length + 1 : length;
    *rest = (struct text){rest->bytes + taken, rest->length - taken};
    return part;
}

static int64_t seconds(struct text text)
{
    int64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return -1;
        if (value < SECONDS_MAX)
            value = value * 10 + (text.bytes[i] - '0');
    }
    if (text.length == 0)
        return -1;
    return value < SECONDS_MAX ? value : SECONDS_MAX;
}

int64_t http_date(const char *text, size_t length)
{
    static const char *const forms[] = {
        "%a, %d %b %Y %H:%M:%S GMT", /* the one to write; the program never leaves the C locale */
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    };
    char copy[64];
    if (length >= sizeof copy || memchr(text, '\0', length))
        return 0;
    memcpy(copy, text, length);
    copy[length] = '\0';
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct tm parts = {0};
        const char *end = strptime(copy, forms[i], &parts);
        if (end && *end == '\0') {
            int64_t time = timegm(&parts);
            return time > 0 ? time : 0;
        }
    }
    return 0;
}

bool http_safe_id(const char *text, size_t length)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";
    if (length == 0 || length > 127)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\0' || !strchr(safe, text[i]))
            return false;
    }
    return !(text[0] == '.' && (length == 1 || (length == 2 && text[1] == '.')));
}

static void read_type(struct http_headers *headers, struct text value)
{
    struct text type = next(&value, ';');
    static const char suffix[] = "+json";
    size_t length = sizeof suffix - 1;
    bool suffixed = type.length > length && memchr(type.bytes, '/', type.length - length) &&
                    is((struct text){type.bytes + type.length - length, length}, suffix);
    headers->json = suffixed || is(type, "application/json");
}

static void read_token_id(struct http_headers *headers, struct text value)
{
    char *id = headers->token_id;
    if (id[0] && (strlen(id) != value.length || memcmp(id, value.bytes, value.length) != 0))
        headers->token_id_differs = true;
    bool good = !headers->token_id_differs && http_safe_id(value.bytes, value.length);
    snprintf(id, sizeof headers->token_id, "%.*s", good ? (int)value.length : 0, value.bytes);
}

static void read_retry_after(struct http_headers *headers, struct text value)
{
    headers->retry_seconds = seconds(value);
    headers->retry_date = http_date(value.bytes, value.length);
}

static void read_date(struct http_headers *headers, struct text value)
{
    headers->date = http_date(value.bytes, value.length);
}

static void read_cache_control(struct http_headers *headers, struct text value)
{
    while (value.length > 0) {
        struct text directive = next(&value, ',');
        if (is(directive, "no-store") || is(directive, "no-cache"))
            headers->cache_max_age = 0;
        struct text name = next(&directive, '=');
        if (is(name, "max-age") && headers->cache_max_age != 0)
            headers->cache_max_age = seconds(directive);
    }
}

static const struct {
    const char *name;
    void (*read)(struct http_headers *headers, struct text value);
} known[] = {
    {"content-type", read_type},
    {"x-token-id", read_token_id},
    {"retry-after", read_retry_after},
    {"date", read_date},
    {"cache-control", read_cache_control},
};

void http_headers_init(struct http_headers *headers)
{
    *headers = (struct http_headers){.retry_seconds = -1, .cache_max_age = -1};
}

void http_headers_line(struct http_headers *headers, const char *line, size_t length)
{
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        http_headers_init(headers);
        return;
    }
    const char *colon = memchr(line, ':', length);
    if (headers->ended || !colon) {
        headers->ended = headers->ended || trim(line, length).length == 0;
        return;
    }
    struct text name = {line, (size_t)(colon - line)};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (is(name, known[i].name))
            known[i].read(headers, trim(colon + 1, length - name.length - 1));
    }
}

int64_t http_headers_retry_after(const struct http_headers *headers, int64_t now)
{
    if (headers->retry_date == 0)
        return headers->retry_seconds;
    int64_t wait = headers->retry_date - (headers->date ? headers->date : now);
    return wait > 0 ? wait : 0;
}
