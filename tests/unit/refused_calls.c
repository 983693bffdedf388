/* See refused_calls.h. */
#include "refused_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Arguments that anybody may pass, or that the kernel would answer with something else than EPERM. */
const struct refused_call refused_calls[] = {
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
    {.name = NULL},
    /* clang-format on */
};

int refused_call_try(const struct refused_call *call)
{
    const long *a = call->arguments;
    return syscall(call->number, a[0], a[1], a[2], a[3], a[4], a[5]) < 0 ? errno : 0;
}
