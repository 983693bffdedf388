// fakes: call helper kernel pam
// link: -Wl,--wrap=getsockopt,--wrap=geteuid,--wrap=getpwnam_r,--wrap=c2m_deadline_in
/* The talk of the module with a helper that is absent, slow, broken, hostile, or restarted. */
#include "fakes/call.h"

#include <errno.h>
#include <security/pam_modules.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <cmocka.h>

#define SERVED_BY(...) ((fake_service *const[]){__VA_ARGS__, NULL})

static int authenticate(fake_service *const *services)
{
    return call_with(pam_sm_authenticate, "", 0, services);
}

static void a_token_that_the_helper_grants_is_a_success(void **state)
{
    (void)state;
    assert_int_equal(authenticate(SERVED_BY(grants_after_a_prompt)), PAM_SUCCESS);
    assert_string_equal(helper.typed, "eyJ.a.b");
    assert_string_equal(pamh.asked[0], "C2M token: ");
    assert_int_equal(pamh.prompts, 1);
    assert_string_equal(pamh.log, "");
}

static void a_token_that_the_helper_denies_is_an_error_with_its_reason(void **state)
{
    (void)state;
    assert_int_equal(authenticate(SERVED_BY(denies_after_a_prompt)), PAM_AUTH_ERR);
    assert_string_equal(pamh.told[0], "C2M: not accepted (ref 7f3a91c2).");
    assert_non_null(
        strstr(pamh.log, "event=authenticate verdict=denied ref=7f3a91c2 user=alice service=sshd"));
}

static void a_grant_without_a_prompt_is_refused(void **state)
{
    (void)state;
    assert_int_equal(authenticate(SERVED_BY(grants_at_once)), PAM_AUTH_ERR);
    assert_non_null(strstr(pamh.log, "reason=no_prompt"));
    assert_int_equal(pamh.prompts, 0);
}

/* The answer was never sent: the grant came while the user was still typing. */
static void grants_while_it_asks(struct fake_helper *served, int fd)
{
    struct c2m_prompt prompt = plain_prompt();
    fake_read(served, fd);
    fake_verdict(served, fd, verdict_on(served, C2M_GRANTED, 1));
    fake_send(served, fd, C2M_PROMPT, &prompt, sizeof prompt);
}

static void a_grant_before_the_answer_is_refused(void **state)
{
    (void)state;
    assert_int_equal(authenticate(SERVED_BY(grants_while_it_asks)), PAM_AUTH_ERR);
}

static void repeats_the_reason(struct fake_helper *served, int fd)
{
    struct c2m_prompt prompt = plain_prompt();
    prompt.reason = C2M_TEXT_NOT_ACCEPTED;
    fake_read(served, fd);
    fake_prompt(served, fd, prompt);
}

static void the_reason_of_the_last_refusal_stands_in_the_prompt(void **state)
{
    (void)state;
    authenticate(SERVED_BY(repeats_the_reason, hangs_up));
    assert_string_equal(pamh.asked[0], "C2M: not accepted (ref 7f3a91c2). C2M token: ");
}

static void asks_nonsense(struct fake_helper *served, int fd)
{
    struct c2m_prompt prompt = plain_prompt();
    prompt.prompt = 17;
    fake_read(served, fd);
    fake_prompt(served, fd, prompt);
}

static void asks_with_escapes(struct fake_helper *served, int fd)
{
    struct c2m_prompt prompt = plain_prompt();
    memcpy(prompt.reference, "\x1b]0;x\a\n", C2M_REFERENCE_SIZE);
    fake_read(served, fd);
    fake_prompt(served, fd, prompt);
}

static void gives_a_reason_with_escapes(struct fake_helper *served, int fd)
{
    struct c2m_prompt prompt = plain_prompt();
    prompt.reason = C2M_TEXT_NOT_ACCEPTED;
    memcpy(prompt.reference, "\x1b]0;x\a\n", C2M_REFERENCE_SIZE);
    fake_read(served, fd);
    fake_prompt(served, fd, prompt);
}

static void answers_the_wrong_operation(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    struct c2m_verdict verdict = verdict_on(served, C2M_IGNORE, 0);
    verdict.operation = C2M_OPEN;
    fake_verdict(served, fd, verdict);
}

static void answers_with_another_nonce(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    served->got.header.nonce[3] ^= 1;
    fake_verdict(served, fd, verdict_on(served, C2M_IGNORE, 0));
}

static void answers_an_unknown_verdict(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    fake_verdict(served, fd, verdict_on(served, 0, 0));
}

static void answers_a_list(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    fake_send(served, fd, C2M_END, NULL, 0);
}

