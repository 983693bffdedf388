/* Accepting, and the caps: who is over his bound is accepted and closed, so that the backlog never fills. */
#include "ipc/server.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
    USER_EACH_MAX = 8,
    USER_MAX = 128,
    PAM_MAX = 2048,
    /* connections a turn, so that a flood at one door never starves the other: looking at who came takes 0.1 ms */
    PAM_BATCH = 64,
    USER_BATCH = 4,
};

struct connection {
    struct connection *next;
    struct server *server;
    struct peer *peer;
    uint32_t uid; /* PROCESS_NO_UID: nobody that root spoke of */
    bool root_door;
};

struct server {
    struct loop *loop;
    struct server_handlers handlers;
    struct server_sockets sockets;
    struct loop_io *pam_io, *user_io;
    struct connection *connections;
    unsigned pam_count, user_count;
    int spare; /* given up for a moment when descriptors run out, so that the excess can be closed */
};

static void forget(struct connection *connection)
{
    struct server *server = connection->server;
    struct connection **link = &server->connections;
    while (*link != connection)
        link = &(*link)->next;
    *link = connection->next;
    *(connection->root_door ? &server->pam_count : &server->user_count) -= 1;
    peer_free(connection->peer);
    free(connection);
}

static void over(void *argument, struct peer *peer)
{
    (void)peer;
    forget(argument);
}

static void message(void *argument, struct peer *peer, uint16_t operation, const void *body)
{
    struct connection *connection = argument;
    const struct server_handlers *handlers = &connection->server->handlers;
    handlers->message(handlers->argument, peer, operation, body);
}

static bool within_bounds(const struct server *server, bool root_door, uint32_t uid)
{
    unsigned mine = 0;
    if (root_door)
        return server->pam_count < PAM_MAX;
    for (const struct connection *c = server->connections; c; c = c->next)
        mine += !c->root_door && c->uid == uid;
    return server->user_count < USER_MAX && mine < USER_EACH_MAX;
}

static int admit(struct server *server, int fd, bool root_door)
{
    struct caller caller;
    uint32_t uid = caller_uid(fd);
    if (!server->handlers.known_uid(server->handlers.argument, uid) && uid != 0)
        uid = PROCESS_NO_UID;
    if (!within_bounds(server, root_door, uid))
        return -EAGAIN;
    int r = caller_identify(fd, &caller);
    if (r < 0)
        return r;
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) {
        caller_close(&caller);
        return -ENOMEM;
    }
    const struct peer_owner owner = {
        .loop = server->loop, .message = message, .over = over, .argument = connection};
    *connection = (struct connection){
        .next = server->connections, .server = server, .uid = uid, .root_door = root_door};
    r = peer_new(&owner, fd, root_door, &caller, &connection->peer);
    if (r < 0) {
        caller_close(&caller);
        free(connection);
        return r;
    }
    server->connections = connection;
    *(root_door ? &server->pam_count : &server->user_count) += 1;
    return 0;
}

/* No descriptor is left: the spare one makes room to take the next connection and to close it. */
static void shed(struct server *server, int listener)
{
    if (server->spare >= 0)
        close(server->spare);
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void accept_some(void *argument, int listener, int events)
{
    struct server *server = argument;
    (void)events;
    if (server->spare < 0) /* the last time somebody else was quicker */
        server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int batch = listener == server->sockets.pam ? PAM_BATCH : USER_BATCH;
    for (int i = 0; i < batch; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE))
            shed(server, listener);
        if (fd < 0)
            return;
        if (admit(server, fd, listener == server->sockets.pam) < 0)
            close(fd);
    }
}

void server_free(struct server *server)
{
    if (!server)
        return;
    while (server->connections)
        forget(server->connections); /* NOLINT(clang-analyzer-unix.Malloc): it takes the first off the list */
    loop_io_free(server->pam_io);
    loop_io_free(server->user_io);
    if (server->sockets.pam >= 0)
        close(server->sockets.pam);
    if (server->sockets.user >= 0)
        close(server->sockets.user);
    if (server->spare >= 0)
        close(server->spare);
    free(server);
}

static void server_freep(struct server **server)
{
    server_free(*server);
}

int server_new(struct loop *loop, const struct server_sockets *sockets,
    const struct server_handlers *handlers, struct server **out)
{
    struct server *server CLEANUP(server_freep) = calloc(1, sizeof *server);
    if (!server)
        return -ENOMEM;
    server->loop = loop;
    server->handlers = *handlers;
    server->sockets = *sockets;
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int r = loop_io_new(loop, sockets->pam, LOOP_READ, accept_some, server, &server->pam_io);
    if (r == 0)
        r = loop_io_new(loop, sockets->user, LOOP_READ, accept_some, server, &server->user_io);
    if (r < 0)
        return r;
    *out = STEAL(server);
    return 0;
}
