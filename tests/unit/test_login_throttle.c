// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* A login and the throttle: what is asked before anything is judged, and what is told when it is over. */
#include "login_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct api_token refusal = {
    .outcome = API_REFUSED, .reason = REASON_API_REFUSED, .retry_after = -1};

static struct person visitor; /* at sshd */
static struct process_facts alice_su, bob_su, alice_shell, bob_shell;

static int set_up(void **state)
{
    login_world_set_up(state);
    visitor = arrives();
    struct process_facts init = spawn_daemon();
    alice_shell = spawn_leader(&init, ALICE, PTS_3);
    alice_su = spawn_setuid(&alice_shell);
    bob_shell = spawn_leader(&init, BOB, PTS_4);
    bob_su = spawn_setuid(&bob_shell);
    return 0;
}

/* USER, at sshd from RHOST, or at su started by UID where RHOST is "". */
static void types(struct asked *asked, const char *user, const char *rhost, uint32_t uid, const char *typed)
{
    bool ssh = rhost[0], alice = uid == ALICE;
    const struct process_facts *su = alice ? &alice_su : &bob_su;
    const struct process_facts *shell = alice ? &alice_shell : &bob_shell;
    struct login_request request =
        request_of(ssh ? "sshd" : "su", user, strcmp(user, "alice") == 0 ? ALICE : MALLORY,
            ssh ? &visitor.authenticator : su, ssh ? &visitor.monitor : shell);
    snprintf(request.rhost, sizeof request.rhost, "%s", rhost);
    begin(asked, &request);
    type(asked, typed);
}

/* How many exchanges there were; *last is the last one. */
static unsigned exchanges(unsigned *last)
{
    unsigned count = 0;
    for (unsigned i = 0; i < fake_api_count(); i++) {
        if (fake_api_request(i)->kind != FAKE_EXCHANGE)
            continue;
        *last = i;
        count++;
    }
    return count;
}

static void expect(const char *user, const char *rhost, uint32_t uid, const char *typed,
    enum c2m_verdict_code verdict, enum reason reason, enum c2m_text text)
{
    struct asked asked;
    types(&asked, user, rhost, uid, typed);
    expect_verdict(&asked, verdict, reason, text);
    if (reason == REASON_THROTTLED)
        assert_in_range(asked.outcome.text_argument[0], 1, 900);
    finished(&asked);
}

static void guess(const char *user, const char *rhost, uint32_t uid, unsigned times)
{
    const char *forged = forged_for("c2m_alice", "tok1");
    while (times-- > 0)
        expect(user, rhost, uid, forged, C2M_DENIED, REASON_SIGNATURE, C2M_TEXT_NOT_ACCEPTED);
}

static void expect_throttled(const char *user, const char *rhost, uint32_t uid, const char *typed)
{
    expect(user, rhost, uid, typed, C2M_EXHAUSTED, REASON_THROTTLED, C2M_TEXT_WAIT);
}

static void expect_grant(const char *rhost, uint32_t uid)
{
    static unsigned number;
    char id[16];
    snprintf(id, sizeof id, "mine%u", number++);
    expect(
        "alice", rhost, uid, token_for("c2m_alice", id, GOOD), C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
}

static void who_guesses_too_often_is_told_to_wait_and_judged_no_more(void **state)
{
    (void)state;
    guess("alice", "192.0.2.66", 0, 10);
    expect_throttled("alice", "192.0.2.66", 0, token_for("c2m_alice", "tok2", GOOD));
    expect_throttled("alice", "192.0.2.66", 0, "lt_0123456789abcdef");
    assert_int_equal(fake_api_count(), 0);
    fake_boot_ms += 30000;
    expect_grant("192.0.2.66", 0);
}

static void a_right_token_after_nine_wrong_ones_gets_in(void **state)
{
    (void)state;
    guess("alice", "192.0.2.66", 0, 9);
    expect_grant("192.0.2.66", 0);
    guess("alice", "192.0.2.66", 0, 9);
    expect_grant("192.0.2.66", 0);
}

static void an_attacker_elsewhere_locks_nobody_out(void **state)
{
    (void)state;
    guess("alice", "192.0.2.66", 0, 10);
    guess("alice", "", BOB, 10); /* su alice */
    expect_throttled("alice", "", BOB, token_for("c2m_alice", "tok2", GOOD));
    expect_grant("192.0.2.7", 0);
    expect_grant("", ALICE);
}

static void what_is_no_credential_does_not_count(void **state)
{
    static const char *const typed[] = {"hunter2", "", "123456", "eyJhbGciOi"};
    (void)state;
    for (int i = 0; i < 40; i++) {
        struct asked asked;
        types(&asked, "alice", "192.0.2.7", 0, typed[i % 4]);
        assert_int_equal(asked.outcome.verdict, C2M_DENIED);
        finished(&asked);
    }
    expect_grant("192.0.2.7", 0);
}

static void what_the_api_refuses_is_a_guess_as_well(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        char guess[32];
        struct asked asked;
        snprintf(guess, sizeof guess, "lt_0123456789%u", i);
        types(&asked, "alice", "192.0.2.66", 0, guess);
        fake_api_issue(i, NULL, &refusal);
        expect_verdict(&asked, C2M_DENIED, REASON_API_REFUSED, C2M_TEXT_NOT_ACCEPTED);
        finished(&asked);
    }
    expect_throttled("alice", "192.0.2.66", 0, token_for("c2m_alice", "tok1", GOOD));
}

