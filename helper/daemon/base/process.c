/*
 * A process's folder in /proc is opened once for each reading and stays that of the process it was opened for, so a
 * pid that is reused meanwhile cannot mix two processes: nothing is found in the old folder any more (fs/proc/base.c).
 * Each reading costs a login some of its time, hence one read(2) a file: a file of one record comes whole.
 */
#include "base/process.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/process_text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STAT_SIZE = 2048, LINE_SIZE = 256 };

static int proc =
    -1; /* the folder of all processes; kept because a path may be out of reach in the sandbox */

int process_open(const char *root)
{
    int fd = open(root ? root : "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    cleanup_close(&proc);
    proc = fd;
    return 0;
}

/* With hidepid the entries of others do not exist or cannot be read: the same as gone, so that nobody is trusted. */
static int gone_or(int error)
{
    return error == ENOENT || error == EACCES || error == EPERM || error == ESRCH ? -ESRCH : -error;
}

static int open_folder(pid_t pid)
{
    char name[16];
    if (pid <= 0)
        return -ESRCH;
    int r = proc < 0 ? process_open(NULL) : 0;
    if (r < 0)
        return r;
    snprintf(name, sizeof name, "%d", (int)pid);
    int folder = openat(proc, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return folder < 0 ? gone_or(errno) : folder;
}

/* The whole file and a NUL; -EPROTO when it does not fit. */
static ssize_t read_text(int folder, const char *name, char *buffer, size_t size)
{
    int fd CLEANUP_CLOSE = openat(folder, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return gone_or(errno);
    ssize_t got = read(fd, buffer, size);
    if (got < 0)
        return gone_or(errno);
    if ((size_t)got == size)
        return -EPROTO;
    buffer[got] = '\0';
    return got;
}

static int read_stat(int folder, pid_t pid, struct process_facts *out)
{
    char text[STAT_SIZE];
    ssize_t length = read_text(folder, "stat", text, sizeof text);
    return length < 0 ? (int)length : process_text_stat(text, (size_t)length, pid, out);
}

/* Line by line, because a user in ten thousand groups has a status of a hundred kilobytes. */
static int read_status(int folder, struct process_facts *out)
{
    int fd CLEANUP_CLOSE = openat(folder, "status", O_RDONLY | O_CLOEXEC);
    struct process_status status = {.has_uids = false};
    char chunk[STAT_SIZE], line[LINE_SIZE];
    size_t used = 0;
    ssize_t got = 0;
    if (fd < 0)
        return gone_or(errno);
    while (!(status.has_uids && status.namespaces) && (got = read(fd, chunk, sizeof chunk)) > 0) {
        for (ssize_t i = 0; i < got; i++) {
            if (chunk[i] != '\n') {
                line[used] = chunk[i];
                used += used < sizeof line - 1;
                continue;
            }
            line[used] = '\0';
            process_text_status_line(&status, line);
            used = 0;
        }
    }
    if (got < 0)
        return gone_or(errno);
    out->real_uid = status.real_uid;
    out->effective_uid = status.effective_uid;
    out->foreign = status.namespaces != 1;
    return status.has_uids ? 0 : -EPROTO;
}

/* loginuid and sessionid: absent without the kernel's audit. */
static uint32_t read_number(int folder, const char *name, uint32_t otherwise)
{
    char text[32];
    return read_text(folder, name, text, sizeof text) < 0 ? otherwise : process_text_number(text, otherwise);
}

int process_read(pid_t pid, struct process_facts *out)
{
    int folder CLEANUP_CLOSE = open_folder(pid);
    struct process_facts facts = {.parent = 0};
    struct stat there;
    if (folder < 0)
        return folder;
    int r = read_stat(folder, pid, &facts);
    if (r == 0)
        r = read_status(folder, &facts);
    if (r < 0)
        return r;
    facts.login_uid = read_number(folder, "loginuid", PROCESS_NO_UID);
    facts.audit_id = read_number(folder, "sessionid", PROCESS_NO_AUDIT_ID);
    if (fstatat(folder, "stat", &there, 0) < 0)
        return gone_or(errno); /* or what is absent above would say that it has no audit id */
    *out = facts;
    return 0;
}

int process_read_stat(pid_t pid, struct process_facts *out)
{
    int folder CLEANUP_CLOSE = open_folder(pid);
    struct process_facts facts = {.real_uid = PROCESS_NO_UID,
        .effective_uid = PROCESS_NO_UID,
        .login_uid = PROCESS_NO_UID,
        .audit_id = PROCESS_NO_AUDIT_ID};
    if (folder < 0)
        return folder;
    int r = read_stat(folder, pid, &facts);
    if (r == 0)
        *out = facts;
    return r;
}

void process_parent(const struct process_facts *child, struct process_facts *out)
{
    struct process_facts again;
    if (child->parent <= 0 || process_read(child->parent, out) < 0 ||
        process_read_stat(child->process.pid, &again) < 0 || !process_same(again.process, child->process) ||
        again.parent != child->parent)
        *out = (struct process_facts){.process = {0}};
}

bool process_same(struct process a, struct process b)
{
    return a.pid > 0 && a.pid == b.pid && a.start == b.start;
}

int process_look(struct process process)
{
    int folder CLEANUP_CLOSE = open_folder(process.pid);
    struct process_facts now;
    int r = folder < 0 ? folder : read_stat(folder, process.pid, &now);
    if (r == 0 && (!process_same(process, now.process) || strchr("ZXx", now.state)))
        return -ESRCH;
    return r;
}

bool process_alive(struct process process)
{
    return process_look(process) == 0;
}

int process_pidfd(struct process process)
{
    if (process.pid <= 0)
        return -ESRCH;
    int pidfd CLEANUP_CLOSE = pidfd_open(process.pid, 0);
    if (pidfd < 0)
        return -errno;
    int r = process_look(process);
    if (r < 0)
        return r;
    int result = pidfd;
    pidfd = -1;
    return result;
}

int process_signal(int pidfd, int signal)
{
    return pidfd_send_signal(pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

int64_t process_start_ms(struct process process)
{
    long ticks = sysconf(_SC_CLK_TCK);
    uint64_t second = ticks > 0 ? (uint64_t)ticks : 100;
    return (int64_t)(process.start / second * 1000 + process.start % second * 1000 / second);
}

bool process_ended(int pidfd)
{
    struct pollfd wait = {.fd = pidfd, .events = POLLIN};
    int ready;
    do
        ready = poll(&wait, 1, 0);
    while (ready < 0 && errno == EINTR);
    return pidfd < 0 || ready != 0; /* also when it cannot be told */
}

const char *process_tty_name(uint32_t tty, char *out)
{
    /* Numbers of the kernel's list of devices (admin-guide/devices.txt). */
    static const struct {
        uint32_t major, first, count;
        const char *name;
    } known[] = {
        {136, 0, 1 << 20, "pts/"},
        {4, 0, 64, "tty"},
        {4, 64, 192, "ttyS"},
        {204, 64, 16, "ttyAMA"},
        {229, 0, 256, "hvc"},
        {188, 0, 256, "ttyUSB"},
    };
    enum { TTY_NAME_SIZE = 32 };
    uint32_t major = tty >> 8 & 0xfff, minor = (tty & 0xff) | (tty >> 12 & 0xfff00);
    out[0] = '\0';
    for (size_t i = 0; tty != 0 && i < sizeof known / sizeof known[0]; i++) {
        if (major == known[i].major && minor >= known[i].first && minor - known[i].first < known[i].count)
            snprintf(out, TTY_NAME_SIZE, "%s%u", known[i].name, minor - known[i].first);
    }
    return out;
}
