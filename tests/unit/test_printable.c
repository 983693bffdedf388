/* The filter before every terminal and log. */
#include "c2m/printable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void printable_ascii_passes_unchanged(void **state)
{
    (void)state;
    char out[C2M_PRINTABLE_SIZE];
    assert_string_equal(c2m_printable(out, sizeof out, "alice@host [1]~ \"x\"", 19), "alice@host [1]~ \"x\"");
}

static void every_other_byte_is_escaped(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        char out[C2M_PRINTABLE_SIZE];
        char in = (char)byte;
        char want[8];
        if (byte >= 0x20 && byte <= 0x7e && byte != '\\')
            snprintf(want, sizeof want, "%c", byte);
        else
            snprintf(want, sizeof want, "\\x%02x", (unsigned)byte);
        assert_string_equal(c2m_printable(out, sizeof out, &in, 1), want);
    }
}

static void a_newline_cannot_begin_a_second_line(void **state)
{
    (void)state;
    char out[C2M_PRINTABLE_SIZE];
    c2m_printable(out, sizeof out, "x\n<3>event=login\r\x1b[2J", 21);
    assert_string_equal(out, "x\\x0a<3>event=login\\x0d\\x1b[2J");
}

static void a_long_text_ends_in_dots(void **state)
{
    (void)state;
    char in[C2M_PRINTABLE_LIMIT + 1];
    char out[C2M_PRINTABLE_SIZE];
    memset(in, '\1', sizeof in);
    c2m_printable(out, sizeof out, in, C2M_PRINTABLE_LIMIT);
    assert_int_equal(strlen(out), 4 * C2M_PRINTABLE_LIMIT);
    c2m_printable(out, sizeof out, in, sizeof in);
    assert_int_equal(strlen(out), 4 * C2M_PRINTABLE_LIMIT + 3);
    assert_string_equal(out + strlen(out) - 7, "\\x01...");
}

static void a_small_buffer_holds_whole_escapes_only(void **state)
{
    (void)state;
    char out[8];
    for (size_t size = 1; size <= sizeof out; size++) {
        memset(out, 'Z', sizeof out);
        c2m_printable(out, size, "ab\n", 3);
        assert_true(strlen(out) < size);
        if (size < 7)
            assert_null(strchr(out, '\\'));
        for (size_t i = size; i < sizeof out; i++)
            assert_int_equal(out[i], 'Z');
    }
    assert_string_equal(out, "ab\\x0a");
}

static void a_buffer_of_nothing_is_left_alone(void **state)
{
    (void)state;
    char out[1] = {'Z'};
    c2m_printable(out, 0, "a", 1);
    assert_int_equal(out[0], 'Z');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printable_ascii_passes_unchanged),
        cmocka_unit_test(every_other_byte_is_escaped),
        cmocka_unit_test(a_newline_cannot_begin_a_second_line),
        cmocka_unit_test(a_long_text_ends_in_dots),
        cmocka_unit_test(a_small_buffer_holds_whole_escapes_only),
        cmocka_unit_test(a_buffer_of_nothing_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
