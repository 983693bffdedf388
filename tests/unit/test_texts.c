/* Numbers become words, and nothing of the helper's bytes gets among them. */
#include "prompt.h"
#include "texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint32_t none[2] = {0, 0};
static const char reference[C2M_REFERENCE_SIZE] = {'7', 'f', '3', 'a', '9', '1', 'c', '2'};
static const char no_reference[C2M_REFERENCE_SIZE] = {0};

static void the_words_are_those_of_the_manual(void **state)
{
    (void)state;
    static const struct {
        uint32_t number;
        enum text_kind kind;
        uint32_t argument[2];
        const char *words;
    } texts[] = {
        {C2M_TEXT_ASK_TOKEN, TEXT_PROMPT, {0, 0}, "C2M token: "},
        {C2M_TEXT_ASK_TOKEN_OR_CODE, TEXT_PROMPT, {0, 0}, "C2M token or code: "},
        {C2M_TEXT_ASK_CODE, TEXT_PROMPT, {0, 0}, "C2M code: "},
        {C2M_TEXT_ASK_PART, TEXT_PROMPT, {2, 17}, "C2M token, part 2 of 17: "},
        {C2M_TEXT_NOT_ACCEPTED, TEXT_REASON, {0, 0}, "C2M: not accepted (ref 7f3a91c2)."},
        {C2M_TEXT_EXPIRED, TEXT_REASON, {12, 0},
            "C2M: that token expired 12 min ago: issue a new one (ref 7f3a91c2)."},
        {C2M_TEXT_SCOPE, TEXT_REASON, {0, 0},
            "C2M: that token lacks a scope that is needed here (ref 7f3a91c2): ask who runs this host which "
            "one."},
        {C2M_TEXT_CUT, TEXT_REASON, {1023, 0},
            "C2M: the token arrived cut at 1023 characters: use c2m-askpass, a code, or a long-term token "
            "(ref 7f3a91c2)."},
        {C2M_TEXT_WAIT, TEXT_REASON, {60, 0}, "C2M: too many attempts, wait 60 s."},
        {C2M_TEXT_UNREACHABLE, TEXT_REASON, {0, 0},
            "C2M is unreachable (ref 7f3a91c2); use your local password."},
        {C2M_TEXT_ENDED, TEXT_REASON, {0, 0},
            "C2M: this session is over or its token was revoked (ref 7f3a91c2): log in again."},
        {C2M_TEXT_TOO_OLD, TEXT_REASON, {5, 0},
            "C2M: that token is older than 5 min: issue a new one (ref 7f3a91c2)."},
        {C2M_TEXT_UNSUPPORTED, TEXT_REASON, {0, 0},
            "C2M: that kind of credential is not accepted here (ref 7f3a91c2): use another kind, or ask who "
            "runs this host."},
        {C2M_TEXT_SUSPENDED, TEXT_REASON, {0, 0},
            "C2M: your account is suspended (ref 7f3a91c2): ask who runs the C2M API."},
        {C2M_TEXT_PART_AGAIN, TEXT_REASON, {0, 0},
            "C2M: a token in parts: use keyboard-interactive, not password (ref 7f3a91c2)."},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char out[TEXT_SIZE];
        assert_true(text_write(out, texts[i].kind, texts[i].number, texts[i].argument, reference));
        assert_string_equal(out, texts[i].words);
    }
}

static void without_a_reference_the_bracket_is_left_out(void **state)
{
    (void)state;
    char out[TEXT_SIZE];
    assert_true(text_write(out, TEXT_REASON, C2M_TEXT_UNREACHABLE, none, no_reference));
    assert_string_equal(out, "C2M is unreachable; use your local password.");
}

static void the_largest_numbers_fit(void **state)
{
    (void)state;
    static const uint32_t largest[2] = {UINT32_MAX, UINT32_MAX};
    for (uint32_t number = 0; number < 100; number++) {
        for (int kind = TEXT_PROMPT; kind <= TEXT_REASON; kind++) {
            char out[TEXT_SIZE];
            bool known = text_write(out, (enum text_kind)kind, number, largest, reference);
            assert_int_equal(known, text_known(number, (enum text_kind)kind));
            if (known)
                assert_true(strlen(out) < TEXT_SIZE - 1 && strchr(".: ", out[strlen(out) - 1]) != NULL);
        }
    }
}

