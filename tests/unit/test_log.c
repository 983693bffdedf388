/* Lines of the log: what a field looks like, and that nobody outside can make one. Where they go: test_log_sink.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/log.h"

#include <errno.h>
#include <string.h>

static struct log_line line;

static int begin(void **state)
{
    (void)state;
    log_begin(&line, "login");
    return 0;
}

static void a_line_is_its_event_and_its_fields(void **state)
{
    (void)state;
    assert_string_equal(line.text, "event=login");
    log_text(&line, "ref", "7f3a91c2");
    log_number(&line, "uid", 1001);
    log_number(&line, "rest", INT64_MIN);
    assert_string_equal(line.text, "event=login ref=7f3a91c2 uid=1001 rest=-9223372036854775808");
    assert_int_equal(line.length, strlen(line.text));
}

static void what_is_empty_is_left_out(void **state)
{
    (void)state;
    log_text(&line, "user", NULL);
    log_text(&line, "user", "");
    log_bytes(&line, "user", NULL, 0);
    log_bytes(&line, "user", "alice", 0);
    assert_string_equal(line.text, "event=login");
}

static void a_value_with_a_blank_is_quoted(void **state)
{
    (void)state;
    log_text(&line, "user", "alice smith");
    assert_string_equal(line.text, "event=login user=\"alice smith\"");
}

static void a_quote_cannot_end_a_value(void **state)
{
    (void)state;
    log_text(&line, "user", "x\" verdict=granted y=\"");
    log_text(&line, "tty", "a\"b");
    assert_string_equal(line.text, "event=login user=\"x\\x22 verdict=granted y=\\x22\" tty=a\\x22b");
}

static void no_byte_can_make_a_second_line_or_move_the_cursor(void **state)
{
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        const char text[] = {'<', (char)byte, '3', '\0'};
        log_begin(&line, "login");
        log_text(&line, "user", text);
        for (size_t i = 0; i < line.length; i++)
            assert_in_range((unsigned char)line.text[i], 0x20, 0x7e);
    }
}

static void bytes_may_hold_a_nul(void **state)
{
    (void)state;
    log_bytes(&line, "user", "a\0b", 3);
    assert_string_equal(line.text, "event=login user=a\\x00b");
}

static void a_value_is_cut_at_128_bytes(void **state)
{
    (void)state;
    char text[200];
    memset(text, 'a', sizeof text);
    log_bytes(&line, "user", text, sizeof text);
    assert_int_equal(line.length, strlen("event=login user=") + 128 + strlen("..."));
    assert_string_equal(line.text + line.length - 4, "a...");
}

static void a_field_that_does_not_fit_is_named_and_the_next_one_stands(void **state)
{
    (void)state;
    char hostile[128];
    memset(hostile, '\n', sizeof hostile);
    log_bytes(&line, "user", hostile, sizeof hostile);
    log_bytes(&line, "ruser", hostile, sizeof hostile);
    log_bytes(&line, "rhost", hostile, sizeof hostile);
    log_text(&line, "reason", "expired");
    assert_null(strstr(line.text, "rhost=\\"));
    assert_non_null(strstr(line.text, " cut=rhost reason=expired"));
}

static void a_full_line_stays_within_its_bounds(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        log_text(&line, "key", "some value");
    assert_true(line.length < sizeof line.text);
    assert_int_equal(line.length, strlen(line.text));
    assert_non_null(strstr(line.text, " cut=key"));
}

static void an_errno_has_a_text_with_either_sign(void **state)
{
    (void)state;
    assert_string_equal(log_errno(ENOENT), "No such file or directory");
    assert_string_equal(log_errno(-ENOENT), "No such file or directory");
    assert_string_equal(log_errno(99999), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_line_is_its_event_and_its_fields, begin),
        cmocka_unit_test_setup(what_is_empty_is_left_out, begin),
        cmocka_unit_test_setup(a_value_with_a_blank_is_quoted, begin),
        cmocka_unit_test_setup(a_quote_cannot_end_a_value, begin),
        cmocka_unit_test_setup(no_byte_can_make_a_second_line_or_move_the_cursor, begin),
        cmocka_unit_test_setup(bytes_may_hold_a_nul, begin),
        cmocka_unit_test_setup(a_value_is_cut_at_128_bytes, begin),
        cmocka_unit_test_setup(a_field_that_does_not_fit_is_named_and_the_next_one_stands, begin),
        cmocka_unit_test_setup(a_full_line_stays_within_its_bounds, begin),
        cmocka_unit_test(an_errno_has_a_text_with_either_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
