// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/let_in.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* The end of a session's time: which sessions it ends, and whose process is hung up. */
#include "login/expiry.h"

#include "let_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#define LONG_TOKEN "lt_0123456789"

static struct renewal *renewal;
static struct expiry *expiry;

static int set_up(void **state)
{
    int r = login_world_set_up(state);
    if (r == 0)
        r = renewal_new(&world.parts, &renewal);
    return r ? r : expiry_new(&world.parts, renewal, &expiry);
}

static int tear_down(void **state)
{
    expiry_free(expiry);
    renewal_free(renewal);
    return login_world_tear_down(state);
}

static unsigned active(void)
{
    return sessions_count(world.parts.sessions, C2M_SESSION_ACTIVE);
}

/* The signal is a real one: its process dies when it does. */
static bool hung_up(void)
{
    for (int i = 0; i < 200 && !said("reason=hung_up"); i++) {
        usleep(10000);
        turns();
    }
    return said("event=hangup ref=") && said("reason=hung_up user=alice");
}

static bool lives(const struct person *person)
{
    return kill(person->monitor.process.pid, 0) == 0 && !said("event=hangup");
}

static void a_login_whose_token_ran_out_stays_where_nothing_else_is_said(void **state)
{
    struct person person = let_in("sshd", ALICE, token_for("c2m_alice", "tok1", GOOD), "tok1");
    (void)state;
    time_passes(LIFE + 10);
    expiry_look(expiry);
    turns();
    assert_int_equal(active(), 1);
    assert_true(lives(&person));
}

static void with_hangup_it_is_closed_and_its_process_ended(void **state)
{
    (void)state;
    world.options.hang_up = true;
    let_in("sshd", ALICE, token_for("c2m_alice", "tok1", GOOD), "tok1");
    time_passes(LIFE - 1);
    expiry_look(expiry);
    assert_int_equal(active(), 1);
    time_passes(1);
    expiry_look(expiry);
    assert_int_equal(active(), 0);
    assert_true(said("reason=ran_out"));
    turns();
    assert_int_equal(tokens_held(), 0);
    assert_true(hung_up());
}

static void an_outage_ends_nobody_and_a_refusal_does(void **state)
{
    struct api_token answer = {.outcome = API_UNAVAILABLE, .reason = REASON_API_TIMEOUT, .retry_after = -1};
    (void)state;
    world.options.hang_up = true;
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    time_passes(LIFE + 10);
    renewal_look(renewal);
    fake_api_issue(1, NULL, &answer);
    turns();
    expiry_look(expiry);
    assert_int_equal(active(), 1);
    assert_true(lives(&person));
    time_passes(100);
    renewal_look(renewal);
    answer.outcome = API_REFUSED;
    answer.reason = REASON_API_REFUSED;
    fake_api_issue(2, NULL, &answer);
    turns();
    expiry_look(expiry);
    assert_int_equal(active(), 0);
    assert_true(hung_up());
}

static void what_sudo_runs_is_not_interrupted_for_its_token(void **state)
{
    (void)state;
    world.options.hang_up = true;
    struct person person = let_in("sudo", ALICE, token_for("c2m_alice", "tok1", GOOD), "tok1");
    time_passes(LIFE + 10);
    expiry_look(expiry);
    turns();
    assert_int_equal(active(), 1);
    assert_true(lives(&person));
}

static void max_session_closes_whatever_is_that_old(void **state)
{
    (void)state;
    world.options.max_session_ms = 100000;
    struct person person = let_in("sudo", ALICE, LONG_TOKEN, "tok1");
    time_passes(99);
    expiry_look(expiry);
    assert_int_equal(active(), 1);
    time_passes(1);
    expiry_look(expiry);
    assert_int_equal(active(), 0);
    assert_true(said("reason=max_session"));
    turns();
    assert_int_equal(tokens_held(), 0);
    assert_true(lives(&person)); /* on_expiry = keep */
}

static void max_session_is_counted_on_the_boot_clock(void **state)
{
    (void)state;
    world.options.max_session_ms = 100000;
    let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    fake_wall += 100000; /* the clock is set */
    expiry_look(expiry);
    assert_int_equal(active(), 1);
    fake_wall -= 200000;
    fake_boot_ms += 100000;
    expiry_look(expiry);
    assert_int_equal(active(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_login_whose_token_ran_out_stays_where_nothing_else_is_said),
        TEST(with_hangup_it_is_closed_and_its_process_ended),
        TEST(an_outage_ends_nobody_and_a_refusal_does),
        TEST(what_sudo_runs_is_not_interrupted_for_its_token),
        TEST(max_session_closes_whatever_is_that_old),
        TEST(max_session_is_counted_on_the_boot_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
