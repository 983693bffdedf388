/*
 * The blocking client of the helper's sockets: one connection, one operation, one deadline at a time.
 *
 * Made for a module inside sshd, sudo, su and login: no threads, no signals (MSG_NOSIGNAL), no environment, no
 * heap, descriptors close-on-exec and never 0, 1 or 2. Every function returns 0 or a negative errno.
 */
#ifndef C2M_CLIENT_H
#define C2M_CLIENT_H

#include "c2m/wire.h"

#include <sys/types.h>

struct c2m_client {
    int fd; /* -1 when closed */
    uint8_t nonce[C2M_NONCE_SIZE];
};

#define C2M_CLIENT_CLOSED ((struct c2m_client){.fd = -1})

/*
 * Connects to SOCKET (C2M_PAM_SOCKET or C2M_USER_SOCKET) in RUNTIME_DIR and draws a nonce.
 * timeout_ms bounds everything: a full backlog (EAGAIN) is retried until it is over.
 * Errors: -ENOENT, -ECONNREFUSED (no helper), -EAGAIN (full), -EPERM (root did not listen: SO_PEERCRED of the
 * listener, unix(7)), -ENAMETOOLONG, or what socket(2), connect(2), getrandom(2) say.
 */
int c2m_connect(struct c2m_client *client, const char *runtime_dir, const char *socket, int timeout_ms);

/* Closes; harmless on a closed one. */
void c2m_disconnect(struct c2m_client *client);

/* Sends one message; body may be NULL when length is 0. -EPIPE, -ECONNRESET: the helper is gone. */
int c2m_send(struct c2m_client *client, uint16_t operation, const void *body, size_t length, int timeout_ms);

/*
 * Receives one message: its operation, and its body into a buffer of SIZE bytes (zeroed past *length).
 * Refuses with -EPROTO what has another magic, version, nonce or length than the operation's, and what does not
 * fit; -ETIMEDOUT at the deadline, -ECONNRESET when the helper closed. Descriptors that were passed are closed.
 */
int c2m_receive(
    struct c2m_client *client, uint16_t *operation, void *body, size_t size, size_t *length, int timeout_ms);

/* The size that an operation's body must have; SIZE_MAX for an unknown operation. */
size_t c2m_body_size(uint16_t operation);

/* True when LENGTH fits MAX and the bytes past it are zero. */
bool c2m_text_ok(uint16_t length, const char *bytes, size_t max);

/*
 * Copies a string into a wire text (length and bytes), zero-filled. -E2BIG when it does not fit: the caller
 * refuses or, for what only informs (rhost, tty), cuts on purpose with c2m_text_cut.
 */
int c2m_text_set(uint16_t *length, char *bytes, size_t max, const char *text);
void c2m_text_cut(uint16_t *length, char *bytes, size_t max, const char *text);

#endif
