/* Counters with labels, of which there are never too many. */
#include "base/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct tally *tally;

static int begin(void **state)
{
    (void)state;
    return tally_new(&tally);
}

static int end(void **state)
{
    (void)state;
    tally_free(tally);
    return 0;
}

static int64_t value(uint32_t family, const char *a, const char *b)
{
    size_t count;
    const struct tally_row *rows = tally_rows(tally, &count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].family == family && strcmp(rows[i].labels[0], a) == 0 &&
            strcmp(rows[i].labels[1], b) == 0)
            return rows[i].value;
    return -1;
}

static void what_has_the_same_labels_is_counted_together(void **state)
{
    (void)state;
    tally_add(tally, 1, "sshd", "granted", NULL, 1);
    tally_add(tally, 1, "sshd", "denied", NULL, 1);
    tally_add(tally, 2, "sshd", "granted", NULL, 5);
    tally_add(tally, 1, "sshd", "granted", NULL, 2);
    tally_add(NULL, 1, "sshd", "granted", NULL, 1);
    assert_int_equal(value(1, "sshd", "granted"), 3);
    assert_int_equal(value(1, "sshd", "denied"), 1);
    assert_int_equal(value(2, "sshd", "granted"), 5);
}

static void when_it_is_full_the_others_are_counted_together(void **state)
{
    size_t count;
    char name[100];
    (void)state;
    tally_add(tally, 1, "sshd", "granted", NULL, 1);
    for (int i = 0; i < 2 * TALLY_ROWS; i++) {
        snprintf(name, sizeof name, "service%d", i);
        tally_add(tally, 1, name, "granted", NULL, 1);
    }
    tally_rows(tally, &count);
    assert_in_range(count, TALLY_ROWS / 2, TALLY_ROWS);
    assert_true(value(1, "other", "other") > TALLY_ROWS);
    tally_add(tally, 1, "sshd", "granted", NULL, 1);
    assert_int_equal(value(1, "sshd", "granted"), 2);
}

static void a_label_that_is_too_long_is_cut(void **state)
{
    char name[100] = "";
    (void)state;
    memset(name, 'a', sizeof name - 1);
    tally_add(tally, 1, name, NULL, NULL, 1);
    name[TALLY_LABEL_SIZE - 1] = '\0';
    assert_int_equal(value(1, name, ""), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(what_has_the_same_labels_is_counted_together),
        TEST(when_it_is_full_the_others_are_counted_together),
        TEST(a_label_that_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
