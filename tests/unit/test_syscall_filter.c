// link: tests/unit/refused_calls.c
/* Each call that an intruder would want, made from inside: refused before the kernel looks at its arguments. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/syscall_filter.h"
#include "refused_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs INSIDE in a child behind the filter: what it returns, or 1000 and the signal that ended it. */
static int behind(bool signals, int (*inside)(void))
{
    int status, result = -1, ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall_filter_enter(signals) == 0)
            result = inside();
        _exit(write(ends[1], &result, sizeof result) != sizeof result);
    }
    close(ends[1]);
    assert_true(read(ends[0], &result, sizeof result) >= 0);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : result;
}

static int behind_the_filter(int (*inside)(void))
{
    return behind(false, inside);
}

static int send_signals(void)
{
    static const struct refused_call sent[] = {
        ATTEMPT(pidfd_send_signal, EBADF, -1, SIGHUP, 0, 0),
        ATTEMPT(pidfd_send_signal, EBADF, -1, SIGTERM, 0, 0),
        ATTEMPT(pidfd_send_signal, EPERM, -1, SIGKILL, 0, 0),
        ATTEMPT(pidfd_send_signal, EPERM, -1, SIGSTOP, 0, 0),
        ATTEMPT(kill, EPERM, 1, SIGHUP),
    };
    for (int i = 0; i < (int)(sizeof sent / sizeof sent[0]); i++) {
        if (refused_call_try(&sent[i]) != sent[i].error)
            return i + 1;
    }
    return 0;
}

static void who_hangs_up_sends_two_signals_and_no_other(void **state)
{
    (void)state;
    assert_int_equal(behind(true, send_signals), 0);
}

static int try_all(void)
{
    for (int i = 0; refused_calls[i].name; i++) {
        if (refused_call_try(&refused_calls[i]) != refused_calls[i].error)
            return i + 1;
    }
    return 0;
}

static void every_attempt_is_refused(void **state)
{
    (void)state;
    int failed = behind_the_filter(try_all);
    if (failed > 0 && failed < 1000)
        fail_msg("%s was not refused", refused_calls[failed - 1].name);
    assert_int_equal(failed, 0);
}

enum {
    CALLS = 480, /* more than there are */
    URETPROBE =
        335, /* these two the kernel (x86-64, 6.11) lets past every filter: only its own trampolines may call them */
    UPROBE = 336,
};

static long number;

static int try_one(void)
{
    return syscall(number, -1L, -1L, -1L, -1L, -1L, -1L) < 0 ? errno : 0;
}

/*
 * The whole list, by what the kernel does and not by what the source says: each number of a call is made with arguments
 * that no call knows. One more of these is a decision, to be taken here as well.
 */
static void these_calls_and_no_others_are_allowed(void **state)
{
    static const char *const words =
        " accept accept4 access bind brk clock_getres clock_gettime clock_nanosleep close close_range "
        "connect "
        "dup dup2 dup3 epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd2 exit exit_group "
        "faccessat faccessat2 fadvise64 fallocate fchmod fcntl fdatasync fstat fstatfs fsync ftruncate futex "
        "getcpu getcwd getdents64 getegid geteuid getgid getgroups getpeername getpid getppid getrandom "
        "getresgid getresuid getrusage getsockname getsockopt gettid gettimeofday getuid lseek lstat madvise "
        "mincore mlock mlock2 mremap munlock munmap nanosleep newfstatat open openat pidfd_open pipe2 poll "
        "ppoll pread64 preadv pselect6 pwrite64 pwritev read readlink readlinkat readv recvfrom recvmmsg "
        "recvmsg rename renameat renameat2 restart_syscall rseq rt_sigaction rt_sigprocmask rt_sigreturn "
        "sched_getaffinity sched_yield select sendmmsg sendmsg sendto set_robust_list set_tid_address "
        "setsockopt shutdown sigaltstack stat statx sysinfo time timerfd_create timerfd_settime times umask "
        "uname unlink unlinkat write writev ";
    (void)state;
    signal(SIGSYS, SIG_DFL);
    for (number = 0; number < CALLS; number++) {
        if (number == URETPROBE || number == UPROBE)
            continue;
        char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)number);
        char word[64];
        snprintf(word, sizeof word, " %s ", name ? name : "?");
        bool allowed = name && strstr(words, word);
        int error = behind_the_filter(try_one);
        if (error != (name && strcmp(name, "clone3") == 0 ? ENOSYS : EPERM) && !allowed)
            fail_msg("%s (%ld) is let through: %d", name ? name : "a call without a name", number, error);
        if (error == EPERM && allowed)
            fail_msg("%s (%ld) is refused", name, number);
        free(name);
    }
}

static int map_and_set(void)
{
    struct rlimit limit;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool good = memory != MAP_FAILED && mprotect(memory, 4096, PROT_READ) == 0 && munmap(memory, 4096) == 0;
    int library = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    good = good && mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, library, 0) != MAP_FAILED;
    return !(good && getrlimit(RLIMIT_NOFILE, &limit) == 0 && prctl(PR_SET_NAME, "renamed") == 0);
}

static void memory_is_mapped_and_limits_are_read_as_before(void **state)
{
    (void)state;
    assert_int_equal(behind_the_filter(map_and_set), 0);
}

static int raise_abort(void)
{
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
    return 0;
}

static void it_may_signal_itself(void **state)
{
    const struct rlimit none = {0, 0};
    (void)state;
    setrlimit(RLIMIT_CORE, &none);
    assert_int_equal(behind_the_filter(raise_abort), 1000 + SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_hangs_up_sends_two_signals_and_no_other),
        cmocka_unit_test(every_attempt_is_refused),
        cmocka_unit_test(these_calls_and_no_others_are_allowed),
        cmocka_unit_test(memory_is_mapped_and_limits_are_read_as_before),
        cmocka_unit_test(it_may_signal_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
