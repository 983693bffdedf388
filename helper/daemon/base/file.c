/* Judged by the descriptor, not by the path: what was looked at is what is read. */
#include "base/file.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

int file_open(const char *path, mode_t forbidden)
{
    struct stat status;
    /* O_NONBLOCK: a FIFO in its place must not hold up the start. */
    int fd CLEANUP_CLOSE = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) < 0)
        return -errno;
    if (!S_ISREG(status.st_mode))
        return -EINVAL;
    if ((status.st_mode & forbidden) || (status.st_uid != 0 && status.st_uid != geteuid()))
        return -EPERM;
    int result = fd;
    fd = -1;
    return result;
}

const char *file_complaint(int error, mode_t forbidden)
{
    switch (-error) {
    case ENOENT:
        return "there is no such file";
    case EACCES:
        return "c2m-authd may not read it: chgrp c2m-authd, chmod g+r, and x on its folders";
    case EPERM:
        return (forbidden & S_IRWXO) == S_IRWXO
                   ? "others may read or write it: chown root:c2m-authd, chmod 0640"
                   : "others may write it: chown root, chmod go-w";
    case ELOOP:
        return "a symbolic link is not followed: put the file itself there";
    case EINVAL:
        return "not a regular file";
    case EFBIG:
        return "too large";
    default:
        return strerrordesc_np(-error) ? strerrordesc_np(-error) : "it cannot be read";
    }
}

ssize_t file_read(int fd, void *buffer, size_t size)
{
    size_t used = 0;
    while (used < size) {
        ssize_t got = read(fd, (char *)buffer + used, size - used);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return -errno;
        used += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)used;
}
