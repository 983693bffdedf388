// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* A thousand long-lived revocations at a service that allows ten requests a minute, with the real budget. */
#include "revocation_world.h"

#include "token/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BACKLOG = 1000, PER_MINUTE = 10, SHARE = 2, LOGINS_SHARE = 4, WINDOW_S = 61 };

static struct budget *budget;
static unsigned done, disordered;
static int64_t last_expiry;

static unsigned number_of(const char *token_id)
{
    unsigned number = 0;
    assert_int_equal(sscanf(token_id, "tok_%u", &number), 1);
    return number;
}

static int64_t expiry_of(unsigned number)
{
    return NOW + LONG_LIFE + (number * 7919 % BACKLOG) * 3600;
}

/* As token/api_call.c does: what the budget does not let out is not sent. */
static void limited(const struct fake_request *request, struct api_revocation *answer)
{
    int64_t wait = budget_take(budget, BUDGET_REVOCATION);
    if (wait > 0) {
        answer->limited = true;
        answer->reason = REASON_API_LIMITED;
        answer->retry_after = (wait + 999) / 1000;
        return;
    }
    answer->status = 204;
    done++;
    disordered += expiry_of(number_of(request->token_id)) < last_expiry;
    last_expiry = expiry_of(number_of(request->token_id));
}

static void order_all(void)
{
    char id[16];
    disk_is_lazy = true;
    done = disordered = 0;
    last_expiry = 0;
    assert_int_equal(budget_new(PER_MINUTE, &budget), 0);
    for (unsigned i = 0; i < BACKLOG; i++) {
        snprintf(id, sizeof id, "tok_%u", i);
        ASK(id, .self = "short", .is_long = true, .expires = expiry_of(i));
    }
}

/* Another second, in which LOGINS people try to log in; returns how many could. */
static unsigned second(unsigned logins)
{
    unsigned served = 0;
    for (unsigned i = 0; i < logins; i++)
        served += budget_take(budget, BUDGET_LOGIN) == 0;
    fake_loop_pass(world.loop, 1000);
    while (fake_api_serve(limited) > 0)
        world_turn();
    return served;
}

static void unused_shares_are_lent_and_a_backlog_drains_in_105_minutes(void **state)
{
    unsigned seconds = 0;
    (void)state;
    order_all();
    while (done < BACKLOG && seconds < 200 * 60) {
        second(0);
        seconds++;
    }
    print_message("%u revocations at %d a minute: %u s\n", done, PER_MINUTE, seconds);
    assert_int_equal(done, BACKLOG);
    assert_in_range(seconds, 1, 105 * 60);
    assert_in_range(
        disordered, 0, 8); /* soonest useful first: all but those that began before all were asked */
    budget_free(budget);
    disk_is_lazy = false;
}

static void under_a_flood_of_logins_it_keeps_its_share_and_they_keep_theirs(void **state)
{
    enum { MINUTES = 60 };
    unsigned logins = 0;
    (void)state;
    order_all();
    for (unsigned i = 0; i < MINUTES * 60; i++)
        logins += second(1);
    print_message("%u revocations and %u logins in %d minutes\n", done, logins, MINUTES);
    /* a minute until what was lent is back */
    assert_true(done >= (MINUTES - 1) * 60 / WINDOW_S * SHARE);
    assert_true(logins >= (MINUTES - 1) * 60 / WINDOW_S * LOGINS_SHARE);
    assert_true(done + logins <= (MINUTES * 60 / WINDOW_S + 1) * PER_MINUTE);
    budget_free(budget);
    disk_is_lazy = false;
}

static void logins_that_come_after_an_hour_without_any_wait_for_a_slot_each(void **state)
{
    unsigned waited = 0;
    (void)state;
    order_all();
    for (unsigned i = 0; i < 3600; i++)
        second(0);
    for (unsigned login = 1; login <= LOGINS_SHARE; login++) {
        while (second(1) == 0)
            waited++;
        assert_in_range(waited, 0, login * WINDOW_S / PER_MINUTE + 1);
    }
    budget_free(budget);
    disk_is_lazy = false;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unused_shares_are_lent_and_a_backlog_drains_in_105_minutes),
        TEST(under_a_flood_of_logins_it_keeps_its_share_and_they_keep_theirs),
        TEST(logins_that_come_after_an_hour_without_any_wait_for_a_slot_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
