/* A port that stays ours while nobody listens on it. */
#ifndef STANDIN_LISTENER_H
#define STANDIN_LISTENER_H

#include <netinet/in.h>
#include <stdint.h>

struct listener {
    int holder; /* bound, never listening: no other program is given the port by chance; -1: not bound */
    struct sockaddr_in address;
    uint16_t port;
};

/* Takes the port; 0 lets the kernel choose. 0, or -1 with errno set. */
int listener_bind(struct listener *listener, const char *address, uint16_t port);

/* A new socket that listens on the port, non-blocking; the caller closes it. -1 with errno set. */
int listener_listen(const struct listener *listener);

void listener_close(struct listener *listener);

#endif
