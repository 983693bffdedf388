/* Each call that an intruder would want, made from inside: refused before the kernel looks at its arguments. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/syscall_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
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

/* Arguments that anybody may pass, or that the kernel would answer with something else than EPERM. */
static const struct attempt {
    const char *name;
    long number, arguments[6];
    int error;
} attempts[] = {
#define ATTEMPT(call, error, ...) {#call, SYS_##call, {__VA_ARGS__}, error}
    /* A table, a row a line. */
    /* clang-format off */
    ATTEMPT(execve, EPERM, 0),
    ATTEMPT(execveat, EPERM, -1),
    ATTEMPT(clone, EPERM, SIGCHLD),
    ATTEMPT(clone, EPERM, CLONE_NEWUSER | SIGCHLD),
    ATTEMPT(clone, EPERM, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND | CLONE_NEWNET),
    ATTEMPT(clone3, ENOSYS, 0),
    ATTEMPT(ptrace, EPERM, PTRACE_TRACEME),
    ATTEMPT(process_vm_readv, EPERM, -1),
    ATTEMPT(process_vm_writev, EPERM, -1),
    ATTEMPT(process_madvise, EPERM, -1),
    ATTEMPT(pidfd_getfd, EPERM, -1),
    ATTEMPT(pidfd_send_signal, EPERM, -1),
    ATTEMPT(kcmp, EPERM, -1),
    ATTEMPT(kill, EPERM, 0, 0),
    ATTEMPT(tkill, EPERM, 0, 0),
    ATTEMPT(tgkill, EPERM, 1, 1, 0),
    ATTEMPT(rt_sigqueueinfo, EPERM, 1),
    ATTEMPT(io_uring_setup, EPERM, 1),
    ATTEMPT(io_uring_enter, EPERM, -1),
    ATTEMPT(io_uring_register, EPERM, -1),
    ATTEMPT(userfaultfd, EPERM, -1),
    ATTEMPT(bpf, EPERM, -1),
    ATTEMPT(perf_event_open, EPERM, 0),
    ATTEMPT(keyctl, EPERM, 9999),
    ATTEMPT(add_key, EPERM, 0),
    ATTEMPT(request_key, EPERM, 0),
    ATTEMPT(setns, EPERM, -1),
    ATTEMPT(unshare, EPERM, 0),
    ATTEMPT(mount, EPERM, 0),
    ATTEMPT(umount2, EPERM, 0),
    ATTEMPT(move_mount, EPERM, -1),
    ATTEMPT(open_tree, EPERM, -1),
    ATTEMPT(pivot_root, EPERM, 0),
    ATTEMPT(chroot, EPERM, 0),
    ATTEMPT(open_by_handle_at, EPERM, -1),
    ATTEMPT(init_module, EPERM, 0),
    ATTEMPT(finit_module, EPERM, -1),
    ATTEMPT(memfd_create, EPERM, 0),
    ATTEMPT(memfd_secret, EPERM, -1),
    ATTEMPT(personality, EPERM, 0xffffffff),
    ATTEMPT(setuid, EPERM, -1),
    ATTEMPT(setresuid, EPERM, -1, -1, -1),
    ATTEMPT(setgroups, EPERM, -1),
    ATTEMPT(capset, EPERM, 0),
    ATTEMPT(seccomp, EPERM, 9999),
    ATTEMPT(landlock_restrict_self, EPERM, -1),
    ATTEMPT(listen, EPERM, -1),
    ATTEMPT(linkat, EPERM, -1),
    ATTEMPT(symlinkat, EPERM, 0, -1),
    ATTEMPT(mknodat, EPERM, -1),
    ATTEMPT(fchmodat, EPERM, -1),
    ATTEMPT(fchown, EPERM, -1),
    ATTEMPT(msgget, EPERM, 0),
    ATTEMPT(shmget, EPERM, 0),
    ATTEMPT(setsid, EPERM, 0),
    ATTEMPT(settimeofday, EPERM, 0, 0),
    ATTEMPT(socket, EPERM, AF_PACKET, SOCK_RAW, 0),
    ATTEMPT(socket, EPERM, AF_ALG, SOCK_SEQPACKET, 0),
    ATTEMPT(socket, EPERM, AF_VSOCK, SOCK_STREAM, 0),
    ATTEMPT(ioctl, EPERM, -1, TIOCSTI, 0),
    ATTEMPT(ioctl, EPERM, -1, TIOCSCTTY, 0),
    ATTEMPT(prctl, EPERM, PR_SET_DUMPABLE, 1),
    ATTEMPT(prctl, EPERM, PR_SET_PTRACER, -1),
    ATTEMPT(mmap, EPERM, 0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
    ATTEMPT(mprotect, EPERM, 0, 4096, PROT_READ | PROT_EXEC),
    ATTEMPT(pkey_mprotect, EPERM, 0, 4096, PROT_READ, -1),
    ATTEMPT(pidfd_send_signal, EPERM, -1, SIGHUP, 0, 0),
    ATTEMPT(prlimit64, EPERM, 0, RLIMIT_CORE, -1, 0),
    /* clang-format on */
};

enum { COUNT = sizeof attempts / sizeof attempts[0] };

static int try(const struct attempt *attempt)
{
    const long *a = attempt->arguments;
    return syscall(attempt->number, a[0], a[1], a[2], a[3], a[4], a[5]) < 0 ? errno : 0;
}

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
    static const struct attempt sent[] = {
        ATTEMPT(pidfd_send_signal, EBADF, -1, SIGHUP, 0, 0),
        ATTEMPT(pidfd_send_signal, EBADF, -1, SIGTERM, 0, 0),
        ATTEMPT(pidfd_send_signal, EPERM, -1, SIGKILL, 0, 0),
        ATTEMPT(pidfd_send_signal, EPERM, -1, SIGSTOP, 0, 0),
        ATTEMPT(kill, EPERM, 1, SIGHUP),
    };
    for (int i = 0; i < (int)(sizeof sent / sizeof sent[0]); i++) {
        if (try(&sent[i]) != sent[i].error)
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
    for (int i = 0; i < COUNT; i++) {
        if (try(&attempts[i]) != attempts[i].error)
            return i + 1;
    }
    return 0;
}

static void every_attempt_is_refused(void **state)
{
    (void)state;
    int failed = behind_the_filter(try_all);
    if (failed > 0 && failed <= COUNT)
        fail_msg("%s (%d of %d) was not refused", attempts[failed - 1].name, failed, COUNT);
    assert_int_equal(failed, 0);
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
        cmocka_unit_test(memory_is_mapped_and_limits_are_read_as_before),
        cmocka_unit_test(it_may_signal_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
