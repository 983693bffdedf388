/* A port that stays ours while nobody listens on it: see listener.h. */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Linux lets sockets with SO_REUSEADDR share a port as long as at most one of them listens. */
static int bind_socket(const struct sockaddr_in *address)
{
    int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(fd, (const struct sockaddr *)address, sizeof *address) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

int listener_bind(struct listener *listener, const char *address, uint16_t port)
{
    socklen_t length = sizeof listener->address;
    listener->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &listener->address.sin_addr);
    listener->holder = bind_socket(&listener->address);
    if (listener->holder < 0)
        return -1;
    if (getsockname(listener->holder, (struct sockaddr *)&listener->address, &length) != 0)
        return -1;
    listener->port = ntohs(listener->address.sin_port);
    return 0;
}

int listener_listen(const struct listener *listener)
{
    int fd = bind_socket(&listener->address);
    if (fd < 0)
        return -1;
    if (listen(fd, 1024) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

void listener_close(struct listener *listener)
{
    if (listener->holder >= 0)
        close(listener->holder);
    listener->holder = -1;
}