static void answers_garbage(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    send(fd, "nonsense", 8, MSG_NOSIGNAL);
}

static void a_protocol_that_is_broken_is_an_outage(void **state)
{
    static fake_service *const broken[] = {asks_nonsense, asks_with_escapes, gives_a_reason_with_escapes,
        answers_the_wrong_operation, answers_with_another_nonce, answers_an_unknown_verdict, answers_a_list,
        answers_garbage};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        call_reset(state);
        assert_int_equal(authenticate(SERVED_BY(broken[i])), PAM_AUTHINFO_UNAVAIL);
        assert_int_equal(pamh.prompts, 0);
        assert_int_equal(call_with(pam_sm_acct_mgmt, "", 0, SERVED_BY(broken[i])), PAM_AUTHINFO_UNAVAIL);
    }
}

static void a_folder_that_is_none_is_an_outage(void **state)
{
    const char *argv[] = {"runtime_dir=/dev/null"};
    (void)state;
    assert_int_equal(pam_sm_authenticate(&pamh, 0, 1, argv), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(pam_sm_open_session(&pamh, 0, 1, argv), PAM_SESSION_ERR);
    assert_non_null(strstr(pamh.log, "reason=helper_error error=ENOTDIR"));
}

static void a_helper_that_hangs_up_is_an_outage(void **state)
{
    (void)state;
    assert_int_equal(authenticate(SERVED_BY(hangs_up)), PAM_AUTHINFO_UNAVAIL);
    assert_non_null(strstr(pamh.log, "reason=helper_gone error=ECONNRESET"));
    assert_int_equal(pamh.messages, 0);
}

static void a_socket_that_is_not_roots_is_an_outage(void **state)
{
    (void)state;
    fake_listener = 1001;
    assert_int_equal(authenticate(SERVED_BY(grants_after_a_prompt)), PAM_AUTHINFO_UNAVAIL);
    assert_non_null(strstr(pamh.log, "reason=helper_not_root error=EPERM"));
    assert_int_equal(pamh.prompts, 0);
}

static void says_nothing(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    fake_read(served, fd);
}

static void says_nothing_after_the_answer(struct fake_helper *served, int fd)
{
    hangs_up_after_the_answer(served, fd);
    fake_read(served, fd);
}

static long ms_of(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - from->tv_sec) * 1000 + (now.tv_nsec - from->tv_nsec) / 1000000;
}

static void a_silent_helper_is_an_outage_at_the_deadline(void **state)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_int_equal(authenticate(SERVED_BY(says_nothing)), PAM_AUTHINFO_UNAVAIL);
    assert_in_range(ms_of(&start), C2M_FIRST_ANSWER_MS / 20 - 2, C2M_FIRST_ANSWER_MS / 20 + 200);
    assert_non_null(strstr(pamh.log, "reason=helper_silent"));
    call_reset(state);
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_int_equal(authenticate(SERVED_BY(says_nothing_after_the_answer)), PAM_AUTHINFO_UNAVAIL);
    assert_in_range(ms_of(&start), (C2M_DEADLINE_MS + 200) / 20 - 2, (C2M_DEADLINE_MS + 200) / 20 + 200);
    assert_string_equal(pamh.told[0], "C2M is unreachable; use your local password.");
}

static void sshds_fake_answer_never_reaches_the_helper(void **state)
{
    (void)state;
    pamh.answers[0] = "\b\n\r\177INCORRECT\b\n\r\177";
    assert_int_equal(authenticate(SERVED_BY(grants_after_a_prompt)), PAM_AUTH_ERR);
    assert_int_equal(helper.answers, 0);
}

static void an_answer_that_is_too_long_never_reaches_the_helper(void **state)
{
    (void)state;
    static char answer[C2M_TOKEN_MAX + 2];
    memset(answer, 'a', sizeof answer - 1);
    pamh.answers[0] = answer;
    assert_int_equal(authenticate(SERVED_BY(grants_after_a_prompt)), PAM_AUTH_ERR);
    assert_int_equal(helper.answers, 0);
    assert_non_null(strstr(pamh.log, "reason=too_long"));
}

static void a_conversation_that_fails_is_said_so(void **state)
{
    (void)state;
    pamh.answers[0] = NULL;
    assert_int_equal(authenticate(SERVED_BY(grants_after_a_prompt)), PAM_CONV_ERR);
    assert_int_equal(helper.answers, 0);
}

