/* Making or taking the sockets: everything that needs root, done before the drop. */
#include "ipc/server.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

enum {
    BACKLOG = 4096,
    FIRST_PASSED = 3,
    PASSED_MAX = 16,
    PASS_RIGHTS = 83, /* SO_PASSRIGHTS, Linux 6.16; headers know it later */
};

/* Credentials with each message; descriptors, where the kernel can refuse them, not at all. */
static int pass_credentials(int fd)
{
    int on = 1, off = 0;
    setsockopt(fd, SOL_SOCKET, PASS_RIGHTS, &off, sizeof off); /* an older kernel does not know it */
    return setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0 ? -errno : 0;
}

static int option_of(int fd, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(fd, SOL_SOCKET, name, &value, &size) < 0 ? -1 : value;
}

static int is_listener(int fd)
{
    if (option_of(fd, SO_DOMAIN) != AF_UNIX || option_of(fd, SO_TYPE) != SOCK_SEQPACKET ||
        option_of(fd, SO_ACCEPTCONN) != 1)
        return -EINVAL;
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
        return -errno;
    return pass_credentials(fd);
}

/* sd_listen_fds(3): LISTEN_PID is us, LISTEN_FDS says how many from 3 on, LISTEN_FDNAMES their names. */
static int take_passed(struct server_sockets *out)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS"), *names = getenv("LISTEN_FDNAMES");
    if (!pid || !count || strtol(pid, NULL, 10) != getpid())
        return 0;
    long passed = strtol(count, NULL, 10);
    if (passed < 0 || passed > PASSED_MAX)
        return -EINVAL;
    int fd = FIRST_PASSED, last = FIRST_PASSED + (int)passed;
    for (const char *name = names ? names : ""; fd < last; fd++) {
        size_t length = strcspn(name, ":");
        if (length == 3 && memcmp(name, "pam", 3) == 0)
            out->pam = fd;
        else if (length == 4 && memcmp(name, "user", 4) == 0)
            out->user = fd;
        name += length + (name[length] == ':');
    }
    if (out->pam < 0 || out->user < 0)
        return -EINVAL;
    int r = is_listener(out->pam);
    return r < 0 ? r : is_listener(out->user) < 0 ? -EINVAL : 1;
}

static int open_runtime_dir(const char *path)
{
    struct stat status;
    bool made = mkdir(path, 0755) == 0;
    if (!made && errno != EEXIST)
        return -errno;
    int fd CLEANUP_CLOSE = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0)
        return -errno;
    if (status.st_uid != geteuid() || status.st_mode & (S_IWGRP | S_IWOTH))
        return -EPERM;
    if (made && fchmod(fd, 0755) < 0) /* whatever the umask was: users must reach their socket */
        return -errno;
    int kept = fd;
    fd = -1;
    return kept;
}

static int address_of(const char *directory, const char *name, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(out->sun_path, sizeof out->sun_path, "%s/%s", directory, name);
    return length < 0 || (size_t)length >= sizeof out->sun_path ? -ENAMETOOLONG : 0;
}

/* A socket that somebody answers is not ours to take away; one that nobody does is what a dead helper left. */
static int remove_stale(const struct sockaddr_un *address)
{
    int fd CLEANUP_CLOSE = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 || errno == EAGAIN ||
        errno == EPROTOTYPE)
        return -EADDRINUSE;
    if (errno == ENOENT)
        return 0;
    struct stat status;
    if (errno != ECONNREFUSED || lstat(address->sun_path, &status) < 0)
        return -errno;
    if (!S_ISSOCK(status.st_mode))
        return -EEXIST;
    return unlink(address->sun_path) < 0 ? -errno : 0;
}

static int make_socket(const char *directory, const char *name, mode_t mode, int *out)
{
    struct sockaddr_un address;
    int r = address_of(directory, name, &address);
    if (r == 0)
        r = remove_stale(&address);
    if (r < 0)
        return r;
    int fd CLEANUP_CLOSE = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    r = pass_credentials(fd);
    if (r < 0)
        return r;
    mode_t before = umask(0777 & ~mode);
    r = bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
    umask(before);
    if (r < 0)
        return r;
    if (listen(fd, BACKLOG) < 0)
        return -errno;
    *out = fd;
    fd = -1;
    return 0;
}

int server_listen(const char *runtime_dir, struct server_sockets *out)
{
    *out = (struct server_sockets){.pam = -1, .user = -1};
    int r = take_passed(out);
    if (r != 0)
        return r < 0 ? r : 0;
    int directory CLEANUP_CLOSE = open_runtime_dir(runtime_dir);
    if (directory < 0)
        return directory;
    r = make_socket(runtime_dir, C2M_PAM_SOCKET, 0600, &out->pam);
    if (r == 0)
        r = make_socket(runtime_dir, C2M_USER_SOCKET, 0666, &out->user);
    if (r < 0) {
        cleanup_close(&out->pam);
        out->pam = -1;
    }
    return r;
}
