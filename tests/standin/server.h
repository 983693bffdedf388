/* The HTTPS server: libmicrohttpd around the service. It runs in the caller's loop, in the caller's thread. */
#ifndef STANDIN_SERVER_H
#define STANDIN_SERVER_H

#include "options.h"
#include "service.h"

struct server;

/* Listens, and sets service->url, which is also written to the directory. NULL with a message on standard
 * error. The service outlives the server. */
struct server *server_new(struct service *service, const struct options *options);

void server_free(struct server *server);

/* Stops listening and drops all connections, or listens again on the same port. What is so already stays so.
 * server_up: 0, or -1 with errno set. */
void server_down(struct server *server);
int server_up(struct server *server);

/* What to wait for: a descriptor that becomes readable (-1: none), and at most so many milliseconds (-1: without
 * an end). Then server_turn. */
int server_descriptor(const struct server *server);
int server_timeout_ms(const struct server *server);
void server_turn(struct server *server);

#endif
