/* See disk.h. */
#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define VISIBLE __attribute__((visibility("default")))

long disk_calls, disk_fails_from, disk_fails_at, disk_syncs;
bool disk_is_lazy;
int disk_error = ENOSPC;

static bool fails(void)
{
    disk_calls++;
    errno = disk_error;
    return (disk_fails_from && disk_calls >= disk_fails_from) ||
           (disk_fails_at && disk_calls == disk_fails_at);
}

static const char *limited;
static int64_t capacity;

void disk_limit(const char *folder, int64_t bytes)
{
    limited = folder;
    capacity = bytes;
}

int64_t disk_used(const char *folder)
{
    DIR *stream = opendir(folder);
    struct dirent *entry;
    struct stat status;
    int64_t used = 0;
    while (stream && (entry = readdir(stream)))
        if (fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode))
            used += status.st_size;
    if (stream)
        closedir(stream);
    return used;
}

/* A file of any folder counts: only the limited one is written to meanwhile. */
static bool has_room(int fd, off_t end)
{
    struct stat status;
    if (!limited || fstat(fd, &status) != 0 || end <= status.st_size ||
        disk_used(limited) + end - status.st_size <= capacity)
        return true;
    errno = ENOSPC;
    return false;
}

VISIBLE int posix_fallocate(int fd, off_t offset, off_t length)
{
    if (fails())
        return disk_error;
    if (!has_room(fd, offset + length)) {
        struct stat status; /* ext4 leaves what it got so far */
        if (fstat(fd, &status) == 0 && status.st_size < length / 2 && ftruncate(fd, length / 2) != 0)
            abort();
        return ENOSPC;
    }
    return syscall(SYS_fallocate, fd, 0, offset, length) == 0 ? 0 : errno;
}

VISIBLE ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    if (!has_room(fd, offset + (off_t)length))
        return -1;
    return fails() ? -1 : syscall(SYS_pwrite64, fd, bytes, length, offset);
}

VISIBLE ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    return pwrite64(fd, bytes, length, offset);
}

/* Not of a directory: SQLite does not look at that answer. */
VISIBLE int fdatasync(int fd)
{
    struct stat status;
    disk_syncs++;
    bool file = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    if (file && fails())
        return -1;
    return disk_is_lazy ? 0 : (int)syscall(SYS_fdatasync, fd);
}

const char *disk_folder(void)
{
    static char folder[256];
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/c2m-store.XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(folder))
        abort();
    return folder;
}

void disk_remove(const char *folder)
{
    DIR *stream = opendir(folder);
    struct dirent *entry;
    while (stream && (entry = readdir(stream)))
        unlinkat(dirfd(stream), entry->d_name, 0);
    if (stream)
        closedir(stream);
    rmdir(folder);
}
