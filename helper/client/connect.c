/*
 * From a path to a connected socket that root listens on.
 *
 * A full backlog makes connect() of a non-blocking socket fail with EAGAIN, and poll() does not tell when there
 * is room again; SO_SNDTIMEO on a blocking one waits in the kernel's queue, first come, first served.
 */
#include "c2m/client.h"
#include "c2m/deadline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int address_of(struct sockaddr_un *address, const char *runtime_dir, const char *name)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(address->sun_path, sizeof address->sun_path, "%s/%s", runtime_dir, name);
    if (length < 0 || (size_t)length >= sizeof address->sun_path)
        return -ENAMETOOLONG;
    return 0;
}

/* A program may have closed 0, 1 or 2, and would then write its messages into our socket. */
static int open_socket(int *out)
{
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (fd <= STDERR_FILENO) {
        int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        int error = errno;
        close(fd);
        if (moved < 0)
            return -error;
        fd = moved;
    }
    *out = fd;
    return 0;
}

static int connect_by(int fd, const struct sockaddr_un *address, struct c2m_deadline deadline)
{
    for (;;) {
        int left = c2m_deadline_left(deadline);
        if (left == 0)
            return -EAGAIN;
        /* Never zero here: that would mean for ever. */
        struct timeval wait = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000L};
        if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) < 0)
            return -errno;
        if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
            return 0;
        int rc = c2m_deadline_retry(deadline, fd, 0);
        if (rc < 0)
            return rc == -ETIMEDOUT ? -EAGAIN : rc;
    }
}

/* For a connected socket these are the credentials of whoever called listen(): nobody but root can be it. */
static int listener_is_root(int fd)
{
    struct ucred listener = {.uid = (uid_t)-1};
    socklen_t size = sizeof listener;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &listener, &size) < 0)
        return -errno;
    return size == sizeof listener && listener.uid == 0 ? 0 : -EPERM;
}

static int draw_nonce(uint8_t *nonce)
{
    ssize_t drawn = getrandom(nonce, C2M_NONCE_SIZE, GRND_NONBLOCK);
    if (drawn < 0)
        return -errno;
    return drawn == C2M_NONCE_SIZE ? 0 : -EIO;
}

int c2m_connect(struct c2m_client *client, const char *runtime_dir, const char *socket, int timeout_ms)
{
    struct c2m_deadline deadline = c2m_deadline_in(timeout_ms);
    struct sockaddr_un address;

    *client = C2M_CLIENT_CLOSED;
    int rc = address_of(&address, runtime_dir, socket);
    if (rc == 0)
        rc = draw_nonce(client->nonce);
    if (rc == 0)
        rc = open_socket(&client->fd);
    if (rc == 0)
        rc = connect_by(client->fd, &address, deadline);
    if (rc == 0)
        rc = listener_is_root(client->fd);
    if (rc < 0)
        c2m_disconnect(client);
    return rc;
}

void c2m_disconnect(struct c2m_client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    *client = C2M_CLIENT_CLOSED;
}
