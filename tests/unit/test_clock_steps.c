// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/clock_steps.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* The clock is set, or the machine sleeps: some of the worlds. All of them are `make clock-test`. */
#include "clock_steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { EVERY = 2 };

static void no_step_of_the_clock_breaks_a_promise(void **state)
{
    struct clock_figures figures;
    unsigned wrong = 0, proven = 0, denied = 0;
    (void)state;
    for (unsigned step = 0; step < CLOCK_STEPS; step++) {
        clock_steps_run(step, EVERY, &figures);
        clock_steps_print(&figures);
        wrong += clock_steps_wrong(&figures);
        proven += figures.proven;
        denied += figures.denied;
    }
    assert_int_equal(wrong, 0);
    assert_true(proven > 0); /* or nothing was looked at */
    assert_true(denied > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_step_of_the_clock_breaks_a_promise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
