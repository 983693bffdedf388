// fakes: clock loop http_server
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/guessing.c tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* Ten minutes of guessing, 600 times a minute, in simulated time: what it costs, and whom it keeps out. */
#include "guessing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { MINUTES = 10, GUESSES = MINUTES * MINUTE_STEPS };

static void both_were_here_before(void)
{
    one_logs_in(0);
    one_logs_in(1);
    pass(10000);
    assert_int_equal(guessing.granted, 2);
}

static void who_is_honest_got_in(unsigned logins)
{
    print_message("%u honest logins: %u granted, %u unavailable; %u guesses: %u sent, %u told to wait\n",
        guessing.honest, guessing.granted, guessing.unavailable, (unsigned)GUESSES, guessing.server.guesses,
        guessing.throttled);
    print_message("%u requests: %u exchanges, %u revocations\n", fake_http_count(), guessing.server.exchanges,
        guessing.server.revocations);
    no_minute_held_more_than_the_limit();
    assert_int_equal(guessing.honest, logins);
    assert_true(100 * guessing.granted >= 99 * guessing.honest);
    assert_int_equal(guessing.granted + guessing.unavailable, guessing.honest); /* nobody was refused */
}

static void guessers_cost_no_more_than_the_budget_and_keep_nobody_out(void **state)
{
    (void)state;
    both_were_here_before();
    for (unsigned step = 0; step < GUESSES; step++) {
        one_guesses(step, 50, 2);
        if (step % 50 == 25)
            one_logs_in(2 + step / 50);
        pass(STEP_MS);
    }
    pass(20000);
    who_is_honest_got_in(2 + 12 * MINUTES);
}

/* Long tokens, codes, secrets, forged short ones, and the same as somebody who is not mapped. */
static void one_guesses_anything(unsigned number, const char *forged)
{
    static const char *const users[] = {"alice", "bob", "carol"};
    char rhost[32], long_one[32], code[32], secret[32];
    const char *const typed[] = {long_one, code, secret, forged};
    snprintf(rhost, sizeof rhost, "198.51.100.%u", number % 50);
    snprintf(long_one, sizeof long_one, "lt_guess_%u", number);
    snprintf(code, sizeof code, "%06u", number);
    snprintf(secret, sizeof secret, "a-secret-%u", number);
    guess(users[number / 50 % 3], rhost, typed[number / 150 % 4]);
}

static void whatever_is_guessed_costs_no_more_and_keeps_nobody_out(void **state)
{
    (void)state;
    const char *forged = forged_for("c2m_alice", "forged");
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE | 1u << C2M_FORM_SECRET;
    world.policy.login.accept[POLICY_REMOTE] |= 1u << C2M_FORM_CODE | 1u << C2M_FORM_SECRET;
    world.options.unmapped_deny = true;
    both_were_here_before();
    for (unsigned step = 0; step < GUESSES; step++) {
        one_guesses_anything(step, forged);
        if (step % 50 == 25)
            one_logs_in(2 + step / 50);
        pass(STEP_MS);
    }
    pass(20000);
    who_is_honest_got_in(2 + 12 * MINUTES);
}

/* Each from an address of its own: nobody waits, the strangers' share and what is lent are used up. */
static void from_six_thousand_addresses_they_keep_out_nobody_who_was_here_before(void **state)
{
    (void)state;
    both_were_here_before();
    for (unsigned step = 0; step < GUESSES; step++) {
        one_guesses(step, GUESSES, 1);
        if (step % 50 == 25 && step / 50 % 12 != 3) /* all but those from new places */
            one_logs_in(2 + step / 50);
        pass(STEP_MS);
    }
    pass(20000);
    assert_int_equal(guessing.throttled, 0);
    who_is_honest_got_in(2 + 11 * MINUTES);
    assert_int_equal(guessing.granted, guessing.honest);
}

static void one_who_guesses_at_one_user_costs_a_handful_of_requests(void **state)
{
    (void)state;
    for (unsigned step = 0; step < GUESSES; step++) {
        one_guesses(step, 1, 1);
        pass(STEP_MS);
    }
    assert_in_range(guessing.server.guesses, 10, 15); /* ten, and one after 30, 60, 120 and 240 s */
    assert_int_equal(fake_http_count(), guessing.server.guesses);
    assert_int_equal(guessing.throttled, GUESSES - guessing.server.guesses);
}

/* Twice a second; alice comes to her own su and to sshd by long tokens, each time from where she never was. */
static void bobs_su_alice_locks_alice_out_nowhere(void **state)
{
    (void)state;
    char typed[32], rhost[32];
    struct process_facts init = spawn_daemon(), bobs_shell = spawn_leader(&init, BOB, PTS_4),
                         bobs_su = spawn_setuid(&bobs_shell), shell = spawn_leader(&init, ALICE, PTS_3),
                         su = spawn_setuid(&shell);
    const struct attempt bobs = {"su", "alice", "", &bobs_su, &bobs_shell, false},
                         own = {"su", "alice", "", &su, &shell, true};
    for (unsigned step = 0; step < MINUTES * 120; step++) {
        snprintf(typed, sizeof typed, "lt_guess_%u", step);
        attempt_start(&bobs, typed);
        snprintf(typed, sizeof typed, "lt_c2m_alice_%u", step);
        snprintf(rhost, sizeof rhost, "203.0.113.%u", step / 60);
        if (step % 60 == 20)
            attempt_start(&own, typed);
        if (step % 60 == 50)
            enters("alice", rhost, typed);
        pass(500);
    }
    assert_in_range(guessing.server.guesses, 10, 15);
    assert_int_equal(guessing.throttled, MINUTES * 120 - guessing.server.guesses);
    assert_int_equal(guessing.honest, 4 * MINUTES);
    assert_int_equal(guessing.granted, guessing.honest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, guessing_set_up, guessing_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(guessers_cost_no_more_than_the_budget_and_keep_nobody_out),
        TEST(whatever_is_guessed_costs_no_more_and_keeps_nobody_out),
        TEST(from_six_thousand_addresses_they_keep_out_nobody_who_was_here_before),
        TEST(one_who_guesses_at_one_user_costs_a_handful_of_requests),
        TEST(bobs_su_alice_locks_alice_out_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