static void prompts_nobody(struct fake_helper *served, int fd)
{
    struct c2m_prompt prompt = plain_prompt();
    fake_read(served, fd);
    assert_int_equal(served->got.body.request.flags & C2M_CAN_ASK, 0);
    fake_prompt(served, fd, prompt);
    fake_verdict(served, fd, verdict_on(served, C2M_GRANTED, 1));
}

static void without_a_conversation_nobody_is_asked(void **state)
{
    (void)state;
    pamh.deaf = true;
    assert_int_equal(authenticate(SERVED_BY(ignores)), PAM_IGNORE);
    assert_int_equal(helper.got.body.request.flags, 0);
    assert_int_equal(authenticate(SERVED_BY(prompts_nobody)), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(authenticate(SERVED_BY(grants_at_once)), PAM_AUTH_ERR);
}

static void only_authenticate_asks(void **state)
{
    (void)state;
    static entry_point *const others[] = {pam_sm_acct_mgmt, pam_sm_open_session, pam_sm_close_session};
    for (int i = 0; i < 3; i++) {
        int code = call_with(others[i], "", 0, SERVED_BY(prompts_nobody));
        assert_int_equal(code, i == 0 ? PAM_AUTHINFO_UNAVAIL : PAM_SESSION_ERR);
        assert_int_equal(pamh.prompts, 0);
    }
}

static void expects_what_was_carried(struct fake_helper *served, int fd)
{
    helper.typed[0] = '\0';
    grants_after_a_prompt(served, fd);
}

static void notes_the_flag(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    if ((served->got.body.request.flags & C2M_CARRIED) == 0)
        return;
    if (fake_prompt(served, fd, plain_prompt())) {
        struct c2m_verdict verdict = verdict_on(served, C2M_GRANTED, 1);
        verdict.operation = C2M_AUTHENTICATE;
        fake_verdict(served, fd, verdict);
    }
}

static void a_restart_during_the_prompt_costs_no_second_prompt(void **state)
{
    assert_int_equal(
        authenticate(SERVED_BY(hangs_up_after_the_answer, expects_what_was_carried)), PAM_SUCCESS);
    assert_int_equal(pamh.prompts, 1);
    assert_int_equal(helper.answers, 2);
    assert_string_equal(helper.typed, "eyJ.a.b");
    call_reset(state);
    assert_int_equal(authenticate(SERVED_BY(hangs_up_after_the_answer, notes_the_flag)), PAM_SUCCESS);
}

/* Long enough for several looks at its socket. */
static void a_helper_that_needs_a_moment_to_restart_is_waited_for(void **state)
{
    for (int stale = 0; stale < 2; stale++) {
        call_reset(state);
        call_haste = 1;
        helper.gap_ms = 120;
        helper.stale = stale;
        assert_int_equal(
            authenticate(SERVED_BY(hangs_up_after_the_answer, expects_what_was_carried)), PAM_SUCCESS);
        assert_int_equal(pamh.prompts, 1);
        assert_string_equal(helper.typed, "eyJ.a.b");
    }
}

static void a_helper_that_does_not_come_back_is_an_outage_within_the_deadline(void **state)
{
    struct timespec start;
    (void)state;
    helper.gap_ms = 1;
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_int_equal(authenticate(SERVED_BY(hangs_up_after_the_answer)), PAM_AUTHINFO_UNAVAIL);
    assert_in_range(ms_of(&start), 0, C2M_FIRST_ANSWER_MS / 20 + 200);
    assert_non_null(strstr(pamh.log, "reason=helper_absent error=ENOENT"));
    assert_string_equal(pamh.told[0], "C2M is unreachable; use your local password.");
}

static void a_restarted_helper_that_does_not_ask_grants_nothing(void **state)
{
    (void)state;
    assert_int_equal(authenticate(SERVED_BY(hangs_up_after_the_answer, grants_at_once)), PAM_AUTH_ERR);
}

static void a_second_restart_is_an_outage(void **state)
{
    (void)state;
    assert_int_equal(
        authenticate(SERVED_BY(hangs_up_after_the_answer, hangs_up_after_the_answer, grants_after_a_prompt)),
        PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(helper.served, 2);
    assert_int_equal(pamh.prompts, 1);
}

static void loses_the_second_part(struct fake_helper *served, int fd)
{
    struct c2m_prompt part = plain_prompt();
    fake_read(served, fd);
    fake_prompt(served, fd, part);
    part.prompt = C2M_TEXT_ASK_PART;
    part.prompt_argument[0] = 2;
    part.prompt_argument[1] = 2;
    fake_prompt(served, fd, part);
}

static void a_later_part_is_not_carried(void **state)
{
    (void)state;
    pamh.answers[1] = "the rest";
    assert_int_equal(
        authenticate(SERVED_BY(loses_the_second_part, grants_after_a_prompt)), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(helper.served, 1);
    assert_string_equal(pamh.asked[1], "C2M token, part 2 of 2: ");
}

static void asks_for_thirty_two_parts(struct fake_helper *served, int fd)
{
    struct c2m_prompt part = plain_prompt();
    fake_read(served, fd);
    fake_prompt(served, fd, part);
    part.prompt = C2M_TEXT_ASK_PART;
    part.prompt_argument[1] = 32;
    for (part.prompt_argument[0] = 2; part.prompt_argument[0] <= 32; part.prompt_argument[0]++)
        fake_prompt(served, fd, part);
    struct c2m_verdict verdict = verdict_on(served, C2M_GRANTED, 32);
    verdict.operation = C2M_AUTHENTICATE;
    fake_verdict(served, fd, verdict);
}

static void thirty_two_parts_are_asked_for(void **state)
{
    (void)state;
    for (int i = 0; i < FAKE_MESSAGES; i++)
        pamh.answers[i] = "part";
    assert_int_equal(authenticate(SERVED_BY(asks_for_thirty_two_parts)), PAM_SUCCESS);
    assert_int_equal(pamh.prompts, 32);
    assert_string_equal(pamh.asked[31], "C2M token, part 32 of 32: ");
}

static void asks_for_ever(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    while (fake_prompt(served, fd, plain_prompt()))
        continue;
}

static void a_helper_that_asks_for_ever_is_left_after_thirty_two_prompts(void **state)
{
    (void)state;
    for (int i = 0; i < FAKE_MESSAGES; i++)
        pamh.answers[i] = "part";
    assert_int_equal(authenticate(SERVED_BY(asks_for_ever)), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(pamh.prompts, 32);
}

static void what_was_typed_is_never_logged(void **state)
{
    static fake_service *const services[] = {
        grants_after_a_prompt, denies_after_a_prompt, hangs_up_after_the_answer, asks_for_ever};
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        call_reset(state);
        call_with(pam_sm_authenticate, "debug", 0, SERVED_BY(services[i]));
        assert_string_not_equal(pamh.log, "");
        assert_null(strstr(pamh.log, "eyJ"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_token_that_the_helper_grants_is_a_success, call_reset),
        cmocka_unit_test_setup(a_token_that_the_helper_denies_is_an_error_with_its_reason, call_reset),
        cmocka_unit_test_setup(a_grant_without_a_prompt_is_refused, call_reset),
        cmocka_unit_test_setup(a_grant_before_the_answer_is_refused, call_reset),
        cmocka_unit_test_setup(the_reason_of_the_last_refusal_stands_in_the_prompt, call_reset),
        cmocka_unit_test_setup(a_protocol_that_is_broken_is_an_outage, call_reset),
        cmocka_unit_test_setup(a_folder_that_is_none_is_an_outage, call_reset),
        cmocka_unit_test_setup(a_helper_that_hangs_up_is_an_outage, call_reset),
        cmocka_unit_test_setup(a_socket_that_is_not_roots_is_an_outage, call_reset),
        cmocka_unit_test_setup(a_silent_helper_is_an_outage_at_the_deadline, call_reset),
        cmocka_unit_test_setup(sshds_fake_answer_never_reaches_the_helper, call_reset),
        cmocka_unit_test_setup(an_answer_that_is_too_long_never_reaches_the_helper, call_reset),
        cmocka_unit_test_setup(a_conversation_that_fails_is_said_so, call_reset),
        cmocka_unit_test_setup(without_a_conversation_nobody_is_asked, call_reset),
        cmocka_unit_test_setup(only_authenticate_asks, call_reset),
        cmocka_unit_test_setup(a_restart_during_the_prompt_costs_no_second_prompt, call_reset),
        cmocka_unit_test_setup(a_helper_that_needs_a_moment_to_restart_is_waited_for, call_reset),
        cmocka_unit_test_setup(a_helper_that_does_not_come_back_is_an_outage_within_the_deadline, call_reset),
        cmocka_unit_test_setup(a_restarted_helper_that_does_not_ask_grants_nothing, call_reset),
        cmocka_unit_test_setup(a_second_restart_is_an_outage, call_reset),
        cmocka_unit_test_setup(a_later_part_is_not_carried, call_reset),
        cmocka_unit_test_setup(thirty_two_parts_are_asked_for, call_reset),
        cmocka_unit_test_setup(a_helper_that_asks_for_ever_is_left_after_thirty_two_prompts, call_reset),
        cmocka_unit_test_setup(what_was_typed_is_never_logged, call_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
