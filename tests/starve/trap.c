/*
 * A seccomp filter, or the kernel's dispatch of system calls to the user, sends SIGSYS for each call but those that the
 * handler makes itself, which are known by their address.
 */
#include "trap.h"

#ifdef __x86_64__

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>

long raw_call(long number, long a, long b, long c, long d, long e, long f);
void raw_restorer(void);
extern const char raw_return[], raw_end[];

__asm__(".text\n"
        ".globl raw_call, raw_return\n"
        ".hidden raw_call, raw_return\n"
        ".type raw_call, @function\n"
        "raw_call:\n"
        "  .cfi_startproc\n"
        "  mov %rdi, %rax\n"
        "  mov %rsi, %rdi\n"
        "  mov %rdx, %rsi\n"
        "  mov %rcx, %rdx\n"
        "  mov %r8, %r10\n"
        "  mov %r9, %r8\n"
        "  mov 8(%rsp), %r9\n"
        "  syscall\n"
        "raw_return:\n"
        "  ret\n"
        "  .cfi_endproc\n"
        ".globl raw_restorer, raw_end\n"
        ".hidden raw_restorer, raw_end\n"
        ".type raw_restorer, @function\n"
        "raw_restorer:\n"
        "  mov $15, %rax\n" /* rt_sigreturn */
        "  syscall\n"
        "raw_end:\n"
        "  hlt\n");

static long count, failing;
static int failure;
static volatile long *orders; /* of another process: nth, error, count, which failed */

/* What has no error to return: who calls would take it for a number, or an address, or does not expect it to return. */
static bool cannot_fail(long number)
{
    static const short numbers[] = {SYS_brk, SYS_getpid, SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid,
        SYS_getgid, SYS_getegid, SYS_umask, SYS_exit, SYS_exit_group};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static void *address_of(greg_t word)
{
    void *address;
    memcpy(&address, &word, sizeof address);
    return address;
}

/* What has run does not become undone: the kernel closes, and unmaps, whatever it answers. */
static bool happens_anyway(long number)
{
    return number == SYS_close || number == SYS_munmap;
}

/* The handler's end puts back the mask that it interrupted: so that one is changed. */
static long change_mask(ucontext_t *context, const greg_t *r)
{
    uint64_t set = 0, mask;
    memcpy(&mask, &context->uc_sigmask, sizeof mask);
    if (r[REG_RDX])
        memcpy(address_of(r[REG_RDX]), &mask, sizeof mask);
    if (r[REG_RSI])
        memcpy(&set, address_of(r[REG_RSI]), sizeof set);
    if (r[REG_RSI])
        mask = r[REG_RDI] == SIG_BLOCK ? mask | set : r[REG_RDI] == SIG_UNBLOCK ? mask & ~set : set;
    mask &= ~(UINT64_C(1) << (SIGSYS - 1));
    memcpy(&context->uc_sigmask, &mask, sizeof mask);
    return 0;
}

/* What the filter lets pass does come here where there is none. True: done. */
static bool is_of_signals(const siginfo_t *info, ucontext_t *context)
{
    greg_t *r = context->uc_mcontext.gregs;
    if (info->si_syscall == SYS_rt_sigprocmask)
        r[REG_RAX] = change_mask(context, r);
    else if (info->si_syscall == SYS_rt_sigreturn)
        r[REG_RIP] = (greg_t)(uintptr_t)raw_restorer;
    else
        return false;
    return true;
}

static void on_call(int signal, siginfo_t *info, void *context)
{
    if (is_of_signals(info, context))
        return;
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    if (orders && orders[2] < 0) {
        trap_arm(orders[0], (int)orders[1]);
        orders[2] = 0;
    }
    bool fails = ++count == failing && !cannot_fail(info->si_syscall);
    if (orders)
        orders[2] = count;
    if (orders && fails)
        orders[3] = info->si_syscall;
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

/* By the kernel's own structure: libc would return from the handler by a call of its own, which would be trapped. */
bool trap_begin_here(void)
{
    static volatile char selector = SYSCALL_DISPATCH_FILTER_BLOCK;
    const struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
        void (*restorer)(void);
        uint64_t mask;
    } action = {on_call, SA_SIGINFO | SA_NODEFER | 0x04000000 /* SA_RESTORER */, raw_restorer, 0};
    return raw_call(SYS_rt_sigaction, SIGSYS, (long)(uintptr_t)&action, 0, sizeof action.mask, 0, 0) == 0 &&
           raw_call(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, (long)(uintptr_t)raw_return,
               raw_end - raw_return + 1, (long)(uintptr_t)&selector, 0) == 0;
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

bool trap_begin_here(void)
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
