/*
 * What SQLite, libevent, libcurl with its resolver threads, OpenSSL and libsodium were seen to need, by glibc of
 * Debian 12 and 13. Not among them, on purpose: exec, ptrace, process_vm_*, io_uring, userfaultfd, bpf, perf, keyctl,
 * mount, setns, unshare, listen, kill and whatever the kernel will learn next.
 */
#include "base/syscall_filter.h"

#include "base/cleanup.h"

#include <seccomp.h>

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* Words; what takes arguments that must be looked at stands in the next table. */
static const char *const allowed[] = {
    /* files */
    "read write readv writev pread64 pwrite64 preadv pwritev lseek open openat close close_range fstat stat "
    "lstat "
    "newfstatat statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd ftruncate fallocate "
    "fadvise64 "
    "fsync fdatasync unlink unlinkat rename renameat renameat2 fchmod umask fcntl dup dup2 dup3 fstatfs",
    /* memory */
    "brk munmap mremap madvise mlock mlock2 munlock mincore",
    /* waiting */
    "poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2 pipe2 "
    "timerfd_create timerfd_settime futex restart_syscall",
    /* sockets; bind is for netlink, and nothing can listen */
    "connect bind accept accept4 getsockname getpeername getsockopt setsockopt sendto recvfrom sendmsg "
    "recvmsg "
    "sendmmsg recvmmsg shutdown",
    /* time */
    "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time",
    /* this process and its threads */
    "getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getrandom uname "
    "sysinfo "
    "getrusage times sched_getaffinity sched_yield getcpu rseq set_robust_list set_tid_address rt_sigaction "
    "rt_sigprocmask rt_sigreturn sigaltstack pidfd_open exit exit_group",
};

enum {
    WRITE_AND_EXECUTE = PROT_WRITE | PROT_EXEC,
    A_THREAD = CLONE_VM | CLONE_THREAD,
    A_NAMESPACE = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |
                  CLONE_NEWCGROUP,
};

/* A call that is allowed when the bits of MASK of one of its arguments are VALUE. */
static const struct {
    const char *name;
    unsigned argument;
    uint64_t mask, value;
} limited[] = {
    /* A table, a row a line. */
    /* clang-format off */
    {"clone", 0, A_THREAD | A_NAMESPACE, A_THREAD},
    {"mmap", 2, PROT_EXEC, 0},
    {"mmap", 2, WRITE_AND_EXECUTE, PROT_EXEC}, /* dlopen(3), for the resolver's plug-ins */
    {"mprotect", 2, PROT_EXEC, 0},
    {"socket", 0, UINT32_MAX, AF_UNIX},
    {"socket", 0, UINT32_MAX, AF_INET},
    {"socket", 0, UINT32_MAX, AF_INET6},
    {"socket", 0, UINT32_MAX, AF_NETLINK},
    {"socketpair", 0, UINT32_MAX, AF_UNIX},
    {"ioctl", 1, UINT32_MAX, FIONBIO},
    {"ioctl", 1, UINT32_MAX, FIONREAD},
    {"ioctl", 1, UINT32_MAX, TCGETS}, /* isatty(3); nothing that types into a terminal */
    {"ioctl", 1, UINT32_MAX, SIOCGIFINDEX},
    {"ioctl", 1, UINT32_MAX, SIOCGIFNAME},
    {"prctl", 0, UINT32_MAX, PR_SET_NAME},
    {"prctl", 0, UINT32_MAX, PR_GET_NAME},
    {"prctl", 0, UINT32_MAX, PR_GET_DUMPABLE},
    {"prctl", 0, UINT32_MAX, PR_GET_NO_NEW_PRIVS},
    {"prlimit64", 2, UINT64_MAX, 0}, /* reading only */
    /* clang-format on */
};

static void release(scmp_filter_ctx *filter)
{
    if (*filter)
        seccomp_release(*filter);
}

/* A name that the architecture or the library does not have is a call that nobody here makes. */
static int add(scmp_filter_ctx filter, const char *name, unsigned count, struct scmp_arg_cmp compare)
{
    int number = seccomp_syscall_resolve_name(name);
    return number < 0 ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, count, &compare);
}

static int add_words(scmp_filter_ctx filter, const char *words)
{
    char name[32];
    int r = 0;
    for (const char *word = words; r == 0 && *word; word += strspn(word, " ")) {
        size_t length = strcspn(word, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, word);
        r = add(filter, name, 0, (struct scmp_arg_cmp){.arg = 0});
        word += length;
    }
    return r;
}

static int add_all(scmp_filter_ctx filter)
{
    int r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    for (size_t i = 0; r == 0 && i < sizeof allowed / sizeof allowed[0]; i++)
        r = add_words(filter, allowed[i]);
    for (size_t i = 0; r == 0 && i < sizeof limited / sizeof limited[0]; i++) {
        const struct scmp_arg_cmp compare = {.arg = limited[i].argument,
            .op = SCMP_CMP_MASKED_EQ,
            .datum_a = limited[i].mask,
            .datum_b = limited[i].value};
        r = add(filter, limited[i].name, 1, compare);
    }
    if (r < 0)
        return r;
    const struct scmp_arg_cmp own = {
        .arg = 0, .op = SCMP_CMP_EQ, .datum_a = (uint64_t)getpid()}; /* abort(3) */
    return add(filter, "tgkill", 1, own);
}

static int add_signals(scmp_filter_ctx filter)
{
    static const int signals[] = {SIGHUP, SIGTERM};
    int r = 0;
    for (size_t i = 0; r == 0 && i < sizeof signals / sizeof signals[0]; i++)
        r = add(filter, "pidfd_send_signal", 1,
            (struct scmp_arg_cmp){.arg = 1, .op = SCMP_CMP_EQ, .datum_a = (uint64_t)signals[i]});
    return r;
}

int syscall_filter_enter(bool signals)
{
    CLEANUP(release) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return -ENOMEM;
    int r = add_all(filter);
    if (r == 0 && signals)
        r = add_signals(filter);
    return r < 0 ? r : seccomp_load(filter);
}
