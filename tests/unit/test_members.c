/* libjwt reads members by type: a value of another type is neither absent nor converted. */
// link: tests/unit/tokens.c
#include "token/members.h"
#include "tokens.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct members *members;

static int set_up(void **state)
{
    (void)state;
    static const char json[] =
        "{\"text\":\"c2m_a\",\"none\":\"\",\"escaped\":\"a\\\"b\\n\",\"one\":1,\"minus\":-5,\"zero\":0,"
        "\"highest\":9223372036854775807,\"lowest\":-9223372036854775808,\"float\":1.0,\"exponent\":1e3,"
        "\"digits\":\"12\","
        "\"true\":true,\"null\":null,\"words\":[\"a\",\"b "
        "c\",\"\"],\"empty\":[],\"mixed\":[\"a\",1],\"nested\":[[\"a\"]],"
        "\"late\":[1,\"a\"],\"quotes\":[\"a\\\"b\"],\"slash\":[\"a\\\\b\"],\"nothing\":[null],\"object\":{"
        "\"text\":\"x\"}}";
    char *encoded = token_base64url(json, strlen(json));
    int r = members_read(encoded, strlen(encoded), &members);
    free(encoded);
    return r;
}

static int tear_down(void **state)
{
    (void)state;
    members_free(members);
    return 0;
}

static void texts_are_read_and_nothing_else_is_one(void **state)
{
    (void)state;
    const char *text;
    assert_int_equal(members_text(members, "text", &text), 0);
    assert_string_equal(text, "c2m_a");
    assert_int_equal(members_text(members, "none", &text), 0);
    assert_string_equal(text, "");
    assert_int_equal(members_text(members, "escaped", &text), 0);
    assert_string_equal(text, "a\"b\n");
    static const char *const others[] = {"one", "zero", "float", "true", "null", "words", "empty", "object"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(members_text(members, others[i], &text), -EINVAL);
    assert_int_equal(members_text(members, "absent", &text), -ENOENT);
    assert_int_equal(members_text(members, "Text", &text), -ENOENT);
}

static void presence_is_told_of_any_type(void **state)
{
    (void)state;
    static const char *const names[] = {"text", "none", "zero", "float", "true", "null", "empty", "object"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_true(members_has(members, names[i]));
    assert_false(members_has(members, "absent"));
    assert_false(members_has(members, "tex"));
}

static void integers_are_read_and_nothing_is_made_one(void **state)
{
    (void)state;
    int64_t value;
    static const struct {
        const char *name;
        int64_t value;
    } rows[] = {{"one", 1}, {"minus", -5}, {"zero", 0}, {"highest", INT64_MAX}, {"lowest", INT64_MIN}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(members_integer(members, rows[i].name, &value), 0);
        assert_true(value == rows[i].value);
    }
    static const char *const others[] = {
        "float", "exponent", "digits", "true", "null", "words", "object", "text"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(members_integer(members, others[i], &value), -EINVAL);
    assert_int_equal(members_integer(members, "absent", &value), -ENOENT);
}

static int join(void *argument, const char *text, size_t length)
{
    char *joined = argument;
    strncat(joined, text, length);
    strcat(joined, ";");
    return length == 0 ? 7 : 0;
}

static void arrays_of_strings_are_visited_in_order(void **state)
{
    (void)state;
    char joined[100] = "";
    assert_int_equal(
        members_texts(members, "words", join, joined), 7); /* what the visitor says of the last */
    assert_string_equal(joined, "a;b c;;");
    joined[0] = '\0';
    assert_int_equal(members_texts(members, "empty", join, joined), 0);
    assert_string_equal(joined, "");
    static const char *const others[] = {"mixed", "nested", "late", "quotes", "slash", "nothing", "text",
        "none", "one", "null", "true", "object", "escaped"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (members_texts(members, others[i], join, joined) != -EINVAL)
            fail_msg("%s", others[i]);
    assert_int_equal(members_texts(members, "absent", join, joined), -ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_and_nothing_else_is_one),
        cmocka_unit_test(presence_is_told_of_any_type),
        cmocka_unit_test(integers_are_read_and_nothing_is_made_one),
        cmocka_unit_test(arrays_of_strings_are_visited_in_order),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
