/* Parts of a token: only all of one, in order, each once, make it again. */
#include "login/assembly.h"

#include "base/vault.h"
#include "c2m/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct assembly *assembly;
static struct secret *token;

static int set_up(void **state)
{
    (void)state;
    token = NULL;
    return assembly_new(&assembly);
}

static int tear_down(void **state)
{
    (void)state;
    assembly_free(assembly);
    secret_free(token);
    return 0;
}

static const char *tag_of(const char *whole)
{
    static char tag[9];
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash(whole, strlen(whole), hash);
    vault_hash_text(hash, tag);
    return tag;
}

static enum reason add_text(const char *typed)
{
    assert_null(token);
    return assembly_add(assembly, typed, strlen(typed), &token);
}

/* Part NUMBER of COUNT of WHOLE, which says BYTES. */
static enum reason add(unsigned number, unsigned count, const char *whole, const char *bytes)
{
    char typed[1024];
    snprintf(typed, sizeof typed, "c2m %u/%u %s:%s", number, count, tag_of(whole), bytes);
    return add_text(typed);
}

static void another_one(void)
{
    assembly_free(assembly);
    assert_int_equal(assembly_new(&assembly), 0);
}

static void all_parts_in_order_make_the_token(void **state)
{
    (void)state;
    assert_int_equal(add(1, 3, "onetwothree", "one"), REASON_NONE);
    assert_int_equal(assembly_next(assembly), 2);
    assert_int_equal(assembly_count(assembly), 3);
    assert_int_equal(add(2, 3, "onetwothree", "two"), REASON_NONE);
    assert_null(token);
    assert_int_equal(add(3, 3, "onetwothree", "three"), REASON_NONE);
    assert_non_null(token);
    assert_string_equal(secret_bytes(token), "onetwothree");
    assert_int_equal(secret_length(token), 11);
}

static void a_single_part_may_be_the_whole(void **state)
{
    (void)state;
    assert_int_equal(add(1, 1, "one", "one"), REASON_NONE);
    assert_string_equal(secret_bytes(token), "one");
}

static void what_makes_another_hash_is_no_token(void **state)
{
    (void)state;
    assert_int_equal(add(1, 2, "onetwo", "one"), REASON_NONE);
    assert_int_equal(add(2, 2, "onetwo", "twO"), REASON_PARTS);
    assert_null(token);
    another_one();
    assert_int_equal(add(1, 1, "two", "one"), REASON_PARTS);
    assert_null(token);
}

static void parts_of_two_tokens_are_not_mixed(void **state)
{
    (void)state;
    assert_int_equal(add(1, 2, "onetwo", "one"), REASON_NONE);
    assert_int_equal(add(2, 2, "ONETWO", "TWO"), REASON_PARTS);
    another_one();
    assert_int_equal(add(1, 2, "onetwo", "one"), REASON_NONE);
    assert_int_equal(add(2, 3, "onetwo", "two"), REASON_PARTS);
    assert_null(token);
}

static void a_part_that_is_repeated_lost_or_out_of_order_is_refused(void **state)
{
    static const unsigned wrong[] = {1, 2, 4}; /* where the third is due */
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        another_one();
        assert_int_equal(add(1, 4, "abcd", "a"), REASON_NONE);
        assert_int_equal(add(2, 4, "abcd", "b"), REASON_NONE);
        assert_int_equal(add(wrong[i], 4, "abcd", "c"), REASON_PARTS);
        assert_null(token);
    }
    another_one();
    assert_int_equal(add(2, 2, "ab", "b"), REASON_PARTS);
}

static void the_first_part_twice_is_told_apart(void **state)
{
    (void)state;
    assert_int_equal(add(1, 2, "ab", "a"), REASON_NONE);
    assert_int_equal(add(1, 2, "ab", "a"), REASON_PART_AGAIN);
    another_one();
    assert_int_equal(add(1, 2, "ab", "a"), REASON_NONE);
    assert_int_equal(add(1, 2, "other", "a"), REASON_PARTS);
}

/* A token of so many bytes in N parts, each as long as may be; the last reason. */
static enum reason add_many(unsigned count, size_t length)
{
    static char whole[33 * ASSEMBLY_ANSWER_MAX];
    enum reason reason = REASON_NONE;
    size_t each = (length + count - 1) / count;
    memset(whole, 'a', length);
    whole[length] = '\0';
    for (unsigned number = 1; number <= count && reason == REASON_NONE; number++) {
        char bytes[ASSEMBLY_ANSWER_MAX];
        size_t from = (number - 1) * each, size = length - from < each ? length - from : each;
        memcpy(bytes, whole + from, size);
        bytes[size] = '\0';
        reason = add(number, count, whole, bytes);
    }
    return reason;
}

