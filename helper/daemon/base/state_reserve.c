/* Its size says how much there is: it grows only by posix_fallocate, which allocates what it adds or fails. */
#include "base/state_reserve.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char file_name[] = "reserve";

static int open_reserve(const struct state_dir *directory, off_t *size)
{
    struct stat status;
    CLEANUP_CLOSE int fd = state_dir_open_file(directory, file_name, true);
    if (fd < 0)
        return fd;
    if (fstat(fd, &status) != 0)
        return -errno;
    *size = status.st_size;
    int kept = fd;
    fd = -1;
    return kept;
}

int state_reserve_fill(const struct state_dir *directory)
{
    off_t size;
    CLEANUP_CLOSE int fd = open_reserve(directory, &size);
    if (fd < 0)
        return fd;
    if (size >= STATE_RESERVE_SIZE)
        return 0;
    int error = posix_fallocate(fd, 0, STATE_RESERVE_SIZE);
    if (error == 0)
        return 0;
    if (ftruncate(fd, size) != 0) /* part of it may have been allocated */
        return -errno;
    return error == EDQUOT || error == EFBIG ? -ENOSPC : -error;
}

bool state_reserve_give(const struct state_dir *directory)
{
    off_t size;
    CLEANUP_CLOSE int fd = open_reserve(directory, &size);
    if (fd < 0 || size == 0)
        return false;
    return ftruncate(fd, size > STATE_RESERVE_PIECE ? size - STATE_RESERVE_PIECE : 0) == 0;
}
