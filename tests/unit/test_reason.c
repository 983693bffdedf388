/* The words of the log. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/reason.h"

#include <string.h>

static void every_reason_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (unsigned a = 0; a < REASON_COUNT; a++) {
        for (unsigned b = 0; b < a; b++)
            assert_string_not_equal(reason_word((enum reason)a), reason_word((enum reason)b));
    }
}

static void a_word_reads_back_as_its_reason(void **state)
{
    (void)state;
    for (unsigned reason = 0; reason < REASON_COUNT; reason++)
        assert_int_equal(reason_of_word(reason_word((enum reason)reason)), reason);
}

static void a_word_is_lower_case_digits_and_underscores(void **state)
{
    (void)state;
    for (unsigned reason = 0; reason < REASON_COUNT; reason++) {
        const char *word = reason_word((enum reason)reason);
        assert_true(word[0] != '\0');
        assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(word));
    }
}

/* Stored words and the manual page depend on them. */
static void some_words_that_others_rely_on(void **state)
{
    (void)state;
    assert_string_equal(reason_word(REASON_NOT_CREDENTIAL), "not_credential");
    assert_string_equal(reason_word(REASON_EXPIRED), "expired");
    assert_string_equal(reason_word(REASON_LOGOUT), "logout");
    assert_string_equal(reason_word(REASON_DONE), "done");
    assert_string_equal(reason_word(REASON_RETRY), "retry");
}

static void another_word_is_no_reason(void **state)
{
    (void)state;
    assert_int_equal(reason_of_word(""), REASON_NONE);
    assert_int_equal(reason_of_word("expire"), REASON_NONE);
    assert_int_equal(reason_of_word("EXPIRED"), REASON_NONE);
}

static void a_number_that_is_no_reason_still_has_a_word(void **state)
{
    (void)state;
    assert_string_equal(reason_word(REASON_COUNT), "internal");
    assert_string_equal(reason_word((enum reason) - 1), "internal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_has_a_word_of_its_own),
        cmocka_unit_test(a_word_reads_back_as_its_reason),
        cmocka_unit_test(a_word_is_lower_case_digits_and_underscores),
        cmocka_unit_test(some_words_that_others_rely_on),
        cmocka_unit_test(another_word_is_no_reason),
        cmocka_unit_test(a_number_that_is_no_reason_still_has_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
