/* Secrets: an owner, a length, and nothing left behind. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

// link: -Wl,--wrap=free
#include "base/secret.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char needle[] = "a token that must not stay";
static void *watched;
static size_t watched_size;
static bool seen_at_free, freed;

void __real_free(void *block);
void __wrap_free(void *block);
void __wrap_free(void *block)
{
    if (block && block == watched) {
        freed = true;
        seen_at_free = memmem(block, watched_size, needle, sizeof needle - 1) != NULL;
    }
    __real_free(block);
}

static void it_holds_a_copy_of_the_bytes_and_a_terminator(void **state)
{
    (void)state;
    SECRET_CLEANUP struct secret *secret = NULL;
    char text[] = {'a', '\0', 'b', 'c'};
    assert_int_equal(secret_new(text, sizeof text, &secret), 0);
    memset(text, 'x', sizeof text);
    assert_int_equal(secret_length(secret), 4);
    assert_memory_equal(secret_bytes(secret), "a\0bc", 5);
}

static void an_empty_one_is_zero_and_can_be_filled(void **state)
{
    (void)state;
    SECRET_CLEANUP struct secret *secret = NULL;
    assert_int_equal(secret_new_empty(3, &secret), 0);
    assert_memory_equal(secret_bytes(secret), "\0\0\0", 4);
    memcpy(secret_writable(secret), "abc", 3);
    assert_string_equal(secret_bytes(secret), "abc");
}

static void no_bytes_are_a_secret_too(void **state)
{
    (void)state;
    SECRET_CLEANUP struct secret *secret = NULL;
    assert_int_equal(secret_new(NULL, 0, &secret), 0);
    assert_int_equal(secret_length(secret), 0);
    assert_string_equal(secret_bytes(secret), "");
}

static void a_copy_lives_on_its_own(void **state)
{
    (void)state;
    SECRET_CLEANUP struct secret *copy = NULL;
    struct secret *secret;
    assert_int_equal(secret_new("abc", 3, &secret), 0);
    assert_int_equal(secret_copy(secret, &copy), 0);
    secret_free(secret);
    assert_string_equal(secret_bytes(copy), "abc");
}

static bool equal(const char *a, size_t a_length, const char *b, size_t b_length)
{
    SECRET_CLEANUP struct secret *left = NULL;
    SECRET_CLEANUP struct secret *right = NULL;
    assert_int_equal(secret_new(a, a_length, &left), 0);
    assert_int_equal(secret_new(b, b_length, &right), 0);
    return secret_equal(left, right);
}

static void secrets_are_equal_when_every_byte_is(void **state)
{
    (void)state;
    assert_true(equal("", 0, "", 0));
    assert_true(equal("abc", 3, "abc", 3));
    assert_true(equal("a\0c", 3, "a\0c", 3));
    assert_false(equal("abc", 3, "xbc", 3));
    assert_false(equal("abc", 3, "abx", 3));
    assert_false(equal("abc", 3, "ab", 2));
    assert_false(equal("ab", 2, "abc", 3));
    assert_false(equal("a\0c", 3, "a\0d", 3));
    assert_false(equal("\x80", 1, "\x00", 1));
}

static void it_is_wiped_before_it_is_freed(void **state)
{
    (void)state;
    struct secret *secret;
    assert_int_equal(secret_new(needle, sizeof needle - 1, &secret), 0);
    watched = secret;
    watched_size = (size_t)(secret_bytes(secret) - (const char *)secret) + sizeof needle;
    assert_non_null(memmem(watched, watched_size, needle, sizeof needle - 1));
    secret_free(secret);
    watched = NULL;
    assert_true(freed);
    assert_false(seen_at_free);
}

static void an_impossible_length_is_refused(void **state)
{
    (void)state;
    struct secret *secret = NULL;
    assert_int_equal(secret_new_empty(SIZE_MAX, &secret), -ENOMEM);
    assert_int_equal(secret_new_empty(SIZE_MAX - sizeof(size_t), &secret), -ENOMEM);
    assert_null(secret);
    secret_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_a_copy_of_the_bytes_and_a_terminator),
        cmocka_unit_test(an_empty_one_is_zero_and_can_be_filled),
        cmocka_unit_test(no_bytes_are_a_secret_too),
        cmocka_unit_test(a_copy_lives_on_its_own),
        cmocka_unit_test(secrets_are_equal_when_every_byte_is),
        cmocka_unit_test(it_is_wiped_before_it_is_freed),
        cmocka_unit_test(an_impossible_length_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
