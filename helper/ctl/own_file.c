#include "own_file.h"

#include "complain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* NULL, or what is wrong with it. */
static const char *objection(int fd, mode_t forbidden)
{
    struct stat status;

    if (fstat(fd, &status) < 0)
        return strerrordesc_np(errno);
    if (!S_ISREG(status.st_mode))
        return "not a regular file";
    if (status.st_uid != 0 && status.st_uid != geteuid())
        return "not your own file";
    if ((status.st_mode & forbidden) != 0)
        return (forbidden & S_IROTH) != 0 ? "others have access to it (chmod 600)"
                                          : "others can write it (chmod go-w)";
    return NULL;
}

int own_file_open(const char *file, mode_t forbidden)
{
    int fd = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    const char *wrong = fd < 0 ? strerrordesc_np(errno) : objection(fd, forbidden);

    if (wrong == NULL)
        return fd;
    complain(fd < 0 && errno == ELOOP ? "a symbolic link is not followed" : wrong, file);
    if (fd >= 0)
        close(fd);
    return -1;
}
