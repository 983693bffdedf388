/* The contract of the sockets: what must not change, and the texts of bounded length. */
#include "c2m/client.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint32_t verdicts[] = {
    C2M_GRANTED, C2M_DENIED, C2M_FORBIDDEN, C2M_EXHAUSTED, C2M_ENDED, C2M_UNAVAILABLE, C2M_IGNORE};
enum { VERDICTS = sizeof verdicts / sizeof verdicts[0] };

static void ten_flipped_bits_do_not_make_a_grant(void **state)
{
    (void)state;
    for (int i = 1; i < VERDICTS; i++)
        assert_true(__builtin_popcount(C2M_GRANTED ^ verdicts[i]) >= 10);
    assert_true(__builtin_popcount(C2M_GRANTED) >= 10);
    assert_true(__builtin_popcount(~(unsigned)C2M_GRANTED) >= 10);
}

static void verdicts_are_eight_bits_apart(void **state)
{
    (void)state;
    for (int i = 0; i < VERDICTS; i++)
        for (int k = 0; k < i; k++)
            assert_true(__builtin_popcount(verdicts[k] ^ verdicts[i]) >= 8);
}

/* An older module must be able to close its session. */
static void operations_keep_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(C2M_AUTHENTICATE, 1);
    assert_int_equal(C2M_ACCOUNT, 2);
    assert_int_equal(C2M_OPEN, 3);
    assert_int_equal(C2M_CLOSE, 4);
    assert_int_equal(C2M_ANSWER, 5);
    assert_int_equal(C2M_PROMPT, 101);
    assert_int_equal(C2M_VERDICT, 102);
}

static void every_operation_has_one_size_and_fits_a_message(void **state)
{
    (void)state;
    int known = 0;
    for (unsigned operation = 0; operation <= UINT16_MAX; operation++) {
        size_t size = c2m_body_size((uint16_t)operation);
        if (size == SIZE_MAX)
            continue;
        known++;
        assert_true(sizeof(struct c2m_header) + size <= C2M_MESSAGE_MAX);
    }
    assert_int_equal(known, 33);
    assert_int_equal(c2m_body_size(C2M_ANSWER), sizeof(struct c2m_answer));
    assert_int_equal(c2m_body_size(C2M_VERDICT), sizeof(struct c2m_verdict));
    assert_int_equal(c2m_body_size(C2M_END), 0);
    assert_true(c2m_body_size(0) == SIZE_MAX);
}

static void a_text_longer_than_its_field_is_wrong(void **state)
{
    (void)state;
    struct c2m_name name = {.length = C2M_NAME_MAX};
    assert_true(c2m_text_ok(name.length, name.bytes, C2M_NAME_MAX));
    name.length = C2M_NAME_MAX + 1;
    assert_false(c2m_text_ok(name.length, name.bytes, C2M_NAME_MAX));
    name.length = UINT16_MAX;
    assert_false(c2m_text_ok(name.length, name.bytes, C2M_NAME_MAX));
}

static void bytes_behind_a_text_are_wrong(void **state)
{
    (void)state;
    struct c2m_name name = {.length = 5, .bytes = "alice"};
    assert_true(c2m_text_ok(name.length, name.bytes, C2M_NAME_MAX));
    name.bytes[C2M_NAME_MAX - 1] = 'x';
    assert_false(c2m_text_ok(name.length, name.bytes, C2M_NAME_MAX));
    name.length = 4;
    name.bytes[C2M_NAME_MAX - 1] = 0;
    assert_false(c2m_text_ok(name.length, name.bytes, C2M_NAME_MAX));
}

static void a_text_fits_to_the_last_byte_and_no_further(void **state)
{
    (void)state;
    struct c2m_name name;
    char text[C2M_NAME_MAX + 2];
    memset(text, 'a', sizeof text);
    text[C2M_NAME_MAX] = '\0';
    memset(&name, 0xff, sizeof name);
    assert_int_equal(c2m_text_set(&name.length, name.bytes, C2M_NAME_MAX, text), 0);
    assert_int_equal(name.length, C2M_NAME_MAX);
    text[C2M_NAME_MAX] = 'a';
    text[C2M_NAME_MAX + 1] = '\0';
    assert_int_equal(c2m_text_set(&name.length, name.bytes, C2M_NAME_MAX, text), -E2BIG);
    assert_int_equal(name.length, 0);
    assert_true(c2m_text_ok(name.length, name.bytes, C2M_NAME_MAX));
    c2m_text_cut(&name.length, name.bytes, C2M_NAME_MAX, text);
    assert_int_equal(name.length, C2M_NAME_MAX);
}

static void a_shorter_text_leaves_nothing_of_the_one_before(void **state)
{
    (void)state;
    struct c2m_name name;
    memset(&name, 0xff, sizeof name);
    assert_int_equal(c2m_text_set(&name.length, name.bytes, C2M_NAME_MAX, "bob"), 0);
    assert_true(c2m_text_ok(name.length, name.bytes, C2M_NAME_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_flipped_bits_do_not_make_a_grant),
        cmocka_unit_test(verdicts_are_eight_bits_apart),
        cmocka_unit_test(operations_keep_their_numbers),
        cmocka_unit_test(every_operation_has_one_size_and_fits_a_message),
        cmocka_unit_test(a_text_longer_than_its_field_is_wrong),
        cmocka_unit_test(bytes_behind_a_text_are_wrong),
        cmocka_unit_test(a_text_fits_to_the_last_byte_and_no_further),
        cmocka_unit_test(a_shorter_text_leaves_nothing_of_the_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
