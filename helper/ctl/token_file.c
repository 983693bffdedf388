#include "token_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SHARED_MEMORY "/dev/shm"

static bool is_memory(const char *dir)
{
    struct statfs system;

    return statfs(dir, &system) == 0 && (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC);
}

static bool is_own(const char *dir)
{
    struct stat status;

    return dir[0] == '/' && lstat(dir, &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == geteuid() && (status.st_mode & 077) == 0;
}

static const char *place(void)
{
    const char *own = getenv("XDG_RUNTIME_DIR");

    if (own != NULL && is_own(own) && is_memory(own))
        return own;
    return is_memory(SHARED_MEMORY) ? SHARED_MEMORY : NULL;
}

static int write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? -errno : -EIO;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

/* PATH ends in XXXXXX. */
static int make(char *path, const struct c2m_token *token)
{
    int fd = mkostemp(path, O_CLOEXEC); /* 0600 */

    if (fd < 0)
        return -errno;
    int rc = write_all(fd, token->token.bytes, token->token.length);
    if (rc == 0)
        rc = write_all(fd, "\n", 1);
    if (close(fd) < 0 && rc == 0)
        rc = -errno;
    if (rc < 0)
        unlink(path);
    return rc;
}

int token_file_create(struct token_file *file, const struct c2m_token *token)
{
    const char *dir = place();

    file->path[0] = '\0';
    if (dir == NULL)
        return -ENODEV;
    if (snprintf(file->path, sizeof file->path, "%s/c2m-token-XXXXXX", dir) >= (int)sizeof file->path) {
        file->path[0] = '\0';
        return -ENAMETOOLONG;
    }
    int rc = make(file->path, token);
    if (rc < 0)
        file->path[0] = '\0';
    return rc;
}

int token_file_replace(const struct token_file *file, const struct c2m_token *token)
{
    char fresh[PATH_MAX];

    if (snprintf(fresh, sizeof fresh, "%s.XXXXXX", file->path) >= (int)sizeof fresh)
        return -ENAMETOOLONG;
    int rc = make(fresh, token);
    if (rc == 0 && rename(fresh, file->path) < 0) {
        rc = -errno;
        unlink(fresh);
    }
    return rc;
}

void token_file_remove(struct token_file *file)
{
    if (file->path[0] != '\0')
        unlink(file->path);
    file->path[0] = '\0';
}
