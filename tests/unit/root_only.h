/* For tests whose other side must be root: without root they are skipped, by name and with the reason. */
#ifndef ROOT_ONLY_H
#define ROOT_ONLY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static inline void these_need_root(void **why)
{
    print_message("%s\n", (const char *)*why);
    skip();
}

static inline int skip_all(const char *why)
{
    char reason[80];
    snprintf(reason, sizeof reason, "%s", why);
    const struct CMUnitTest refused[] = {
        {.name = "these_need_root", .test_func = these_need_root, .initial_state = reason}};
    return cmocka_run_group_tests(refused, NULL, NULL);
}

/* The exit status of the array TESTS, or of the one skip that says WHY. */
#define RUN_AS_ROOT(tests, set_up, tear_down, why) \
    (geteuid() == 0 ? cmocka_run_group_tests(tests, set_up, tear_down) : skip_all(why))

#endif
