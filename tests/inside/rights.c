/*
 * Preloaded into the helper: the kernel is one that does not know SO_PASSRIGHTS (before Linux 6.16), so that descriptors
 * reach the helper's sockets.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

enum { PASS_RIGHTS = 83 };

SHOWN int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
    if (level == SOL_SOCKET && name == PASS_RIGHTS) {
        errno = ENOPROTOOPT;
        return -1;
    }
    return (int)syscall(SYS_setsockopt, fd, level, name, value, length);
}
