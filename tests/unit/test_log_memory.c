// fakes: clock
/* What the log remembers for c2mctl explain, and how a line of it is read back. */
#include "base/log_memory.h"

#include "c2m/record.h"
#include "fakes/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct {
    unsigned count;
    char reference[9], text[128];
} seen;

static void look(void *argument, const struct log_memory_line *line)
{
    (void)argument;
    if (seen.count++ > 0)
        return;
    snprintf(seen.reference, sizeof seen.reference, "%s", line->reference);
    snprintf(seen.text, sizeof seen.text, "%s", line->text);
}

static unsigned remembered(void)
{
    seen.count = 0;
    log_memory_each(look, NULL);
    return seen.count;
}

static int forget(void **state)
{
    (void)state;
    log_memory_open();
    return 0;
}

static int end(void **state)
{
    (void)state;
    log_close();
    return 0;
}

static void a_line_that_names_a_login_is_kept(void **state)
{
    struct log_line line;
    (void)state;
    log_begin(&line, "login");
    log_text(&line, "ref", "7f3a91c2");
    log_send(&line, LOG_LEVEL_INFO);
    log_begin(&line, "request");
    log_text(&line, "user", "x ref=7f3a91c2");
    log_send(&line, LOG_LEVEL_INFO);
    assert_int_equal(remembered(), 1);
    assert_string_equal(seen.text, "event=login ref=7f3a91c2");
}

static void so_is_a_sentence_that_begins_with_one(void **state)
{
    (void)state;
    log_message(LOG_LEVEL_ERROR, "the file ref=7f3a91c2 is missing");
    log_message(LOG_LEVEL_ERROR, "ref=7f3a91c2: cannot hang up");
    assert_int_equal(remembered(), 1);
    assert_string_equal(seen.reference, "7f3a91c2");
    assert_string_equal(seen.text, "ref=7f3a91c2: cannot hang up");
}

static void so_is_a_sentence_of_fields(void **state)
{
    (void)state;
    log_message(LOG_LEVEL_INFO, "event=hangup ref=7f3a91c2 reason=hung_up");
    assert_int_equal(remembered(), 1);
    assert_string_equal(seen.reference, "7f3a91c2");
}

static void what_is_not_logged_is_not_remembered(void **state)
{
    struct log_line line;
    (void)state;
    log_begin(&line, "account");
    log_text(&line, "ref", "7f3a91c2");
    log_send(&line, LOG_LEVEL_DEBUG);
    assert_int_equal(remembered(), 0);
}

static void the_oldest_line_makes_room_and_it_is_said(void **state)
{
    (void)state;
    int64_t began = log_memory_since();
    assert_int_equal(began, fake_wall);
    for (int i = 0; i < LOG_MEMORY_LINES; i++) {
        char text[32];
        snprintf(text, sizeof text, "n=%d", i);
        fake_wall++;
        log_memory_add(LOG_LEVEL_INFO, "7f3a91c2", text);
    }
    assert_int_equal(log_memory_since(), began);
    log_memory_add(LOG_LEVEL_INFO, "7f3a91c2", "n=last");
    assert_int_equal(remembered(), LOG_MEMORY_LINES);
    assert_string_equal(seen.text, "n=1");
    assert_int_equal(log_memory_since(), began + 2);
}

static void a_line_is_read_back_field_by_field(void **state)
{
    const char *line = "event=login user=\"al ref=ice\" uid=7";
    struct c2m_record_field field;
    char value[32];
    (void)state;
    assert_string_equal(c2m_record_get(line, "user", value, sizeof value), "al ref=ice");
    assert_string_equal(c2m_record_get(line, "uid", value, sizeof value), "7");
    assert_string_equal(c2m_record_get(line, "ref", value, sizeof value), "");
    assert_string_equal(c2m_record_get(line, "event", value, 4), "log");
    assert_true(c2m_record_next(&line, &field));
    assert_int_equal(field.key_length, 5);
}

static void what_is_no_field_ends_the_line(void **state)
{
    static const char *const lines[] = {
        "", " ", "=x", "a sentence", "ref=7f3a91c2: no", "user=\"open", "user=\"a\"b", "A=b", "a\x01=b"};
    struct c2m_record_field field;
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *at = lines[i];
        while (c2m_record_next(&at, &field))
            assert_true(at <= lines[i] + strlen(lines[i]));
        assert_true(at <= lines[i] + strlen(lines[i]));
    }
    const char *open = "user=\"open";
    assert_false(c2m_record_next(&open, &field));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, forget, end)
    const struct CMUnitTest tests[] = {
        TEST(a_line_that_names_a_login_is_kept),
        TEST(so_is_a_sentence_that_begins_with_one),
        TEST(so_is_a_sentence_of_fields),
        TEST(what_is_not_logged_is_not_remembered),
        TEST(the_oldest_line_makes_room_and_it_is_said),
        TEST(a_line_is_read_back_field_by_field),
        TEST(what_is_no_field_ends_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
