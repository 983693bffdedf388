/* The HTTPS server: see server.h.
 *
 * A request that a fault delays is suspended, and resumed by server_turn when its time has come. */
#include "server.h"

#include "authority.h"
#include "clock.h"
#include "exchange.h"
#include "file.h"
#include "listener.h"
#include "memory.h"
#include "ticket.h"

#include <err.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS_MAX = 2000, IDLE_SECONDS = 120 };

struct server {
    struct service *service;
    struct listener listener;
    struct authority authority;
    struct ticket *ticket;
    struct exchanges exchanges;
    struct MHD_Daemon *daemon; /* NULL while down */
};

static void on_connection(
    void *data, struct MHD_Connection *connection, void **number, enum MHD_ConnectionNotificationCode what)
{
    struct server *server = data;
    if (what != MHD_CONNECTION_NOTIFY_STARTED)
        return;
    *number = exchange_number(journal_connect(&server->service->journal));
    ticket_offer(server->ticket, connection);
}

int server_up(struct server *server)
{
    if (server->daemon != NULL)
        return 0;
    int fd = listener_listen(&server->listener);
    if (fd < 0)
        return -1;
    /* MHD closes the socket when it stops; a port that nobody listens on refuses connections. */
    server->daemon = MHD_start_daemon(MHD_USE_TLS | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        exchange_handle, &server->exchanges, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_HTTPS_MEM_CERT,
        server->authority.server_certificate, MHD_OPTION_HTTPS_MEM_KEY, server->authority.server_key,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, &server->exchanges, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, server, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_END);
    if (server->daemon == NULL) {
        errno = EIO;
        return -1;
    }
    return 0;
}

void server_down(struct server *server)
{
    if (server->daemon == NULL)
        return;
    /* MHD panics when it is stopped while a request is suspended. */
    exchanges_resume(&server->exchanges, INT64_MAX);
    MHD_stop_daemon(server->daemon);
    server->daemon = NULL;
}

static int write_url(struct server *server, const struct options *options)
{
    struct service *service = server->service;
    OWN_TEXT char *path = file_path(options->directory, "url");
    service->url = memory_format("https://%s:%u", options->address, server->listener.port);
    return file_write(path, service->url, 0644);
}

struct server *server_new(struct service *service, const struct options *options)
{
    struct server *server = memory_zeroed(1, sizeof *server);
    server->service = service;
    server->exchanges.service = service;
    server->ticket = ticket_new();
    bool bound = listener_bind(&server->listener, options->address, options->port) == 0;
    if (!bound)
        warn("cannot bind to %s:%u", options->address, options->port);
    if (!bound || authority_open(&server->authority, options->directory, options->address) != 0) {
        server_free(server);
        return NULL;
    }
    if (server_up(server) != 0) {
        warn("cannot listen on %s:%u", options->address, server->listener.port);
        server_free(server);
        return NULL;
    }
    if (write_url(server, options) != 0) {
        server_free(server);
        return NULL;
    }
    return server;
}

void server_free(struct server *server)
{
    server_down(server);
    listener_close(&server->listener);
    authority_deinit(&server->authority);
    ticket_free(server->ticket);
    free(server);
}

int server_descriptor(const struct server *server)
{
    if (server->daemon == NULL)
        return -1;
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int server_timeout_ms(const struct server *server)
{
    unsigned long long wanted = 0;
    int64_t delayed = exchanges_wait_ms(&server->exchanges);
    if (server->daemon == NULL || MHD_get_timeout(server->daemon, &wanted) != MHD_YES || wanted > INT32_MAX)
        return (int)delayed;
    return delayed >= 0 && delayed < (int64_t)wanted ? (int)delayed : (int)wanted;
}

void server_turn(struct server *server)
{
    if (server->daemon == NULL)
        return;
    exchanges_resume(&server->exchanges, clock_steady_us());
    MHD_run(server->daemon);
}
