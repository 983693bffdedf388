// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/clock_steps.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* `make clock-test`: each step of the clock, with each correction, with and without a restart, and each time of logout. */
#include "clock_steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void no_step_of_the_clock_breaks_a_promise(void **state)
{
    struct clock_figures figures;
    unsigned wrong = 0;
    (void)state;
    for (unsigned step = 0; step < CLOCK_STEPS; step++) {
        clock_steps_run(step, 1, &figures);
        clock_steps_print(&figures);
        wrong += clock_steps_wrong(&figures);
        assert_true(figures.kept > 0 && figures.proven > 0 && figures.denied > 0 && figures.orders > 0);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_step_of_the_clock_breaks_a_promise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
