/*
 * A TLS server that says what a test wants it to say, byte for byte: for answers that no HTTP server gives.
 * It runs in a child; its certificate, for 127.0.0.1, is its own authority.
 */
#ifndef TESTS_TLS_SERVER_H
#define TESTS_TLS_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct tls_peer;

struct tls_server {
    char ca[128], url[64];
    int pid;
    struct tls_seen {
        int requests; /* that came in whole */
        int connections, resumed;
    } *seen; /* shared with the child */
};

/* What is done with each connection; when it returns, the connection is closed without a farewell. */
typedef void (*tls_serve)(struct tls_peer *peer);

/* TOO_OLD: speaks TLS 1.1 only. */
void tls_server_start(struct tls_server *server, tls_serve serve, bool too_old);
void tls_server_stop(struct tls_server *server);

/* For SERVE. The head of a request, and what its Content-Length says; false when there is none. */
bool tls_hear(struct tls_peer *peer);
/* False when the other side has hung up. */
bool tls_say(struct tls_peer *peer, const char *text);
bool tls_say_bytes(struct tls_peer *peer, const void *bytes, size_t length);

#endif
