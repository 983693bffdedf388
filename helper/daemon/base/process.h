/*
 * What the kernel says of a process: /proc and pidfd. A process is named by pid AND start time, because a pid
 * is reused (pid_max may be 32,768). Works without privileges; where hidepid hides root's processes every call
 * answers -ESRCH, and the caller fails closed.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { PROCESS_NO_AUDIT_ID = 0xffffffff, PROCESS_NO_UID = 0xffffffff };

struct process {
    pid_t pid; /* 0: none */
    uint64_t start; /* clock ticks since boot: field 22 of /proc/PID/stat, proc(5) */
};

struct process_facts {
    struct process process;
    pid_t parent;
    pid_t leader; /* of its session; 0 in another namespace */
    uint32_t tty; /* device number of the controlling terminal; 0: none */
    pid_t group, foreground; /* its process group, and the one that the terminal is for just now; -1: none */
    char state; /* 'Z' is dead */
    uid_t real_uid, effective_uid;
    bool foreign; /* lives in another pid namespace than ours: NSpid has several numbers */
    uint32_t login_uid; /* PROCESS_NO_UID when unset or unreadable */
    uint32_t audit_id; /* /proc/PID/sessionid; PROCESS_NO_AUDIT_ID when unset or unreadable */
};

/*
 * Where /proc is: the real one unless a test says another directory. Opened once, kept over the sandbox.
 * Returns 0 or a negative errno.
 */
int process_open(const char *root);

/* Reads stat, status, loginuid and sessionid of PID, all of one process that was there to the end. -ESRCH: gone. */
int process_read(pid_t pid, struct process_facts *out);
/* What stat alone says, in a fifth of the time: process, parent, leader, tty, its groups and state; nothing is said of uids. */
int process_read_stat(pid_t pid, struct process_facts *out);
/* The parent of CHILD as it was read before; process.pid 0 when there is none, or CHILD has another one by now. */
void process_parent(const struct process_facts *child, struct process_facts *out);
bool process_same(struct process a, struct process b);
/* Re-reads the start time. 0: PROCESS still lives; -ESRCH: it does not (a zombie neither); another errno: nobody knows. */
int process_look(struct process process);
/* It is known to live. */
bool process_alive(struct process process);

/* A pidfd that is PROCESS for certain (pidfd_open, then the start time again); negative errno, -ESRCH when gone. */
int process_pidfd(struct process process);
/* Sends SIGNAL by a pidfd: 0; -ESRCH: it has ended; -EPERM: that needs CAP_KILL. */
int process_signal(int pidfd, int signal);
/* When PROCESS began, in milliseconds of CLOCK_BOOTTIME. */
int64_t process_start_ms(struct process process);
/* True when the pidfd's process has ended (poll(2); a zombie has). */
bool process_ended(int pidfd);
/* True for a terminal's name from the device number: "pts/3", "tty1"; "" when unknown. OUT holds 32 bytes. */
const char *process_tty_name(uint32_t tty, char *out);

#endif
