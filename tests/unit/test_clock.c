// link: -Wl,--wrap=open
/* The two clocks, against what the kernel says elsewhere. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/clock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool hidden; /* /proc/sys, as by ProcSubset=pid */

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    if (hidden && strncmp(path, "/proc/sys/", 10) == 0) {
        errno = ENOENT;
        return -1;
    }
    return __real_open(path, flags);
}

/* In a child: it is read once. */
static void says_when_hidden(const char *given, const char *expected)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        hidden = true;
        setenv("C2M_BOOT_ID", given, 1);
        _exit(strcmp(clock_boot_id(), expected) != 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* Before any other reads it. */
static void where_it_is_hidden_the_unit_says_the_boot_id(void **state)
{
    (void)state;
    says_when_hidden("0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789abcdef");
    says_when_hidden("0123456789abcdef0123456789abcde", "");
    says_when_hidden("0123456789abcdef0123456789abcdeg", "");
    says_when_hidden("", "");
}

static void the_wall_clock_counts_seconds_since_1970(void **state)
{
    (void)state;
    int64_t before = time(NULL), now = clock_wall(), after = time(NULL);
    assert_in_range(now, before - 1, after + 1); /* time(2) reads a coarser clock */
}

static void the_boot_clock_counts_suspended_time_too(void **state)
{
    (void)state;
    struct timespec boot;
    int64_t before = clock_boot_us();
    clock_gettime(CLOCK_BOOTTIME, &boot);
    int64_t after = clock_boot_us();
    int64_t middle = (int64_t)boot.tv_sec * 1000000 + boot.tv_nsec / 1000;
    assert_in_range(middle, before, after);
}

static void milliseconds_are_a_thousandth_of_the_microseconds(void **state)
{
    (void)state;
    int64_t before = clock_boot_us() / 1000, now = clock_boot_ms(), after = clock_boot_us() / 1000;
    assert_in_range(now, before, after);
}

static void a_wait_of_twenty_milliseconds_is_seen(void **state)
{
    (void)state;
    const struct timespec wait = {.tv_nsec = 20000000};
    int64_t before = clock_boot_ms();
    nanosleep(&wait, NULL);
    assert_in_range(clock_boot_ms() - before, 19, 2000);
}

static void the_boot_id_is_the_kernels_and_stays_the_same(void **state)
{
    (void)state;
    char line[64] = "";
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    assert_string_equal(clock_boot_id(), line);
    assert_int_equal(strlen(clock_boot_id()), CLOCK_BOOT_ID_SIZE - 1);
    assert_ptr_equal(clock_boot_id(), clock_boot_id());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_it_is_hidden_the_unit_says_the_boot_id),
        cmocka_unit_test(the_wall_clock_counts_seconds_since_1970),
        cmocka_unit_test(the_boot_clock_counts_suspended_time_too),
        cmocka_unit_test(milliseconds_are_a_thousandth_of_the_microseconds),
        cmocka_unit_test(a_wait_of_twenty_milliseconds_is_seen),
        cmocka_unit_test(the_boot_id_is_the_kernels_and_stays_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