static void a_reference_that_is_not_eight_hex_digits_is_refused(void **state)
{
    (void)state;
    static const char wrong[][C2M_REFERENCE_SIZE + 1] = {"7f3a91c", "7F3A91C2", "7f3a91cg", "\x1b[2Jabcd",
        "7f3a91c\n", "       1", "\0f3a91c2", "7f3a\0\0\0\0", "%s%s%s%s"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char out[TEXT_SIZE] = "before";
        assert_false(text_write(out, TEXT_REASON, C2M_TEXT_NOT_ACCEPTED, none, wrong[i]));
        assert_string_equal(out, "");
        assert_false(text_write(out, TEXT_REASON, C2M_TEXT_EXPIRED, none, wrong[i]));
    }
}

static void a_reason_is_no_prompt_and_a_prompt_no_reason(void **state)
{
    (void)state;
    char out[TEXT_SIZE];
    assert_false(text_write(out, TEXT_PROMPT, C2M_TEXT_NOT_ACCEPTED, none, reference));
    assert_false(text_write(out, TEXT_REASON, C2M_TEXT_ASK_TOKEN, none, reference));
    assert_false(text_write(out, TEXT_REASON, C2M_TEXT_NONE, none, reference));
    assert_false(text_write(out, TEXT_PROMPT, UINT32_MAX, none, reference));
}

static struct c2m_prompt prompt_of(uint32_t prompt, uint32_t reason)
{
    struct c2m_prompt value = {.prompt = prompt, .reason = reason};
    memcpy(value.reference, reference, sizeof reference);
    return value;
}

static void the_reason_stands_before_the_question(void **state)
{
    (void)state;
    char out[PROMPT_SIZE];
    struct c2m_prompt prompt = prompt_of(C2M_TEXT_ASK_TOKEN, C2M_TEXT_NOT_ACCEPTED);
    assert_true(prompt_text(out, &prompt));
    assert_string_equal(out, "C2M: not accepted (ref 7f3a91c2). C2M token: ");
    prompt = prompt_of(C2M_TEXT_ASK_TOKEN, C2M_TEXT_NONE);
    assert_true(prompt_text(out, &prompt));
    assert_string_equal(out, "C2M token: ");
}

static void a_newer_helpers_reason_is_left_out(void **state)
{
    (void)state;
    char out[PROMPT_SIZE];
    struct c2m_prompt prompt = prompt_of(C2M_TEXT_ASK_TOKEN, 39);
    assert_true(prompt_text(out, &prompt));
    assert_string_equal(out, "C2M token: ");
}

static void an_unknown_question_is_not_asked(void **state)
{
    (void)state;
    char out[PROMPT_SIZE];
    struct c2m_prompt prompt = prompt_of(19, C2M_TEXT_NONE);
    assert_false(prompt_text(out, &prompt));
    prompt = prompt_of(C2M_TEXT_NONE, C2M_TEXT_NONE);
    assert_false(prompt_text(out, &prompt));
    prompt = prompt_of(C2M_TEXT_NOT_ACCEPTED, C2M_TEXT_NONE);
    assert_false(prompt_text(out, &prompt));
}

static void parts_are_counted_from_one_to_thirty_two(void **state)
{
    (void)state;
    static const struct {
        uint32_t part, parts;
        bool sound;
    } cases[] = {{1, 1, true}, {2, 32, true}, {32, 32, true}, {0, 2, false}, {3, 2, false}, {2, 33, false},
        {0, 0, false}, {UINT32_MAX, UINT32_MAX, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[PROMPT_SIZE];
        struct c2m_prompt prompt = prompt_of(C2M_TEXT_ASK_PART, C2M_TEXT_NONE);
        prompt.prompt_argument[0] = cases[i].part;
        prompt.prompt_argument[1] = cases[i].parts;
        assert_int_equal(prompt_text(out, &prompt), cases[i].sound);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_are_those_of_the_manual),
        cmocka_unit_test(without_a_reference_the_bracket_is_left_out),
        cmocka_unit_test(the_largest_numbers_fit),
        cmocka_unit_test(a_reference_that_is_not_eight_hex_digits_is_refused),
        cmocka_unit_test(a_reason_is_no_prompt_and_a_prompt_no_reason),
        cmocka_unit_test(the_reason_stands_before_the_question),
        cmocka_unit_test(a_newer_helpers_reason_is_left_out),
        cmocka_unit_test(an_unknown_question_is_not_asked),
        cmocka_unit_test(parts_are_counted_from_one_to_thirty_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
