/* What somebody else has written is kept short, and ends no quotation. */
#include "base/mismatch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct mismatches *mismatches;

static int begin(void **state)
{
    (void)state;
    return mismatches_new(&mismatches);
}

static int end(void **state)
{
    (void)state;
    mismatches_free(mismatches);
    return 0;
}

static void the_last_of_each_kind_is_kept(void **state)
{
    (void)state;
    assert_null(mismatches_last(mismatches, C2M_MISMATCH_ISSUER));
    mismatches_keep(mismatches, C2M_MISMATCH_ISSUER, "one");
    mismatches_keep(mismatches, C2M_MISMATCH_ISSUER, "two");
    mismatches_keep(mismatches, C2M_MISMATCH_AUDIENCE, "web1\nweb 2\n");
    mismatches_keep(mismatches, C2M_MISMATCH_KEY, "");
    assert_string_equal(mismatches_last(mismatches, C2M_MISMATCH_ISSUER), "two");
    assert_string_equal(mismatches_last(mismatches, C2M_MISMATCH_AUDIENCE), "web1 web 2");
    assert_string_equal(mismatches_last(mismatches, C2M_MISMATCH_KEY), "");
    assert_null(mismatches_last(mismatches, C2M_MISMATCH_CERTIFICATE));
    mismatches_keep(NULL, C2M_MISMATCH_ISSUER, "three");
    assert_null(mismatches_last(NULL, C2M_MISMATCH_ISSUER));
}

static void what_is_mended_is_forgotten_and_nothing_else(void **state)
{
    (void)state;
    mismatches_mended(mismatches, C2M_MISMATCH_UNSET_AUDIT, "sshd");
    mismatches_keep(mismatches, C2M_MISMATCH_UNSET_AUDIT, "sshd");
    mismatches_mended(mismatches, C2M_MISMATCH_UNSET_AUDIT, "login");
    mismatches_mended(mismatches, C2M_MISMATCH_ISSUER, "sshd");
    assert_string_equal(mismatches_last(mismatches, C2M_MISMATCH_UNSET_AUDIT), "sshd");
    mismatches_mended(mismatches, C2M_MISMATCH_UNSET_AUDIT, "sshd");
    assert_null(mismatches_last(mismatches, C2M_MISMATCH_UNSET_AUDIT));
    mismatches_mended(NULL, C2M_MISMATCH_UNSET_AUDIT, "sshd");
}

static void no_byte_of_it_ends_a_quotation_or_moves_a_terminal(void **state)
{
    char every[256];
    (void)state;
    for (int i = 0; i < 255; i++)
        every[i] = (char)(i + 1);
    every[255] = '\0';
    for (const char *at = every; *at; at++) {
        const char byte[] = {'a', *at, 'b', '\0'};
        mismatches_keep(mismatches, C2M_MISMATCH_KEY, byte);
        const char *kept = mismatches_last(mismatches, C2M_MISMATCH_KEY);
        assert_int_equal(strlen(kept), 3);
        assert_true(kept[1] >= 0x20 && kept[1] <= 0x7e && kept[1] != '"' && kept[1] != '\\');
    }
}

static void what_is_long_is_cut_and_says_so(void **state)
{
    char text[600] = "";
    (void)state;
    memset(text, 'a', C2M_ID_MAX);
    mismatches_keep(mismatches, C2M_MISMATCH_CERTIFICATE, text);
    assert_string_equal(mismatches_last(mismatches, C2M_MISMATCH_CERTIFICATE), text);
    memset(text, 'a', sizeof text - 1);
    mismatches_keep(mismatches, C2M_MISMATCH_CERTIFICATE, text);
    const char *kept = mismatches_last(mismatches, C2M_MISMATCH_CERTIFICATE);
    assert_int_equal(strlen(kept), C2M_ID_MAX);
    assert_string_equal(kept + C2M_ID_MAX - 4, "a...");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(the_last_of_each_kind_is_kept),
        TEST(what_is_mended_is_forgotten_and_nothing_else),
        TEST(no_byte_of_it_ends_a_quotation_or_moves_a_terminal),
        TEST(what_is_long_is_cut_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
