/* Header lines of strangers: what is read of them, and that nothing else is. */
#include "base/http_headers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Lines separated by '|'; each is handed over as a copy without a byte behind it. */
static struct http_headers read_lines(const char *lines)
{
    struct http_headers headers;
    http_headers_init(&headers);
    while (*lines) {
        size_t length = strcspn(lines, "|");
        char *line = malloc(length + 1);
        memcpy(line, lines, length);
        char *exact = realloc(line, length ? length : 1);
        http_headers_line(&headers, exact, length);
        free(exact);
        lines += length + (lines[length] == '|');
    }
    return headers;
}

static void a_date_is_read_in_the_three_forms_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
        {"Sun Nov  6 08:49:37 1994", 784111777},
        {"Thu, 01 Jan 1970 00:00:01 GMT", 1},
        {"Tue, 29 Feb 2028 23:59:59 GMT", 1835481599},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
        {"Wed, 31 Dec 1969 23:59:59 GMT", 0},
        {"Sun, 06 Nov 1994 08:49:37", 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT+1", 0},
        {"Sun, 06 Nov 1994 08:49:37 PST", 0},
        {"Sun, 06 Nov 1994 25:49:37 GMT", 0},
        {"06 Nov 1994 08:49:37 GMT", 0},
        {"1994-11-06T08:49:37Z", 0},
        {"", 0},
        {"60", 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT and a tail that is longer than any date", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(http_date(rows[i].text, strlen(rows[i].text)), rows[i].seconds);
    assert_int_equal(http_date("Sun, 06 Nov 1994 08:49:37 GMT\0x", 31), 0);
}

static void retry_after_is_seconds_or_a_date(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        int64_t seconds;
    } rows[] = {
        {"Retry-After: 60", 60},
        {"retry-after:0\r\n", 0},
        {"RETRY-AFTER:  007 \r\n", 7},
        {"Retry-After: 99999999999999999999", 1000000000},
        {"Retry-After: 1000000001", 1000000000},
        {"Retry-After: -1", -1},
        {"Retry-After: 1.5", -1},
        {"Retry-After: 60s", -1},
        {"Retry-After: soon", -1},
        {"Retry-After:", -1},
        {"Retry-After: 6 0", -1},
        {"X-Retry-After: 60", -1},
        {"Retry-After 60", -1},
        {"Retry-After: Sun, 06 Nov 1994 08:50:37 GMT", 160}, /* from the caller's clock */
        {"Date: Sun, 06 Nov 1994 08:49:37 GMT|Retry-After: Sun, 06 Nov 1994 08:50:37 GMT", 60},
        {"Retry-After: Sun, 06 Nov 1994 08:50:37 GMT|Date: Sun, 06 Nov 1994 08:49:37 GMT", 60},
        {"Date: Sun, 06 Nov 1994 08:51:37 GMT|Retry-After: Sun, 06 Nov 1994 08:50:37 GMT", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_headers headers = read_lines(rows[i].lines);
        assert_int_equal(http_headers_retry_after(&headers, 784111777 - 100), rows[i].seconds);
    }
}

static void a_content_type_is_json_or_it_is_not(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        bool json;
    } rows[] = {
        {"Content-Type: application/json", true},
        {"content-type:APPLICATION/JSON; charset=utf-8", true},
        {"Content-Type: application/problem+json", true},
        {"Content-Type: application/vnd.c2m.v2+JSON ;v=1", true},
        {"Content-Type: text/html", false},
        {"Content-Type: text/html; x=application/json", false},
        {"Content-Type: application/jsonp", false},
        {"Content-Type: application/json-seq", false},
        {"Content-Type: +json", false},
        {"Content-Type: json", false},
        {"Content-Type: +json/x", false},
        {"Content-Type:", false},
        {"Content-Type: application/json|Content-Type: text/html", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (read_lines(rows[i].lines).json != rows[i].json)
            fail_msg("%s", rows[i].lines);
    }
}

static void a_token_id_is_of_the_safe_alphabet_or_absent(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *id;
    } rows[] = {
        {"X-Token-Id: tok_lt_Ab0~.-", "tok_lt_Ab0~.-"},
        {"x-token-id:\ttok \r\n", "tok"},
        {"X-Token-Id:", ""},
        {"X-Token-Id: .", ""},
        {"X-Token-Id: ..", ""},
        {"X-Token-Id: ../long", ""},
        {"X-Token-Id: a/b", ""},
        {"X-Token-Id: a b", ""},
        {"X-Token-Id: a?b", ""},
        {"X-Token-Id: a%2e", ""},
        {"X-Token-Id: a\x1b[0m", ""},
        {"X-Token-Id: one|X-Token-Id: one", "one"},
        {"X-Token-Id: one|X-Token-Id: two", ""},
        {"X-Token-Id: one|X-Token-Id: two|X-Token-Id: two", ""},
        {"X-Token-Id: one|X-Token-Id: on", ""},
        {"X-Token-Id : one", ""},
        {" X-Token-Id: one", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(read_lines(rows[i].lines).token_id, rows[i].id);
}

static void a_token_id_beyond_127_characters_is_absent(void **state)
{
    (void)state;
    char line[200] = "X-Token-Id: ";
    size_t name = strlen(line);
    memset(line + name, 'x', 128);
    line[name + 128] = '\0';
    assert_string_equal(read_lines(line).token_id, "");
    line[name + 127] = '\0';
    assert_int_equal(strlen(read_lines(line).token_id), 127);
    assert_false(http_safe_id("a\0b", 3));
}

static void max_age_is_read_among_the_directives(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        int64_t seconds;
    } rows[] = {
        {"Cache-Control: max-age=300", 300},
        {"cache-control: public, MAX-AGE=60 , must-revalidate", 60},
        {"Cache-Control: max-age=0", 0},
        {"Cache-Control: no-store", 0},
        {"Cache-Control: max-age=300, no-store", 0},
        {"Cache-Control: no-cache, max-age=300", 0},
        {"Cache-Control: s-maxage=300", -1},
        {"Cache-Control: max-age", -1},
        {"Cache-Control: max-age=-5", -1},
        {"Cache-Control: max-age=x", -1},
        {"Cache-Control: ,,,", -1},
        {"Cache-Control: public", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(read_lines(rows[i].lines).cache_max_age, rows[i].seconds);
}

static void the_head_of_a_1xx_answer_counts_for_nothing(void **state)
{
    (void)state;
    struct http_headers headers =
        read_lines("HTTP/1.1 103 Early Hints\r\n|X-Token-Id: early|Retry-After: 5|\r\n"
                   "|HTTP/1.1 201 Created\r\n|Content-Type: application/json|\r\n");
    assert_string_equal(headers.token_id, "");
    assert_int_equal(headers.retry_seconds, -1);
    assert_true(headers.json);
}

static void what_follows_the_body_counts_for_nothing(void **state)
{
    (void)state;
    struct http_headers headers =
        read_lines("HTTP/1.1 201 Created\r\n|Content-Type: text/html|\r\n|X-Token-Id: late|Content-Type: "
                   "application/json");
    assert_string_equal(headers.token_id, "");
    assert_false(headers.json);
}

static void any_bytes_are_survived(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Date:", "Retry-After:", "X-Token-Id:", "Content-Type:", "Cache-Control:"};
    srand(1);
    for (int i = 0; i < 20000; i++) {
        char line[160];
        size_t length = (size_t)rand() % 120;
        struct http_headers headers;
        http_headers_init(&headers);
        strcpy(line, names[rand() % 5]);
        size_t name = strlen(line);
        for (size_t n = 0; n < length; n++)
            line[name + n] = (char)rand();
        http_headers_line(&headers, line, name + length);
        assert_true(strlen(headers.token_id) < sizeof headers.token_id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_read_in_the_three_forms_of_the_rfc),
        cmocka_unit_test(retry_after_is_seconds_or_a_date),
        cmocka_unit_test(a_content_type_is_json_or_it_is_not),
        cmocka_unit_test(a_token_id_is_of_the_safe_alphabet_or_absent),
        cmocka_unit_test(a_token_id_beyond_127_characters_is_absent),
        cmocka_unit_test(max_age_is_read_among_the_directives),
        cmocka_unit_test(the_head_of_a_1xx_answer_counts_for_nothing),
        cmocka_unit_test(what_follows_the_body_counts_for_nothing),
        cmocka_unit_test(any_bytes_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
