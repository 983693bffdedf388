// fakes: pam
// link: -Wl,--wrap=free
/* What the user is asked and told, and what becomes of the answer. */
#include "conversation.h"

#include "fakes/pam.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The application's copy of an answer, as free() got it. */
static size_t watched_length;
static bool watched_was_wiped;

void __real_free(void *memory);
void __wrap_free(void *memory);

void __wrap_free(void *memory)
{
    static const char zeros[64] = {0};
    if (memory != NULL && watched_length > 0 && memcmp(memory, zeros, watched_length) == 0)
        watched_was_wiped = true;
    __real_free(memory);
}

static enum conversation_result ask(struct pam_handle *pamh, const char *answer, struct c2m_secret *typed)
{
    pamh->answers[0] = answer;
    return conversation_ask(fake_conversation(pamh), "C2M token: ", typed);
}

static void the_answer_arrives_and_the_prompt_has_no_echo(void **state)
{
    (void)state;
    struct pam_handle pamh = {0};
    struct c2m_secret typed;
    memset(&typed, 0xff, sizeof typed);
    assert_int_equal(ask(&pamh, "eyJ.a.b", &typed), CONVERSATION_ANSWERED);
    assert_int_equal(typed.length, 7);
    assert_memory_equal(typed.bytes, "eyJ.a.b\0\0", 9);
    assert_int_equal(typed.bytes[C2M_TOKEN_MAX - 1], 0);
    assert_int_equal(pamh.style, PAM_PROMPT_ECHO_OFF);
    assert_string_equal(pamh.asked[0], "C2M token: ");
}

static void blanks_around_a_paste_are_removed(void **state)
{
    (void)state;
    struct pam_handle pamh = {0};
    struct c2m_secret typed;
    assert_int_equal(ask(&pamh, " \t\r\nabc def\r\n \v\f", &typed), CONVERSATION_ANSWERED);
    assert_int_equal(typed.length, 7);
    assert_memory_equal(typed.bytes, "abc def", 7);
}

static void an_empty_answer_is_an_answer(void **state)
{
    (void)state;
    struct pam_handle pamh = {0};
    struct c2m_secret typed;
    assert_int_equal(ask(&pamh, "", &typed), CONVERSATION_ANSWERED);
    assert_int_equal(typed.length, 0);
    pamh = (struct pam_handle){0};
    assert_int_equal(ask(&pamh, "  \n", &typed), CONVERSATION_ANSWERED);
    assert_int_equal(typed.length, 0);
}

static void an_answer_may_be_as_long_as_a_token_and_no_longer(void **state)
{
    (void)state;
    static char answer[C2M_TOKEN_MAX + 3];
    struct pam_handle pamh = {0};
    struct c2m_secret typed;
    memset(answer, 'a', C2M_TOKEN_MAX);
    answer[C2M_TOKEN_MAX] = '\n';
    assert_int_equal(ask(&pamh, answer, &typed), CONVERSATION_ANSWERED);
    assert_int_equal(typed.length, C2M_TOKEN_MAX);
    answer[C2M_TOKEN_MAX] = 'a';
    pamh = (struct pam_handle){0};
    assert_int_equal(ask(&pamh, answer, &typed), CONVERSATION_TOO_LONG);
    assert_int_equal(typed.length, 0);
    assert_int_equal(typed.bytes[0], 0);
}

/* fake_password() of OpenSSH's auth-pam.c, at every length that somebody may type. */
static void sshds_fake_answer_is_recognised_at_every_length(void **state)
{
    (void)state;
    static const char junk[] = "\b\n\r\177INCORRECT";
    for (size_t length = 1; length < 1024; length++) {
        char answer[1024];
        struct pam_handle pamh = {0};
        struct c2m_secret typed;
        for (size_t i = 0; i < length; i++)
            answer[i] = junk[i % (sizeof junk - 1)];
        answer[length] = '\0';
        assert_int_equal(ask(&pamh, answer, &typed), CONVERSATION_FAKE);
        assert_int_equal(typed.length, 0);
        answer[length] = 'x';
        answer[length + 1 < sizeof answer ? length + 1 : length] = '\0';
        pamh = (struct pam_handle){0};
        if (length + 1 < sizeof answer)
            assert_int_equal(ask(&pamh, answer, &typed), CONVERSATION_ANSWERED);
    }
    struct pam_handle pamh = {0};
    struct c2m_secret typed;
    assert_int_equal(ask(&pamh, "INCORRECT", &typed), CONVERSATION_ANSWERED);
}

static void a_failing_conversation_gives_nothing(void **state)
{
    (void)state;
    struct pam_handle pamh = {0};
    struct c2m_secret typed = {.length = 3, .bytes = "old"};
    assert_int_equal(ask(&pamh, NULL, &typed), CONVERSATION_FAILED);
    assert_int_equal(typed.length, 0);
    assert_int_equal(typed.bytes[0], 0);
    pamh = (struct pam_handle){.no_response = true};
    assert_int_equal(ask(&pamh, "x", &typed), CONVERSATION_FAILED);
    pamh = (struct pam_handle){.no_text = true};
    assert_int_equal(ask(&pamh, "x", &typed), CONVERSATION_FAILED);
    assert_int_equal(conversation_ask(NULL, "C2M token: ", &typed), CONVERSATION_FAILED);
}

static void the_applications_copy_is_wiped_before_it_is_freed(void **state)
{
    (void)state;
    static const char *const answers[] = {"eyJhbGciOiJSUzI1NiJ9.secret", "\b\n\r\177INCORRECT\b\n\r\177INCO"};
    for (size_t i = 0; i < 2; i++) {
        struct pam_handle pamh = {0};
        struct c2m_secret typed;
        watched_was_wiped = false;
        watched_length = strlen(answers[i]);
        ask(&pamh, answers[i], &typed);
        watched_length = 0;
        assert_true(watched_was_wiped);
    }
}

static void an_error_message_is_shown_as_one(void **state)
{
    (void)state;
    struct pam_handle pamh = {0};
    conversation_say(fake_conversation(&pamh), "C2M: not accepted.");
    assert_int_equal(pamh.messages, 1);
    assert_string_equal(pamh.told[0], "C2M: not accepted.");
    conversation_say(NULL, "nobody hears it");
}

static void an_application_may_have_no_conversation(void **state)
{
    (void)state;
    struct pam_handle deaf = {.deaf = true};
    struct pam_handle pamh = {0};
    fake_conversation(&deaf);
    assert_null(conversation_of(&deaf));
    fake_conversation(&pamh);
    assert_non_null(conversation_of(&pamh));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_answer_arrives_and_the_prompt_has_no_echo),
        cmocka_unit_test(blanks_around_a_paste_are_removed),
        cmocka_unit_test(an_empty_answer_is_an_answer),
        cmocka_unit_test(an_answer_may_be_as_long_as_a_token_and_no_longer),
        cmocka_unit_test(sshds_fake_answer_is_recognised_at_every_length),
        cmocka_unit_test(a_failing_conversation_gives_nothing),
        cmocka_unit_test(the_applications_copy_is_wiped_before_it_is_freed),
        cmocka_unit_test(an_error_message_is_shown_as_one),
        cmocka_unit_test(an_application_may_have_no_conversation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
