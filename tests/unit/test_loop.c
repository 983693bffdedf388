/* The loop: turns and their hook, timers. Descriptors and signals: test_loop_io.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/loop.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct loop *loop;
static struct loop_timer *timer;
static int fired, turns;

static int set_up(void **state)
{
    (void)state;
    fired = turns = 0;
    timer = NULL;
    return loop_new(&loop);
}

static int tear_down(void **state)
{
    (void)state;
    loop_timer_free(timer);
    loop_free(loop);
    return 0;
}

static void fire(void *argument)
{
    fired++;
    if (argument)
        loop_stop(argument);
}

static void count_turn(void *argument)
{
    (void)argument;
    turns++;
}

static void a_timer_fires_once_for_each_time_it_is_set(void **state)
{
    (void)state;
    assert_int_equal(loop_timer_new(loop, fire, NULL, &timer), 0);
    loop_turn(loop, 20);
    assert_int_equal(fired, 0);
    loop_timer_set(timer, 1);
    loop_turn(loop, 1000);
    loop_turn(loop, 20);
    assert_int_equal(fired, 1);
    loop_timer_set(timer, -5);
    loop_turn(loop, 1000);
    assert_int_equal(fired, 2);
}

static int64_t set_at;

/* A turn that takes its time, and sets the timer at its end: a clock that was read at its start would count it in. */
static void set_late(void *argument)
{
    usleep(15000);
    set_at = clock_boot_us();
    loop_timer_set(argument, 10);
}

static void a_timer_is_never_early(void **state)
{
    struct loop_timer *late;
    (void)state;
    assert_int_equal(loop_timer_new(loop, fire, NULL, &timer), 0);
    assert_int_equal(loop_timer_new(loop, set_late, timer, &late), 0);
    for (int i = 1; i <= 10; i++) {
        loop_timer_set(late, 0);
        loop_turn(loop, 1000);
        loop_turn(loop, 1000);
        assert_int_equal(fired, i);
        assert_in_range(clock_boot_us() - set_at, 10000, 500000);
    }
    loop_timer_free(late);
}

static void a_timer_that_is_set_again_counts_from_then(void **state)
{
    (void)state;
    assert_int_equal(loop_timer_new(loop, fire, NULL, &timer), 0);
    loop_timer_set(timer, 0);
    loop_timer_set(timer, 10000);
    loop_turn(loop, 20);
    assert_int_equal(fired, 0);
}

static void a_cleared_timer_is_not_pending_and_does_not_fire(void **state)
{
    (void)state;
    assert_int_equal(loop_timer_new(loop, fire, NULL, &timer), 0);
    assert_false(loop_timer_pending(timer));
    loop_timer_set(timer, 1);
    assert_true(loop_timer_pending(timer));
    loop_timer_clear(timer);
    assert_false(loop_timer_pending(timer));
    loop_turn(loop, 20);
    assert_int_equal(fired, 0);
}

static void free_timer(void *argument)
{
    (void)argument;
    fired++;
    loop_timer_free(timer);
    timer = NULL;
}

static void set_timer(void *argument)
{
    (void)argument;
    assert_false(loop_timer_pending(timer));
    if (++fired < 3)
        loop_timer_set(timer, 0);
}

static void a_timer_may_be_freed_by_its_own_callback(void **state)
{
    (void)state;
    assert_int_equal(loop_timer_new(loop, free_timer, NULL, &timer), 0);
    loop_timer_set(timer, 0);
    loop_turn(loop, 1000);
    assert_int_equal(fired, 1);
    assert_null(timer);
}

static void a_timer_may_be_set_by_its_own_callback_for_a_later_turn(void **state)
{
    (void)state;
    assert_int_equal(loop_timer_new(loop, set_timer, NULL, &timer), 0);
    loop_timer_set(timer, 0);
    for (int i = 1; i <= 3; i++) {
        loop_turn(loop, 1000);
        assert_int_equal(fired, i);
    }
}

static void a_timer_of_years_does_not_fire_now(void **state)
{
    (void)state;
    assert_int_equal(loop_timer_new(loop, fire, NULL, &timer), 0);
    loop_timer_set(timer, INT64_MAX);
    loop_turn(loop, 20);
    assert_int_equal(fired, 0);
}

static void the_hook_runs_before_the_first_wait_and_after_each_turn(void **state)
{
    (void)state;
    loop_set_turn_hook(loop, count_turn, NULL);
    loop_turn(loop, 0);
    assert_int_equal(turns, 2);
    loop_turn(loop, 1);
    assert_int_equal(turns, 3);
}

static void see_no_turn_yet(void *argument)
{
    (void)argument;
    fired++;
    assert_int_equal(turns, 1); /* the one before the first wait */
}

static void the_hook_runs_once_after_all_callbacks_of_a_wake_up(void **state)
{
    (void)state;
    struct loop_timer *other;
    assert_int_equal(loop_timer_new(loop, see_no_turn_yet, NULL, &timer), 0);
    assert_int_equal(loop_timer_new(loop, see_no_turn_yet, NULL, &other), 0);
    loop_set_turn_hook(loop, count_turn, NULL);
    loop_timer_set(timer, 0);
    loop_timer_set(other, 0);
    usleep(2000);
    loop_turn(loop, 1000);
    assert_int_equal(fired, 2);
    assert_int_equal(turns, 2);
    loop_timer_free(other);
}

static void a_run_ends_after_the_turn_in_which_it_is_stopped(void **state)
{
    (void)state;
    assert_int_equal(loop_timer_new(loop, fire, loop, &timer), 0);
    loop_set_turn_hook(loop, count_turn, NULL);
    loop_timer_set(timer, 5);
    assert_int_equal(loop_run(loop), 0);
    assert_int_equal(fired, 1);
    assert_int_equal(turns, 2);
    loop_timer_set(timer, 0);
    assert_int_equal(loop_run(loop), 0);
    assert_int_equal(fired, 2);
}

static void a_hook_may_stop_the_loop_before_it_waits(void **state)
{
    (void)state;
    loop_set_turn_hook(loop, fire, loop);
    alarm(5);
    assert_int_equal(loop_run(loop), 0);
    alarm(0);
    assert_int_equal(fired, 1);
}

static void a_run_without_anything_to_wait_for_sleeps(void **state)
{
    (void)state;
    struct rusage usage;
    pid_t child = fork();
    if (child == 0) {
        alarm(1);
        signal(SIGALRM, SIG_DFL);
        _exit(loop_run(loop) == 0 ? 1 : 2);
    }
    int status;
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
    assert_true(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec < 200000);
}

#define IN_A_LOOP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_LOOP(a_timer_fires_once_for_each_time_it_is_set),
        IN_A_LOOP(a_timer_is_never_early),
        IN_A_LOOP(a_timer_that_is_set_again_counts_from_then),
        IN_A_LOOP(a_cleared_timer_is_not_pending_and_does_not_fire),
        IN_A_LOOP(a_timer_may_be_freed_by_its_own_callback),
        IN_A_LOOP(a_timer_may_be_set_by_its_own_callback_for_a_later_turn),
        IN_A_LOOP(a_timer_of_years_does_not_fire_now),
        IN_A_LOOP(the_hook_runs_before_the_first_wait_and_after_each_turn),
        IN_A_LOOP(the_hook_runs_once_after_all_callbacks_of_a_wake_up),
        IN_A_LOOP(a_run_ends_after_the_turn_in_which_it_is_stopped),
        IN_A_LOOP(a_hook_may_stop_the_loop_before_it_waits),
        IN_A_LOOP(a_run_without_anything_to_wait_for_sleeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
