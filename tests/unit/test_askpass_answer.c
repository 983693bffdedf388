// link: helper/ctl/askpass_answer.c helper/ctl/askpass_token.c helper/ctl/sha256.c helper/ctl/complain.c
/* A token whole or in parts: what c2m-askpass cuts, the helper puts together again. */
#include "askpass_answer.h"

#include "base/secret.h"
#include "login/assembly.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct askpass_token token;
static struct askpass_answer answer;

static void token_of(size_t length)
{
    for (size_t i = 0; i < length; i++)
        token.bytes[i] = (char)('!' + (i * 7 + i / 94) % 94);
    token.length = length;
}

static bool make(const char *host, unsigned part, unsigned parts)
{
    struct askpass_prompt prompt = {.part = part, .parts = parts};
    snprintf(prompt.host, sizeof prompt.host, "%s", host);
    memset(answer.bytes, '?', sizeof answer.bytes);
    return askpass_answer_make(&prompt, &token, &answer);
}

static void expect_whole(const char *host)
{
    assert_true(make(host, 1, 0));
    assert_int_equal(answer.length, token.length + 1);
    assert_memory_equal(answer.bytes, token.bytes, token.length);
    assert_int_equal(answer.bytes[token.length], '\n');
}

static void a_token_goes_whole_where_the_prompt_passes_it_on(void **state)
{
    (void)state;
    token_of(1);
    expect_whole("");
    token_of(511);
    expect_whole("");
    token_of(512);
    expect_whole("web1");
    token_of(1022);
    expect_whole("web1");
}

/* As helper and askpass talk: the number of parts, or 0 when the token was not made again. */
static unsigned parts_through_the_helper(const char *host)
{
    struct secret *whole SECRET_CLEANUP = NULL;
    struct assembly *assembly;
    unsigned part = 1, parts = 0;
    enum reason reason = REASON_NONE;

    assert_int_equal(assembly_new(&assembly), 0);
    while (reason == REASON_NONE && whole == NULL) {
        assert_true(make(host, part, parts));
        assert_true(answer.length <= 501);
        assert_int_equal(answer.bytes[answer.length - 1], '\n');
        assert_true(assembly_begins(answer.bytes, answer.length - 1));
        reason = assembly_add(assembly, answer.bytes, answer.length - 1, &whole);
        part = assembly_next(assembly);
        parts = assembly_count(assembly);
    }
    bool same = whole != NULL && secret_length(whole) == token.length &&
                memcmp(secret_bytes(whole), token.bytes, token.length) == 0;
    assembly_free(assembly);
    return same ? parts : 0;
}

static void the_helper_makes_of_the_parts_what_was_cut(void **state)
{
    static const struct {
        const char *host;
        size_t length;
        unsigned parts;
    } cases[] = {{"", 512, 2}, {"", 900, 2}, {"", 962, 2}, {"", 963, 3}, {"", 8000, 17}, {"", 8192, 18},
        {"web1", 1023, 3}, {"web1", 1024, 3}, {"web1", 3000, 7}, {"web1", 8000, 17}, {"web1", 8192, 18}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        token_of(cases[i].length);
        assert_int_equal(parts_through_the_helper(cases[i].host), cases[i].parts);
    }
}

static void every_length_comes_through(void **state)
{
    (void)state;
    for (size_t length = 512; length <= C2M_TOKEN_MAX; length += length < 1500 ? 1 : 37) {
        token_of(length);
        assert_int_equal(parts_through_the_helper(""), (length + ASKPASS_PART_MAX - 1) / ASKPASS_PART_MAX);
    }
}

static void a_part_of_another_token_is_not_made_up(void **state)
{
    (void)state;
    token_of(900);
    assert_true(make("", 2, 2));
    assert_false(make("", 2, 3));
    assert_false(make("", 3, 3));
    token_of(400);
    assert_false(make("", 2, 2));
    token_of(900);
    assert_false(make("web1", 2, 2)); /* ssh took it whole */
}

static const char *trimmed(const char *text, size_t length)
{
    memcpy(token.bytes, text, length);
    token.length = length;
    return askpass_token_trim(&token);
}

static void a_token_is_one_word_of_visible_ascii(void **state)
{
    (void)state;
    assert_null(trimmed(" \tlt_abc\r\n\n", 11));
    assert_int_equal(token.length, 6);
    assert_memory_equal(token.bytes, "lt_abc", 6);
    assert_non_null(trimmed("", 0));
    assert_non_null(trimmed(" \n", 2));
    assert_non_null(trimmed("lt_abc def", 10));
    assert_non_null(trimmed("lt_abc\nlt_def\n", 14));
    assert_non_null(trimmed("lt_\0abc", 7));
    assert_non_null(trimmed("lt_\x1b[2J", 7));
    assert_non_null(trimmed("lt_\xc3\xa4", 5));
    token_of(C2M_TOKEN_MAX);
    assert_null(askpass_token_trim(&token));
    token_of(C2M_TOKEN_MAX + 1);
    assert_non_null(askpass_token_trim(&token));
    token_of(sizeof token.bytes);
    assert_non_null(askpass_token_trim(&token));
}

static void a_source_that_says_nothing_is_left_at_the_deadline(void **state)
{
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "lt_a", 4), 4);
    assert_false(askpass_token_fill(&token, ends[0], c2m_deadline_in(20)));
    assert_int_equal(write(ends[1], "lt_abc\n", 7), 7);
    close(ends[1]);
    assert_true(askpass_token_fill(&token, ends[0], c2m_deadline_in(1000)));
    assert_int_equal(token.length, 7);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_goes_whole_where_the_prompt_passes_it_on),
        cmocka_unit_test(the_helper_makes_of_the_parts_what_was_cut),
        cmocka_unit_test(every_length_comes_through),
        cmocka_unit_test(a_part_of_another_token_is_not_made_up),
        cmocka_unit_test(a_token_is_one_word_of_visible_ascii),
        cmocka_unit_test(a_source_that_says_nothing_is_left_at_the_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