static void a_wrong_long_token_is_refused_again_without_a_request(void **state)
{
    struct asked asked;
    (void)state;
    types(&asked, "alice", "192.0.2.7", 0, "lt_0123456789abcdef");
    fake_api_issue(0, NULL, &refusal);
    turns();
    finished(&asked);
    for (int i = 0; i < 3; i++)
        expect("alice", "192.0.2.7", 0, "lt_0123456789abcdef", C2M_DENIED, REASON_API_REFUSED,
            C2M_TEXT_NOT_ACCEPTED);
    assert_int_equal(fake_api_count(), 1);
    fake_boot_ms += 30000;
    types(&asked, "alice", "192.0.2.7", 0, "lt_0123456789abcdef");
    assert_int_equal(fake_api_count(), 2);
    finished(&asked);
}

static void after_an_outage_the_same_long_token_is_tried_at_once(void **state)
{
    static const struct api_token outage = {
        .outcome = API_UNAVAILABLE, .reason = REASON_API_TIMEOUT, .retry_after = -1};
    struct asked asked;
    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        types(&asked, "alice", "192.0.2.7", 0, "lt_0123456789abcdef");
        assert_int_equal(fake_api_count(), i + 1);
        fake_api_issue(i, NULL, &outage);
        turns();
        expect_verdict(&asked, C2M_UNAVAILABLE, REASON_API_TIMEOUT, C2M_TEXT_UNREACHABLE);
        finished(&asked);
    }
    expect_grant("192.0.2.7", 0);
}

static void hanging_up_before_the_answer_counts(void **state)
{
    char typed[32];
    struct asked asked;
    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        snprintf(typed, sizeof typed, "lt_0123456789abcde%u", i);
        types(&asked, "alice", "192.0.2.66", 0, typed);
        assert_int_equal(fake_api_count(), i + 1);
        finished(&asked);
    }
    expect_throttled("alice", "192.0.2.66", 0, "lt_another");
}

static void the_exchange_goes_by_the_lane_that_was_earned(void **state)
{
    struct asked asked;
    unsigned last = 0;
    (void)state;
    guess("alice", "192.0.2.66", 0, 1);
    types(&asked, "alice", "192.0.2.66", 0, "lt_0123456789abcdef");
    assert_int_equal(exchanges(&last), 1);
    assert_int_equal(fake_api_request(last)->lane, BUDGET_SUSPECT);
    finished(&asked);
    expect_grant("192.0.2.7", 0);
    types(&asked, "alice", "192.0.2.7", 0, "lt_0123456789abcdef");
    assert_int_equal(exchanges(&last), 2);
    assert_int_equal(fake_api_request(last)->lane, BUDGET_LOGIN);
    finished(&asked);
}

static void who_waits_cannot_tell_whether_he_is_mapped(void **state)
{
    (void)state;
    world.options.unmapped_deny = true;
    for (int i = 0; i < 2; i++) {
        const char *user = i ? "mallory" : "alice";
        for (int n = 0; n < 10; n++)
            expect(user, "192.0.2.66", 0, forged_for("c2m_alice", "tok1"), C2M_DENIED,
                i ? REASON_UNMAPPED : REASON_SIGNATURE, C2M_TEXT_NOT_ACCEPTED);
        expect_throttled(user, "192.0.2.66", 0, "lt_0123456789abcdef");
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, login_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_guesses_too_often_is_told_to_wait_and_judged_no_more),
        TEST(a_right_token_after_nine_wrong_ones_gets_in),
        TEST(an_attacker_elsewhere_locks_nobody_out),
        TEST(what_is_no_credential_does_not_count),
        TEST(what_the_api_refuses_is_a_guess_as_well),
        TEST(a_wrong_long_token_is_refused_again_without_a_request),
        TEST(after_an_outage_the_same_long_token_is_tried_at_once),
        TEST(hanging_up_before_the_answer_counts),
        TEST(the_exchange_goes_by_the_lane_that_was_earned),
        TEST(who_waits_cannot_tell_whether_he_is_mapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
