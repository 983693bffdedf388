/* Sets of scopes: what covers what decides who may log in. */
#include "token/scopes.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct scopes set(const char *words)
{
    struct scopes scopes;
    assert_int_equal(scopes_parse(&scopes, words, strlen(words)), 0);
    return scopes;
}

static void words_are_kept_in_order_once_each(void **state)
{
    (void)state;
    assert_string_equal(set("  jobs:read  account:read jobs:read ").text, "jobs:read account:read");
    assert_string_equal(set("").text, "");
    struct scopes none = set("   ");
    assert_true(scopes_empty(&none));
}

static void what_is_no_scope_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"a\"b", "a\\b", "a\tb", "a\nb", "\x7f", "\x1b[2J", "caf\xc3\xa9"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scopes scopes = {"jobs:read"};
        assert_int_equal(scopes_add(&scopes, rows[i], strlen(rows[i])), -EINVAL);
        assert_string_equal(scopes.text, "jobs:read");
        assert_int_equal(scopes_parse(&scopes, rows[i], strlen(rows[i])), -EINVAL);
        assert_true(scopes_empty(&scopes));
    }
    struct scopes scopes = {""};
    assert_int_equal(scopes_add(&scopes, "", 0), -EINVAL);
    assert_int_equal(scopes_add(&scopes, "a b", 3), -EINVAL);
    assert_int_equal(scopes_add(&scopes, "a\0b", 3), -EINVAL);
    assert_int_equal(scopes_parse(&scopes, "a\0b", 3), -EINVAL);
}

static void a_scope_has_at_most_128_characters(void **state)
{
    (void)state;
    char longest[130];
    memset(longest, 'x', sizeof longest);
    struct scopes scopes = {""};
    assert_int_equal(scopes_add(&scopes, longest, 129), -EINVAL);
    assert_int_equal(scopes_add(&scopes, longest, 128), 0);
    assert_int_equal(strlen(scopes.text), 128);
}

static void a_set_has_at_most_64_scopes_and_2047_bytes(void **state)
{
    (void)state;
    struct scopes scopes = {""};
    char word[129];
    for (int i = 0; i < SCOPES_MAX; i++) {
        int length = snprintf(word, sizeof word, "s%d", i);
        assert_int_equal(scopes_add(&scopes, word, (size_t)length), 0);
    }
    assert_int_equal(scopes_add(&scopes, "one-more", 8), -E2BIG);
    assert_int_equal(scopes_add(&scopes, "s5", 2), 0); /* it is there already */
    scopes = (struct scopes){""};
    int added = 0;
    for (char first = 'a'; added < SCOPES_MAX; first++, added++) {
        memset(word, first, 127);
        if (scopes_add(&scopes, word, 127) != 0)
            break;
    }
    assert_int_equal(added, 16); /* 16 * 128 - 1 = 2,047 */
    assert_int_equal(strlen(scopes.text), SCOPES_SIZE - 1);
}

struct cover {
    const char *held, *wanted, *prefix;
    bool covered;
};

static const struct cover covers[] = {
    {"jobs:read", "jobs:read", NULL, true},
    {"jobs:read account:read", "account:read", NULL, true},
    {"jobs:read account:read", "account:read jobs:read", NULL, true},
    {"jobs:read", "jobs:read account:read", NULL, false},
    {"jobs:*", "jobs:read", NULL, true},
    {"jobs:*", "jobs:*", NULL, true},
    {"jobs:*", "jobs:a:b", NULL, true},
    {"jobs:*", "jobs:", NULL, false},
    {"jobs:*", "jobs", NULL, false},
    {"jobs:*", "jobsx:read", NULL, false},
    {"jobs:*", "job:read", NULL, false},
    {"jobs:*", "account:read", NULL, false},
    {"jobs:re*", "jobs:read", NULL, false},
    {"jobs:read", "jobs:*", NULL, false},
    {"*", "jobs:read", NULL, false},
    {"*:*", "jobs:read", NULL, false},
    {":*", ":x", NULL, false},
    {"jobs:rea", "jobs:read", NULL, false},
    {"jobs:reads", "jobs:read", NULL, false},
    {"JOBS:READ", "jobs:read", NULL, false},
    {"", "jobs:read", NULL, false},
    {"c2m-api/jobs:read", "jobs:read", NULL, false},
    {"c2m-api/jobs:read", "jobs:read", "c2m-api/", true},
    {"c2m-api/jobs:*", "jobs:read", "c2m-api/", true},
    {"jobs:read", "jobs:read", "c2m-api/", true},
    {"other/jobs:read", "jobs:read", "c2m-api/", false},
    {"c2m-api/c2m-api/jobs:read", "jobs:read", "c2m-api/", false},
    {"xc2m-api/jobs:read", "jobs:read", "c2m-api/", false},
    {"c2m-api/", "c2m-api/", "c2m-api/", true},
};

static void a_set_covers_exactly_what_it_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof covers / sizeof covers[0]; i++) {
        struct scopes held = set(covers[i].held), wanted = set(covers[i].wanted);
        if (scopes_cover(&held, &wanted, covers[i].prefix) != covers[i].covered)
            fail_msg("\"%s\" and \"%s\"", covers[i].held, covers[i].wanted);
    }
}

static void scopes_that_could_be_mistaken_are_related(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool related;
    } rows[] = {
        {"login:web1", "login:web1", true},
        {"login:web1", "login:web2", true},
        {"login:*", "login:web2", true},
        {"jobs:read login:web2", "login:web1", true},
        {"c2m-api/login:x", "login:web1", true},
        {"login", "login:web1", true},
        {"jobs:read", "login:web1", false},
        {"jobs:read account:read", "login:web1 hosts:enter", false},
        {"login-a:x", "login-b:x", false},
        {"", "login:web1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scopes a = set(rows[i].a), b = set(rows[i].b);
        if (scopes_related(&a, &b) != rows[i].related || scopes_related(&b, &a) != rows[i].related)
            fail_msg("\"%s\" and \"%s\"", rows[i].a, rows[i].b);
    }
}

static int count(void *argument, const char *scope, size_t length)
{
    int *seen = argument;
    assert_true(length > 0 && scope[0] != ' ');
    return ++*seen == 2 ? 7 : 0;
}

static void each_visits_words_until_told_to_stop(void **state)
{
    (void)state;
    struct scopes scopes = set("a b c");
    int seen = 0;
    assert_int_equal(scopes_each(&scopes, count, &seen), 7);
    assert_int_equal(seen, 2);
    scopes = set("a");
    seen = 0;
    assert_int_equal(scopes_each(&scopes, count, &seen), 0);
    assert_int_equal(seen, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_kept_in_order_once_each),
        cmocka_unit_test(what_is_no_scope_is_refused),
        cmocka_unit_test(a_scope_has_at_most_128_characters),
        cmocka_unit_test(a_set_has_at_most_64_scopes_and_2047_bytes),
        cmocka_unit_test(a_set_covers_exactly_what_it_names),
        cmocka_unit_test(scopes_that_could_be_mistaken_are_related),
        cmocka_unit_test(each_visits_words_until_told_to_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
