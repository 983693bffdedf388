/* A process by what /proc says: one of this test's own making. The real one: test_process_real.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

// link: -Wl,--wrap=openat
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PID = 4711 };
#define REST " 4194560 1 2 3 4 5 6 7 8 20 0 1 0 "
#define TAIL " 8523776 1216 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n"

static char root[] = "/tmp/test_process.XXXXXX";
static void (*at_status)(void); /* what happens just before status is opened */

int __real_openat(int folder, const char *name, int flags, ...);
int __wrap_openat(int folder, const char *name, int flags, ...);
int __wrap_openat(int folder, const char *name, int flags, ...)
{
    if (at_status && strcmp(name, "status") == 0)
        at_status();
    return __real_openat(folder, name, flags);
}

/* "" names the folder of the process itself. */
static const char *path_of(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%d/%s", root, PID, name);
    return path;
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void take(const char *name)
{
    unlink(path_of(name));
}

static void put_stat(const char *comm, char state, unsigned long long start)
{
    char text[512];
    snprintf(
        text, sizeof text, "%d (%s) %c 1 4711 4700 34817 4711" REST "%llu" TAIL, PID, comm, state, start);
    put("stat", text);
}

static int make(void **state)
{
    (void)state;
    at_status = NULL;
    assert_int_equal(mkdir(path_of(""), 0755), 0);
    put_stat("bash", 'S', 12345);
    put("status", "Name:\tbash\nUid:\t1000\t0\t0\t0\nGid:\t0\t0\t0\t0\nNSpid:\t4711\nSeccomp:\t0\n");
    put("loginuid", "1000");
    put("sessionid", "42");
    return process_open(root);
}

static int unmake(void **state)
{
    (void)state;
    take("stat");
    take("status");
    take("loginuid");
    take("sessionid");
    return rmdir(path_of(""));
}

static void its_facts_are_read(void **state)
{
    struct process_facts facts;
    (void)state;
    assert_int_equal(process_read(PID, &facts), 0);
    assert_true(process_same(facts.process, (struct process){PID, 12345}));
    assert_int_equal(facts.parent, 1);
    assert_int_equal(facts.leader, 4700);
    assert_int_equal(facts.tty, 34817);
    assert_int_equal(facts.state, 'S');
    assert_int_equal(facts.real_uid, 1000);
    assert_int_equal(facts.effective_uid, 0);
    assert_false(facts.foreign);
    assert_int_equal(facts.login_uid, 1000);
    assert_int_equal(facts.audit_id, 42);
}

static void a_name_cannot_pose_as_the_fields_behind_it(void **state)
{
    struct process_facts facts;
    (void)state;
    put_stat("x) R 1 1 1 1 1\n", 'S', 12345);
    put("status", "Name:\tUid:\t0\\nUid:\t0\t0\t0\t0\nUid:\t1000\t1001\t1\t1\nNSpid:\t4711\n");
    assert_int_equal(process_read(PID, &facts), 0);
    assert_int_equal(facts.parent, 1);
    assert_int_equal(facts.leader, 4700);
    assert_int_equal(facts.process.start, 12345);
    assert_int_equal(facts.real_uid, 1000);
    assert_int_equal(facts.effective_uid, 1001);
    assert_true(process_alive((struct process){PID, 12345}));
}

static void a_process_in_another_pid_namespace_is_foreign(void **state)
{
    struct process_facts facts;
    (void)state;
    put("status", "Uid:\t0\t0\t0\t0\nNSpid:\t4711\t1\n");
    assert_int_equal(process_read(PID, &facts), 0);
    assert_true(facts.foreign);
    put("status", "Uid:\t0\t0\t0\t0\n"); /* not told: in doubt, foreign */
    assert_int_equal(process_read(PID, &facts), 0);
    assert_true(facts.foreign);
}

static void a_user_in_ten_thousand_groups_is_read_like_any_other(void **state)
{
    static char text[200000];
    struct process_facts facts;
    (void)state;
    strcpy(text, "Name:\tbash\nUid:\t1000\t1001\t1\t1\nGroups:\t");
    size_t used = strlen(text);
    for (int group = 0; group < 10000; group++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%d ", group);
    snprintf(text + used, sizeof text - used, "\n%256sUid:\t0\t0\t0\t0\nNSpid:\t4711\n", "");
    put("status", text); /* a line that is cut does not begin another one */
    assert_int_equal(process_read(PID, &facts), 0);
    assert_int_equal(facts.real_uid, 1000);
    assert_false(facts.foreign);
}

static void unset_or_absent_audit_numbers_are_none(void **state)
{
    struct process_facts facts;
    (void)state;
    put("loginuid", "4294967295");
    take("sessionid"); /* a kernel without audit */
    assert_int_equal(process_read(PID, &facts), 0);
    assert_int_equal(facts.login_uid, PROCESS_NO_UID);
    assert_int_equal(facts.audit_id, PROCESS_NO_AUDIT_ID);
}

static void a_file_that_is_not_the_kernels_is_refused(void **state)
{
    static char text[8192];
    struct process_facts facts;
    (void)state;
    snprintf(text, sizeof text, "4711 (%5000s) S 1 4711 4700 34817 4711" REST "12345" TAIL, "a");
    put("stat", text);
    assert_int_equal(process_read(PID, &facts), -EPROTO); /* longer than any stat is */
    put("stat", "4711 (bash) S");
    assert_int_equal(process_read(PID, &facts), -EPROTO);
    put_stat("bash", 'S', 12345);
    put("status", "Name:\tbash\n");
    assert_int_equal(process_read(PID, &facts), -EPROTO);
}

static void lose_stat(void)
{
    take("stat");
}

static void a_process_that_vanishes_between_the_readings_is_gone(void **state)
{
    struct process_facts facts = {.real_uid = 7};
    (void)state;
    at_status = lose_stat;
    assert_int_equal(process_read(PID, &facts), -ESRCH);
    assert_int_equal(facts.real_uid, 7); /* nothing of it was told */
}

static void what_is_not_there_is_gone(void **state)
{
    struct process_facts facts;
    (void)state;
    assert_int_equal(process_read(4712, &facts), -ESRCH);
    assert_int_equal(process_read(-1, &facts), -ESRCH);
    take("status");
    assert_int_equal(process_read(PID, &facts), -ESRCH);
    take("stat");
    assert_int_equal(process_read(PID, &facts), -ESRCH);
    assert_false(process_alive((struct process){PID, 12345}));
}

static void a_zombie_does_not_live(void **state)
{
    static const char states[] = "ZXx";
    (void)state;
    assert_true(process_alive((struct process){PID, 12345}));
    for (size_t i = 0; i < 3; i++) {
        put_stat("bash", states[i], 12345);
        assert_false(process_alive((struct process){PID, 12345}));
    }
}

static int make_root(void **state)
{
    (void)state;
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
    (void)state;
    return rmdir(root);
}

#define MADE(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MADE(its_facts_are_read),
        MADE(a_name_cannot_pose_as_the_fields_behind_it),
        MADE(a_process_in_another_pid_namespace_is_foreign),
        MADE(a_user_in_ten_thousand_groups_is_read_like_any_other),
        MADE(unset_or_absent_audit_numbers_are_none),
        MADE(a_file_that_is_not_the_kernels_is_refused),
        MADE(a_process_that_vanishes_between_the_readings_is_gone),
        MADE(what_is_not_there_is_gone),
        MADE(a_zombie_does_not_live),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
