/* The lines of an answer's head, Retry-After and dates among them. An input is a head. */
#include "given.h"

#include "base/http_headers.h"

#include <string.h>
#include <time.h>

enum { NOW = 1700000000 };

static void a_date_is_written_back(const char *text, size_t length)
{
    int64_t date = http_date(text, length);
    must(date >= 0, "a date is none or after 1970");
    if (date == 0 || date > 253402300799) /* the year 9999 */
        return;
    char again[64];
    struct tm parts;
    time_t seconds = (time_t)date;
    gmtime_r(&seconds, &parts);
    size_t size = strftime(again, sizeof again, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    must(http_date(again, size) == date, "a date that was read can be written and read again");
}

static void holds(const struct http_headers *headers)
{
    size_t length = strnlen(headers->token_id, sizeof headers->token_id);
    must(length < sizeof headers->token_id, "an id ends");
    must(length == 0 || http_safe_id(headers->token_id, length), "an id is safe or none");
    must(!headers->token_id_differs || length == 0, "two ids are none");
    must(headers->retry_seconds >= -1 && headers->retry_seconds <= 1000000000, "seconds are bounded");
    must(headers->cache_max_age >= -1 && headers->cache_max_age <= 1000000000, "an age is bounded");
    must(headers->retry_date >= 0 && headers->date >= 0, "dates are none or after 1970");
    must(http_headers_retry_after(headers, NOW) >= -1, "a wait is never negative");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct given given = {data, size};
    struct http_headers headers, before;
    http_headers_init(&headers);
    while (given.left > 0) {
        size_t length;
        const char *line = given_line(&given, &length);
        before = headers;
        http_headers_line(&headers, line, length);
        holds(&headers);
        if (before.ended && !(length >= 5 && memcmp(line, "HTTP/", 5) == 0))
            must(memcmp(&before, &headers, sizeof headers) == 0, "trailers count for nothing");
        a_date_is_written_back(line, length);
        if (length > 13)
            a_date_is_written_back(line + 13, length - 13); /* behind "Retry-After: " */
    }
    return 0;
}
