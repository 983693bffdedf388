/* A seccomp filter sends SIGSYS for each call but those that the handler makes itself, which it knows by their address. */
#include "trap.h"

#ifdef __x86_64__

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>

long raw_call(long number, long a, long b, long c, long d, long e, long f);
extern const char raw_return[];

__asm__(".text\n"
        ".globl raw_call, raw_return\n"
        ".hidden raw_call, raw_return\n"
        ".type raw_call, @function\n"
        "raw_call:\n"
        "  mov %rdi, %rax\n"
        "  mov %rsi, %rdi\n"
        "  mov %rdx, %rsi\n"
        "  mov %rcx, %rdx\n"
        "  mov %r8, %r10\n"
        "  mov %r9, %r8\n"
        "  mov 8(%rsp), %r9\n"
        "  syscall\n"
        "raw_return:\n"
        "  ret\n");

static long count, failing;
static int failure;
static volatile long *orders; /* of another process: nth, error, count */

/* What has run does not become undone: the kernel closes, and unmaps, whatever it answers. */
static bool happens_anyway(long number)
{
    return number == SYS_close || number == SYS_munmap;
}

static void on_call(int signal, siginfo_t *info, void *context)
{
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    if (orders && orders[2] < 0) {
        trap_arm(orders[0], (int)orders[1]);
        orders[2] = 0;
    }
    bool fails = ++count == failing;
    if (orders)
        orders[2] = count;
    long result = -failure;
    (void)signal;
    if (!fails || happens_anyway(info->si_syscall))
        result =
            raw_call(info->si_syscall, r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8], r[REG_R9]);
    r[REG_RAX] = fails ? -failure : result;
}

bool trap_begin(void)
{
    const uint64_t ours = (uint64_t)(uintptr_t)raw_return;
    struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
#define FIELD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no)
    struct sock_filter program[] = {
        FIELD(nr),
        /* what changes the mask of signals, or the stack, does not work from within a handler */
        EQUAL(SYS_rt_sigreturn, 9, 0),
        EQUAL(SYS_rt_sigprocmask, 8, 0),
        EQUAL(SYS_exit_group, 7, 0),
        EQUAL(SYS_clone, 6, 0),
        EQUAL(SYS_clone3, 5, 0),
        FIELD(instruction_pointer),
        EQUAL(ours, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        EQUAL(ours >> 32, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog filter = {.len = sizeof program / sizeof program[0], .filter = program};
    return sigaction(SIGSYS, &action, NULL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

void trap_arm(long nth, int error)
{
    count = 0;
    failure = error;
    failing = nth;
}

long trap_disarm(void)
{
    failing = 0;
    return count;
}

void trap_share(volatile long *shared)
{
    orders = shared;
}

#else

void trap_share(volatile long *shared)
{
    (void)shared;
}

bool trap_begin(void)
{
    return false;
}

void trap_arm(long nth, int error)
{
    (void)nth, (void)error;
}

long trap_disarm(void)
{
    return 0;
}

#endif
