/* Sockets in the file system: see local.h. */
#include "local.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int close_with_errno(int fd)
{
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static int open_socket(const char *path, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address->sun_path, path, strlen(path));
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

int local_connect(const char *path)
{
    struct sockaddr_un address;
    int fd = open_socket(path, &address);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return close_with_errno(fd);
    return fd;
}

int local_listen(const char *path)
{
    struct sockaddr_un address;
    int other = local_connect(path);
    if (other >= 0) {
        close(other);
        errno = EADDRINUSE;
        return -1;
    }
    int fd = open_socket(path, &address);
    if (fd < 0)
        return -1;
    if (unlink(path) != 0 && errno != ENOENT)
        return close_with_errno(fd);
    mode_t before = umask(0177);
    int bound = bind(fd, (struct sockaddr *)&address, sizeof address);
    umask(before);
    if (bound != 0 || listen(fd, 64) != 0)
        return close_with_errno(fd);
    return fd;
}

int local_send(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = send(fd, text, length, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        text += n;
        length -= (size_t)n;
    }
    return 0;
}
