/*
 * No right to execute is ever given, so what can be written can never be run. The header of the kernel that this was
 * built on may be older than the kernel that runs it: the newer rights stand here by number.
 */
#include "base/landlock.h"

#include "base/cleanup.h"

#include <linux/landlock.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum {
    RIGHT_TRUNCATE = 1 << 14,
    BIND_A_PORT = 1 << 0,
    CONNECT_TO_A_PORT = 1 << 1,
    RULE_OF_A_PORT = 2, /* LANDLOCK_RULE_NET_PORT */
    SCOPE_SOCKETS = 1 << 0, /* abstract UNIX sockets */
    SCOPE_SIGNALS = 1 << 1,
    READ_A_FILE = LANDLOCK_ACCESS_FS_READ_FILE,
    CHANGE_A_FILE = READ_A_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_TRUNCATE,
    READ_A_FOLDER = READ_A_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    CHANGE_A_FOLDER =
        READ_A_FOLDER | CHANGE_A_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE,
};

/* What is refused unless a rule allows it, as the kernel reads it; zero for what an older kernel does not know. */
struct ruleset {
    uint64_t files, ports, scopes;
};

/* Each version of the interface keeps the rights of the one before. */
static struct ruleset ruleset_of(int abi)
{
    static const struct {
        int abi;
        struct ruleset adds;
    } history[] = {
        /* A table, a row a line. */
        /* clang-format off */
        {1, {.files = (1 << 13) - 1}},    /* execute, write, read, list, remove, make each kind of file */
        {2, {.files = 1 << 13}},          /* link or rename into another folder */
        {3, {.files = RIGHT_TRUNCATE}},
        {4, {.ports = BIND_A_PORT | CONNECT_TO_A_PORT}}, /* of TCP */
        {5, {.files = 1 << 15}},          /* ioctl(2) on a device */
        {6, {.scopes = SCOPE_SOCKETS | SCOPE_SIGNALS}},
        /* clang-format on */
    };
    struct ruleset all = {.files = 0};
    for (size_t i = 0; i < sizeof history / sizeof history[0] && history[i].abi <= abi; i++) {
        all.files |= history[i].adds.files;
        all.ports |= history[i].adds.ports;
        all.scopes |= history[i].adds.scopes;
    }
    return all;
}

static int allow(int ruleset, const char *path, uint64_t handled, bool change)
{
    int fd CLEANUP_CLOSE = open(path, O_PATH | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) < 0)
        return -errno;
    bool folder = S_ISDIR(status.st_mode);
    uint64_t wanted =
        change ? (folder ? CHANGE_A_FOLDER : CHANGE_A_FILE) : (folder ? READ_A_FOLDER : READ_A_FILE);
    const struct landlock_path_beneath_attr rule = {.allowed_access = wanted & handled, .parent_fd = fd};
    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0 ? -errno : 0;
}

static int allow_ports(int ruleset, const uint16_t *ports)
{
    for (; ports && *ports; ports++) {
        const struct {
            uint64_t allowed, port;
        } rule = {CONNECT_TO_A_PORT, *ports};
        if (syscall(SYS_landlock_add_rule, ruleset, RULE_OF_A_PORT, &rule, 0) < 0)
            return -errno;
    }
    return 0;
}

static int allow_all(int ruleset, const struct sandbox_paths *paths, uint64_t handled)
{
    for (const char *const *path = paths->read_only; path && *path; path++) {
        int r = allow(ruleset, *path, handled, false);
        if (r < 0 && r != -ENOENT && r != -ENOTDIR && r != -EACCES)
            return r;
    }
    for (const char *const *path = paths->read_write; path && *path; path++) {
        int r = allow(ruleset, *path, handled, true);
        if (r < 0)
            return r;
    }
    return 0;
}

int landlock_enter(const struct sandbox_paths *paths, int *abi)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    *abi = 0;
    if (version < 0) /* not built in, not booted with, or refused by a container's own filter */
        return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM ? 0 : -errno;
    struct ruleset handled = ruleset_of((int)version);
    if (paths->signals)
        handled.scopes &= ~(uint64_t)SCOPE_SIGNALS;
    int fd CLEANUP_CLOSE = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (fd < 0)
        return -errno;
    int r = allow_all(fd, paths, handled.files);
    if (r == 0 && handled.ports)
        r = allow_ports(fd, paths->ports);
    if (r < 0)
        return r;
    if (syscall(SYS_landlock_restrict_self, fd, 0) < 0)
        return -errno;
    *abi = (int)version;
    return 0;
}
