/* What is one JSON object, and what json-c would read as one although it is none. */
#include "base/json_strict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct text {
    const char *bytes;
    size_t length;
};
#define TEXT(literal) {literal, sizeof(literal) - 1}

static void expect(const struct text *texts, size_t count, bool strict)
{
    for (size_t i = 0; i < count; i++) {
        /* A copy without a byte behind it: a sanitizer sees a read past the end. */
        char *bytes = malloc(texts[i].length ? texts[i].length : 1);
        memcpy(bytes, texts[i].bytes, texts[i].length);
        if (json_strict_object(bytes, texts[i].length) != strict)
            fail_msg("%s was %s", texts[i].bytes, strict ? "refused" : "taken");
        free(bytes);
    }
}

static void an_object_is_taken(void **state)
{
    (void)state;
    static const struct text texts[] = {TEXT("{}"), TEXT(" \t\r\n{ } \n"),
        TEXT("{\"a\":1,\"b\":-0.5e10,\"c\":[true,false,null],\"d\":{\"a\":2}}"), TEXT("{\"\":\"\"}"),
        TEXT("{\"a\":\"\\u00e9\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\"}"),
        TEXT("{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"}"),
        TEXT("{\"a\":9223372036854775807,\"b\":-9223372036854775808}"),
        TEXT("{\"a\":\"[[[[[[[[[[[[[[[[[[[[{{{{{{{{\"}"), TEXT("{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[\"}"),
        TEXT("{\"a\":\"\x7f\"}")};
    expect(texts, sizeof texts / sizeof texts[0], true);
}

/* Ten of the first thirteen json-c accepts, even when strict. */
static void a_text_that_two_parsers_may_read_differently_is_refused(void **state)
{
    (void)state;
    static const struct text texts[] = {
        TEXT("{\"a\":1,\"a\":2}"),
        TEXT("{\"a\":{\"b\":1,\"b\":2}}"),
        TEXT("{\"a\":1,\"\\u0061\":2}"),
        TEXT("{\"a\":\"x\\u0000y\"}"),
        TEXT("{\"a\\u0000b\":1}"),
        TEXT("{\"a\":NaN}"),
        TEXT("{\"a\":Infinity}"),
        TEXT("{\"a\":-Infinity}"),
        TEXT("{\"a\":1.}"),
        TEXT("{\"a\":\"x\ny\"}"),
        TEXT("{\"a\":\"x\x1by\"}"),
        TEXT("{\"a\":\"x\0y\"}"),
        TEXT("{\"a\":[0\0]}"),
        TEXT("{\"a\":true\0}"),
        TEXT("{\"a\":1\0,\"b\":2}"),
        TEXT("{\"a\":1}\0{\"a\":2}"),
        TEXT("{\"a\":01}"),
        TEXT("{\"a\":+1}"),
        TEXT("{\"a\":.5}"),
        TEXT("{\"a\":1e}"),
        TEXT("{\"a\":0x10}"),
        TEXT("{\"a\":1e999}"),
        TEXT("{\"a\":9223372036854775808}"),
        TEXT("{\"a\":-9223372036854775809}"),
        TEXT("{'a':1}"),
        TEXT("{a:1}"),
        TEXT("{\"a\":1,}"),
        TEXT("{,\"a\":1}"),
        TEXT("{\"a\":[1,]}"),
        TEXT("{\"a\":[,1]}"),
        TEXT("{\"a\" 1}"),
        TEXT("{\"a\":1 \"b\":2}"),
        TEXT("{\"a\":}"),
        TEXT("{\"a\"}"),
        TEXT("{\"a\":TRUE}"),
        TEXT("{\"a\":nul}"),
        TEXT("{\"a\":'x'}"),
        TEXT("{\"a\":\"\\x41\"}"),
        TEXT("{\"a\":\"\\u12\"}"),
        TEXT("{/* c */\"a\":1}"),
        TEXT("// c\n{\"a\":1}"),
        TEXT("{1:2}"),
    };
    expect(texts, sizeof texts / sizeof texts[0], false);
}

static void what_is_not_utf8_is_refused(void **state)
{
    (void)state;
    static const struct text texts[] = {TEXT("{\"a\":\"\xff\"}"), TEXT("{\"a\":\"\xc3\"}"),
        TEXT("{\"a\":\"\xc0\xaf\"}"), TEXT("{\"a\":\"\xed\xa0\x80\"}"), TEXT("{\"a\":\"\xf4\x90\x80\x80\"}"),
        TEXT("{\"a\":\"\xe9\"}"), TEXT("{\"\xff\":1}"), TEXT("\xef\xbb\xbf{}"), TEXT("{\"a\":\"\\ud83d\"}"),
        TEXT("{\"a\":\"\\ude00\\ud83d\"}"),
        TEXT("{\0\"\0a\0\"\0:\0"
             "1\0}\0")};
    expect(texts, sizeof texts / sizeof texts[0], false);
}

static void anything_but_exactly_one_object_is_refused(void **state)
{
    (void)state;
    static const struct text texts[] = {TEXT(""), TEXT(" "), TEXT("[]"), TEXT("[{}]"), TEXT("\"a\""),
        TEXT("1"), TEXT("true"), TEXT("null"), TEXT("{"), TEXT("}"), TEXT("{}}"), TEXT("{}{}"), TEXT("{} x"),
        TEXT("{},"), TEXT("{}\0"), TEXT("\0{}"), TEXT("x{}"), TEXT("\v{}"), TEXT("{\"a\":1"), TEXT("{\"a"),
        TEXT("{\"a\":\"b\\")};
    expect(texts, sizeof texts / sizeof texts[0], false);
}

/* DEPTH containers, opened by OPEN and closed by CLOSE inside an object. */
static bool nested(size_t depth, const char *open, const char *close)
{
    char text[8192] = "";
    for (size_t i = 1; i < depth; i++)
        strcat(text, i == 1 ? "{\"a\":" : open);
    strcat(text, depth == 1 ? "{}" : "[]");
    for (size_t i = depth - 1; i >= 1; i--)
        strcat(text, i == 1 ? "}" : close);
    return json_strict_object(text, strlen(text));
}

static void sixteen_levels_are_taken_and_seventeen_are_not(void **state)
{
    (void)state;
    assert_true(nested(1, "[", "]"));
    assert_true(nested(16, "[", "]"));
    assert_true(nested(16, "{\"b\":", "}"));
    assert_false(nested(17, "[", "]"));
    assert_false(nested(17, "{\"b\":", "}"));
    assert_false(nested(900, "{\"b\":", "}"));
}

static void a_million_open_brackets_do_not_reach_the_stack(void **state)
{
    (void)state;
    enum { COUNT = 1000000 };
    char *text = malloc(COUNT);
    memset(text, '[', COUNT);
    memcpy(text, "{\"a\":", 5);
    assert_false(json_strict_object(text, COUNT));
    memcpy(text, "{\"a\":\"\\\"]]]\",\"b\":", 17);
    assert_false(json_strict_object(text, COUNT));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_taken),
        cmocka_unit_test(a_text_that_two_parsers_may_read_differently_is_refused),
        cmocka_unit_test(what_is_not_utf8_is_refused),
        cmocka_unit_test(anything_but_exactly_one_object_is_refused),
        cmocka_unit_test(sixteen_levels_are_taken_and_seventeen_are_not),
        cmocka_unit_test(a_million_open_brackets_do_not_reach_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
