/*
 * The two doors: pam.sock (root, 0600) and user.sock (root, 0666), SOCK_SEQPACKET, SO_PASSCRED before the first
 * connection. Given by the service manager (LISTEN_FDS, LISTEN_FDNAMES=pam:user) or made here, as root, before
 * the drop. One door would let any user fill the backlog and keep root out.
 *
 * Connections are bounded: user.sock 8 for each uid (all uids that root never spoke of share one such bound) and
 * 128 in total, pam.sock 2,048 of its own. What is beyond is accepted and closed; accepting never stops.
 */
#ifndef IPC_SERVER_H
#define IPC_SERVER_H

#include "base/loop.h"
#include "ipc/peer.h"

#include <stdbool.h>
#include <stdint.h>

struct server;

struct server_sockets {
    int pam, user; /* listening; -1: none */
};

/*
 * Takes both sockets from the service manager, or makes RUNTIME_DIR (0755, root's) and binds them. As root.
 * -EPERM: the directory is not root's or others may write it; -EINVAL: LISTEN_FDS without both names;
 * -EADDRINUSE: another helper answers there.
 */
int server_listen(const char *runtime_dir, struct server_sockets *out);

struct server_handlers {
    void (*message)(void *argument, struct peer *peer, uint16_t operation, const void *body);
    bool (*known_uid)(void *argument, uint32_t uid); /* has root's module spoken of it? */
    void *argument;
};

/* The sockets become the server's. */
int server_new(struct loop *loop, const struct server_sockets *sockets,
    const struct server_handlers *handlers, struct server **out);
/* Ends every connection; what they had under way is undone. */
void server_free(struct server *server);

#endif
