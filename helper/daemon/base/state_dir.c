/* Everything by the directory's descriptor and without following links: a name that is swapped gains nothing. */
#include "base/state_dir.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

static int open_own(int directory, const char *name, int flags)
{
    CLEANUP_CLOSE int fd = openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    struct stat status;
    if (fd < 0)
        return errno == ELOOP ? -EACCES : -errno;
    if (fstat(fd, &status) != 0)
        return -errno;
    if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() || status.st_nlink != 1)
        return -EACCES;
    /* A file that was just made may have lost bits to the umask; one that has too many is not ours alone. */
    if ((flags & O_EXCL) && fchmod(fd, 0600) != 0)
        return -errno;
    if (!(flags & O_EXCL) && (status.st_mode & 077))
        return -EACCES;
    int kept = fd;
    fd = -1;
    return kept;
}

static int open_or_make(int directory, const char *name)
{
    int fd = open_own(directory, name, O_RDWR);
    if (fd != -ENOENT)
        return fd;
    fd = open_own(directory, name, O_RDWR | O_CREAT | O_EXCL);
    if (fd >= 0)
        fsync(directory); /* if the name is lost with the power, so is nothing but an empty file */
    return fd;
}

int state_dir_open(const char *path, struct state_dir *out)
{
    CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        return -errno;
    if (status.st_uid != geteuid() || (status.st_mode & 022))
        return -EACCES;
    CLEANUP_CLOSE int lock = open_or_make(fd, "lock");
    if (lock < 0)
        return lock;
    if (flock(lock, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? -EBUSY : -errno;
    *out = (struct state_dir){fd, lock};
    fd = lock = -1;
    return 0;
}

void state_dir_close(struct state_dir *directory)
{
    cleanup_close(&directory->fd);
    cleanup_close(&directory->lock);
    *directory = (struct state_dir){-1, -1};
}

int state_dir_open_file(const struct state_dir *directory, const char *name, bool create)
{
    return create ? open_or_make(directory->fd, name) : open_own(directory->fd, name, O_RDWR);
}

int state_dir_file(const struct state_dir *directory, const char *name, bool create)
{
    CLEANUP_CLOSE int fd = state_dir_open_file(directory, name, create);
    return fd < 0 ? fd : 0;
}

int state_dir_probe(const struct state_dir *directory)
{
    static const char block[4096];
    unlinkat(directory->fd, "probe", 0);
    CLEANUP_CLOSE int fd = open_own(directory->fd, "probe", O_RDWR | O_CREAT | O_EXCL);
    if (fd < 0)
        return fd;
    ssize_t written = pwrite(fd, block, sizeof block, 0);
    int error = written < 0 ? -errno : 0;
    if (error == 0 && written != sizeof block)
        error = -ENOSPC;
    unlinkat(directory->fd, "probe", 0);
    return error;
}
