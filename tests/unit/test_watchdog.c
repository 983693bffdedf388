// fakes: clock loop
// link: -Wl,--wrap=ready_tell
/* The service manager hears twice in its time that the loop turns, and only where it asked this process. */
#include "watchdog.h"

#include "fakes/loop.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static unsigned told;

void __wrap_ready_tell(const char *state)
{
    assert_string_equal(state, "WATCHDOG=1");
    told++;
}

static void says(const char *usec, long pid)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", pid);
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    if (usec)
        setenv("WATCHDOG_USEC", usec, 1);
    if (pid)
        setenv("WATCHDOG_PID", text, 1);
    told = 0;
}

static void it_hears_twice_in_its_time(void **state)
{
    struct loop *loop;
    struct watchdog *watchdog;
    (void)state;
    says("30000000", getpid());
    assert_int_equal(loop_new(&loop), 0);
    assert_int_equal(watchdog_new(loop, &watchdog), 0);
    assert_non_null(watchdog);
    fake_loop_pass(loop, 14999);
    assert_int_equal(told, 0);
    fake_loop_pass(loop, 1);
    assert_int_equal(told, 1);
    fake_loop_pass(loop, 60000);
    assert_int_equal(told, 5);
    watchdog_free(watchdog);
    fake_loop_pass(loop, 60000);
    assert_int_equal(told, 5);
    loop_free(loop);
}

static void without_one_nobody_is_told(void **state)
{
    struct loop *loop;
    struct watchdog *watchdog;
    (void)state;
    says(NULL, 0);
    assert_int_equal(loop_new(&loop), 0);
    assert_int_equal(watchdog_new(loop, &watchdog), 0);
    assert_null(watchdog);
    assert_int_equal(fake_loop_next(loop), -1);
    watchdog_free(watchdog);
    loop_free(loop);
}

static void it_is_the_one_of_this_process(void **state)
{
    (void)state;
    says("30000000", 0); /* some managers name nobody */
    assert_int_equal(watchdog_interval_ms(), 15000);
    says("30000000", (long)getpid() + 1);
    assert_int_equal(watchdog_interval_ms(), 0);
}

static void only_a_number_counts(void **state)
{
    static const char *const none[] = {"", "0", "-1", "+5", " 5000", "5000 ", "5s", "99999999999999999999"};
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        says(none[i], 0);
        assert_int_equal(watchdog_interval_ms(), 0);
    }
    says("1", 0);
    assert_int_equal(watchdog_interval_ms(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_hears_twice_in_its_time),
        cmocka_unit_test(without_one_nobody_is_told),
        cmocka_unit_test(it_is_the_one_of_this_process),
        cmocka_unit_test(only_a_number_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
