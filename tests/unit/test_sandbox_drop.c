/* Dropping root, for good. Each test is a child, and needs root. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534, OTHER = 12345 };

/* A child returns 0, or the line of the check that failed. */
#define CHECK(condition) \
    do { \
        if (!(condition)) \
            return __LINE__; \
    } while (0)

static int end_of(int (*inside)(void))
{
    int status, line = -1, ends[2];
    if (geteuid() != 0) {
        print_message("needs root\n");
        skip();
    }
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        line = inside();
        _exit(write(ends[1], &line, sizeof line) != sizeof line);
    }
    close(ends[1]);
    assert_true(read(ends[0], &line, sizeof line) >= 0);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return line;
}

static FILE *status_file; /* opened before the drop: a root directory may be for root alone */

/* The value of a line of /proc/self/status. */
static unsigned long long status_of(const char *key)
{
    char line[256];
    unsigned long long value = 99;
    rewind(status_file);
    while (fgets(line, sizeof line, status_file)) {
        if (strncmp(line, key, strlen(key)) == 0)
            value = strtoull(line + strlen(key) + 1, NULL, 16);
    }
    return value;
}

static int drop(void)
{
    uid_t uids[3];
    gid_t gids[3];
    status_file = fopen("/proc/self/status", "re");
    CHECK(status_file);
    CHECK(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0); /* who started us may have */
    CHECK(setgroups(2, (const gid_t[]){4, 27}) == 0);
    CHECK(sandbox_drop(NOBODY, OTHER, false) == 0);
    CHECK(getresuid(&uids[0], &uids[1], &uids[2]) == 0 && getresgid(&gids[0], &gids[1], &gids[2]) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(uids[i] == NOBODY && gids[i] == OTHER);
    CHECK(getgroups(0, NULL) == 0);
    CHECK(status_of("CapPrm:") == 0 && status_of("CapEff:") == 0 && status_of("CapInh:") == 0);
    CHECK(status_of("CapAmb:") == 0 && status_of("CapBnd:") == 0);
    CHECK(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    CHECK(setuid(0) < 0 && setgid(0) < 0 && seteuid(0) < 0);
    return 0;
}

static void root_and_its_groups_and_capabilities_are_gone(void **state)
{
    (void)state;
    assert_int_equal(end_of(drop), 0);
}

static int keep_kill(void)
{
    status_file = fopen("/proc/self/status", "re");
    CHECK(status_file && sandbox_may_signal());
    pid_t roots = fork();
    if (roots == 0)
        pause();
    CHECK(sandbox_drop(NOBODY, OTHER, true) == 0 && sandbox_may_signal());
    CHECK(status_of("CapPrm:") == 1 << CAP_KILL && status_of("CapEff:") == 1 << CAP_KILL);
    CHECK(status_of("CapInh:") == 0 && status_of("CapAmb:") == 0 && status_of("CapBnd:") == 0);
    CHECK(setuid(0) < 0 && setgid(0) < 0 && open("/etc/shadow", O_RDONLY | O_CLOEXEC) < 0);
    CHECK(kill(roots, SIGKILL) == 0 && waitpid(roots, NULL, 0) == roots);
    return 0;
}

static void where_it_was_asked_for_the_right_to_signal_is_kept_and_no_other(void **state)
{
    (void)state;
    assert_int_equal(end_of(keep_kill), 0);
}

static int keep_what_is_not_there(void)
{
    CHECK(sandbox_drop(NOBODY, OTHER, false) == 0 && !sandbox_may_signal());
    CHECK(sandbox_drop(NOBODY, OTHER, true) == -EPERM);
    return 0;
}

static void a_right_that_is_not_there_is_not_kept(void **state)
{
    (void)state;
    assert_int_equal(end_of(keep_what_is_not_there), 0);
}

static int drop_twice(void)
{
    CHECK(sandbox_drop(NOBODY, NOBODY, false) == 0);
    CHECK(sandbox_drop(NOBODY, NOBODY, false) == 0);
    CHECK(sandbox_drop(OTHER, NOBODY, false) == -EPERM);
    CHECK(sandbox_drop(NOBODY, OTHER, false) == -EPERM);
    return 0;
}

static void who_is_that_user_already_may_stay_but_not_change(void **state)
{
    (void)state;
    assert_int_equal(end_of(drop_twice), 0);
}

static int drop_half_way(void)
{
    CHECK(setresuid(NOBODY, NOBODY, 0) == 0); /* root is only a setuid(2) away */
    CHECK(sandbox_drop(NOBODY, 0, false) == -EPERM);
    return 0;
}

static void a_saved_root_is_noticed(void **state)
{
    (void)state;
    assert_int_equal(end_of(drop_half_way), 0);
}

static int stay(void)
{
    CHECK(sandbox_drop(0, 0, false) == -EINVAL && sandbox_drop(0, NOBODY, false) == -EINVAL);
    CHECK(sandbox_drop((uid_t)-1, NOBODY, false) == -EINVAL &&
          sandbox_drop(NOBODY, (gid_t)-1, false) == -EINVAL);
    return geteuid() == 0 ? 0 : __LINE__;
}

static void to_stay_root_or_as_one_is_is_refused(void **state)
{
    (void)state;
    assert_int_equal(end_of(stay), 0);
}

static int forbid_dumps(void)
{
    struct rlimit limit;
    CHECK(sandbox_drop(NOBODY, NOBODY, false) == 0);
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    CHECK(sandbox_no_dump() == 0);
    CHECK(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
    CHECK(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0);
    CHECK(open("/proc/self/mem", O_RDONLY | O_CLOEXEC) < 0); /* root's now */
    return 0;
}

static void nothing_of_it_can_be_dumped(void **state)
{
    (void)state;
    assert_int_equal(end_of(forbid_dumps), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(root_and_its_groups_and_capabilities_are_gone),
        cmocka_unit_test(where_it_was_asked_for_the_right_to_signal_is_kept_and_no_other),
        cmocka_unit_test(a_right_that_is_not_there_is_not_kept),
        cmocka_unit_test(who_is_that_user_already_may_stay_but_not_change),
        cmocka_unit_test(a_saved_root_is_noticed),
        cmocka_unit_test(to_stay_root_or_as_one_is_is_refused),
        cmocka_unit_test(nothing_of_it_can_be_dumped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
