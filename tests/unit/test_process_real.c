/* The same functions on the real /proc, with real processes and pidfds. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/process.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static int start_child(void **state)
{
    (void)state;
    child = fork();
    if (child == 0)
        for (;;)
            pause();
    return child > 0 ? 0 : -1;
}

static void wait_until_it_is_a_zombie(void)
{
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
}

/* Its pid is anybody's from now on. */
static void bury(void)
{
    waitpid(child, NULL, 0);
    child = 0;
}

static int end_child(void **state)
{
    (void)state;
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    return 0;
}

static struct process the_child(void)
{
    struct process_facts facts;
    assert_int_equal(process_read(child, &facts), 0);
    return facts.process;
}

static void we_read_ourselves_as_the_kernel_knows_us(void **state)
{
    struct process_facts facts;
    (void)state;
    assert_int_equal(prctl(PR_SET_NAME, ") R 1 (\n"), 0);
    assert_int_equal(process_read(getpid(), &facts), 0);
    assert_int_equal(facts.process.pid, getpid());
    assert_int_equal(facts.parent, getppid());
    assert_int_equal(facts.leader, getsid(0));
    assert_int_equal(facts.real_uid, getuid());
    assert_int_equal(facts.effective_uid, geteuid());
    assert_int_equal(facts.state, 'R');
    assert_true(facts.process.start > 0);
    assert_false(facts.foreign);
    assert_true(process_alive(facts.process));
}

static void a_child_lives_until_it_is_a_zombie(void **state)
{
    (void)state;
    struct process process = the_child();
    assert_true(process_alive(process));
    kill(child, SIGKILL);
    wait_until_it_is_a_zombie();
    assert_false(process_alive(process));
    bury();
    assert_false(process_alive(process));
}

static void a_pidfd_tells_when_its_process_ends(void **state)
{
    (void)state;
    int pidfd = process_pidfd(the_child());
    assert_true(pidfd >= 0);
    assert_false(process_ended(pidfd));
    kill(child, SIGKILL);
    wait_until_it_is_a_zombie();
    assert_true(process_ended(pidfd));
    close(pidfd);
}

static void a_pidfd_is_refused_for_another_start_time(void **state)
{
    (void)state;
    struct process process = the_child();
    process.start++;
    assert_int_equal(process_pidfd(process), -ESRCH);
    assert_int_equal(process_pidfd((struct process){0, 0}), -ESRCH);
}

static void a_pidfd_is_refused_for_a_zombie_and_for_nobody(void **state)
{
    (void)state;
    struct process process = the_child();
    kill(child, SIGKILL);
    wait_until_it_is_a_zombie();
    assert_int_equal(process_pidfd(process), -ESRCH);
    bury();
    assert_int_equal(process_pidfd(process), -ESRCH);
}

static void another_start_time_is_another_process(void **state)
{
    const struct process none = {0, 0}, one = {7, 1}, reused = {7, 2}, other = {8, 1};
    (void)state;
    struct process process = the_child();
    process.start++;
    assert_false(process_alive(process));
    assert_true(process_same(one, one));
    assert_false(process_same(one, reused) || process_same(one, other));
    assert_false(process_same(none, none)); /* nobody is not the same as nobody */
}

static void no_pidfd_counts_as_ended(void **state)
{
    (void)state;
    assert_true(process_ended(-1));
    assert_true(process_ended(1000)); /* no such descriptor */
}

static void a_root_that_is_not_there_is_an_error_and_changes_nothing(void **state)
{
    (void)state;
    assert_int_equal(process_open("/nonexistent"), -ENOENT);
    assert_int_equal(process_open("/proc/self/stat"), -ENOTDIR);
    assert_true(process_alive(the_child()));
}

static void a_terminal_has_the_name_of_its_device(void **state)
{
    char name[32];
    (void)state;
    static const struct {
        unsigned major, minor;
        const char *name;
    } devices[] = {
        {136, 3, "pts/3"},
        {136, 300, "pts/300"},
        {136, 70000, "pts/70000"},
        {4, 1, "tty1"},
        {4, 64, "ttyS0"},
        {4, 255, "ttyS191"},
        {204, 64, "ttyAMA0"},
        {229, 0, "hvc0"},
        {188, 2, "ttyUSB2"},
        {5, 0, ""},
        {0, 0, ""},
        {204, 80, ""},
    };
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        /* as new_encode_dev() of the kernel does, which is not what makedev(3) returns */
        unsigned major = devices[i].major, minor = devices[i].minor;
        uint32_t tty = (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
        assert_string_equal(process_tty_name(tty, name), devices[i].name);
        assert_ptr_equal(process_tty_name(tty, name), name);
    }
}

#define WITH_CHILD(test) cmocka_unit_test_setup_teardown(test, start_child, end_child)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(we_read_ourselves_as_the_kernel_knows_us), /* first: /proc is opened by itself */
        WITH_CHILD(a_child_lives_until_it_is_a_zombie),
        WITH_CHILD(a_pidfd_tells_when_its_process_ends),
        WITH_CHILD(a_pidfd_is_refused_for_another_start_time),
        WITH_CHILD(a_pidfd_is_refused_for_a_zombie_and_for_nobody),
        WITH_CHILD(another_start_time_is_another_process),
        cmocka_unit_test(no_pidfd_counts_as_ended),
        WITH_CHILD(a_root_that_is_not_there_is_an_error_and_changes_nothing),
        cmocka_unit_test(a_terminal_has_the_name_of_its_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