static void thirty_two_parts_are_the_most(void **state)
{
    (void)state;
    assert_int_equal(add_many(32, 3200), REASON_NONE);
    assert_int_equal(secret_length(token), 3200);
    secret_free(token);
    token = NULL;
    another_one();
    assert_int_equal(add_many(33, 3300), REASON_PARTS);
    assert_null(token);
    another_one();
    assert_int_equal(add(1, 99, "ab", "a"), REASON_PARTS);
}

static void a_token_has_at_most_8192_bytes(void **state)
{
    (void)state;
    assert_int_equal(add_many(18, C2M_TOKEN_MAX), REASON_NONE);
    assert_int_equal(secret_length(token), C2M_TOKEN_MAX);
    secret_free(token);
    token = NULL;
    another_one();
    assert_int_equal(add_many(18, C2M_TOKEN_MAX + 1), REASON_TOO_LONG);
    assert_null(token);
}

static void an_answer_has_at_most_500_bytes(void **state)
{
    char bytes[500];
    (void)state;
    memset(bytes, 'a', sizeof bytes);
    bytes[500 - strlen("c2m 1/1 01234567:")] = '\0';
    assert_int_equal(add(1, 1, bytes, bytes), REASON_NONE);
    secret_free(token);
    token = NULL;
    another_one();
    bytes[500 - strlen("c2m 1/1 01234567:")] = 'a';
    bytes[501 - strlen("c2m 1/1 01234567:")] = '\0';
    assert_int_equal(add(1, 1, bytes, bytes), REASON_PARTS);
}

static void the_form_is_exact(void **state)
{
    static const char *const wrong[] = {"c2m ", "c2m 1", "c2m 1/", "c2m 1/2", "c2m 1/2 ", "c2m 1/2 0123456:a",
        "c2m 1/2 01234567", "c2m 1/2 01234567:", "c2m 1/2 01234567 a", "c2m 1/2 0123456A:a",
        "c2m 1/2 0123456g:a", "c2m 01/2 01234567:a", "c2m 1/02 01234567:a", "c2m 0/2 01234567:a",
        "c2m 1/0 01234567:a", "c2m 1/2  01234567:a", "c2m  1/2 01234567:a", "c2m -1/2 01234567:a",
        "c2m +1/2 01234567:a", "c2m 1/2 01234567:a b", "c2m 1/2 01234567:a\n", "c2m 1/2 01234567:\xc3\xa4",
        "c2m 1/2 01234567:a\x7f", "c2m 2/1 01234567:a", "c2m 1/002 01234567:a", "c2m 1/100 01234567:a",
        "c2m 4294967297/2 01234567:a", "c2m 1/4294967298 01234567:a", "C2M 1/2 01234567:a",
        " c2m 1/2 01234567:a", "c2m 1/2 012345678:a", "c2m\t1/2 01234567:a", "a token"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        another_one();
        if (add_text(wrong[i]) != REASON_PARTS)
            fail_msg("%s", wrong[i]);
    }
    assert_int_equal(assembly_add(assembly, "c2m 1/2 01234567:a\0b", 20, &token), REASON_PARTS);
    assert_int_equal(assembly_add(assembly, "c2m 1/2 0123\0567:a", 18, &token), REASON_PARTS);
}

static void no_token_and_no_password_begins_like_a_part(void **state)
{
    (void)state;
    assert_true(assembly_begins("c2m 1/2 01234567:a", 18));
    assert_true(assembly_begins("c2m nonsense", 12));
    assert_false(assembly_begins("c2m", 3));
    assert_false(assembly_begins("c2m_", 4));
    assert_false(assembly_begins("", 0));
    assert_false(assembly_begins("eyJhbGciOiJSUzI1NiJ9.e30.AAAA", 29));
    assert_false(assembly_begins("lt_c2m 1/2", 10));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_parts_in_order_make_the_token),
        TEST(a_single_part_may_be_the_whole),
        TEST(what_makes_another_hash_is_no_token),
        TEST(parts_of_two_tokens_are_not_mixed),
        TEST(a_part_that_is_repeated_lost_or_out_of_order_is_refused),
        TEST(the_first_part_twice_is_told_apart),
        TEST(thirty_two_parts_are_the_most),
        TEST(a_token_has_at_most_8192_bytes),
        TEST(an_answer_has_at_most_500_bytes),
        TEST(the_form_is_exact),
        TEST(no_token_and_no_password_begins_like_a_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
