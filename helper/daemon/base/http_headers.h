/*
 * The lines of an HTTP answer's head, in any order and from a stranger: what we want of them, bounded and by
 * type. Pure: no clock, no library.
 */
#ifndef BASE_HTTP_HEADERS_H
#define BASE_HTTP_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_headers {
    bool ended; /* the empty line was there: what follows are trailers, and counts for nothing */
    bool json; /* Content-Type is application/json or …+json */
    bool token_id_differs; /* X-Token-Id came twice with different values: it names no token */
    char token_id[128]; /* "" when absent, or not safe */
    int64_t retry_seconds; /* Retry-After as delta-seconds; -1 */
    int64_t retry_date; /* Retry-After as a date, seconds since 1970; 0 */
    int64_t date; /* 0 when absent or unreadable */
    int64_t cache_max_age; /* Cache-Control: max-age; 0 for no-store and no-cache; -1 when absent */
};

void http_headers_init(struct http_headers *headers);
/* One line with its line end or without; a status line starts anew, because a 1xx answer has a head of its own. */
void http_headers_line(struct http_headers *headers, const char *line, size_t length);
/* Seconds from now, not negative; -1 when the answer does not say. A date is measured from the answer's own Date, so that no clock but the server's counts; from NOW without one. */
int64_t http_headers_retry_after(const struct http_headers *headers, int64_t now);

/* The three forms of RFC 9110, section 5.6.7; 0 for anything else, and for a time before 1970. */
int64_t http_date(const char *text, size_t length);
/* 1 to 127 characters of [A-Za-z0-9._~-], not "." or "..": an identifier that is one segment of a path as it stands. */
bool http_safe_id(const char *text, size_t length);

#endif
