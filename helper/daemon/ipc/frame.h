/* One message of a socket: its header, its body, and who the kernel says has sent it. */
#ifndef IPC_FRAME_H
#define IPC_FRAME_H

#include "c2m/wire.h"

#include <stdbool.h>
#include <sys/socket.h>

struct frame {
    struct c2m_header header;
    uint8_t body[C2M_MESSAGE_MAX - sizeof(struct c2m_header)]; /* aligned as the header is: copy out of it */
    struct ucred credentials;
    bool signed_by; /* credentials came with it */
};

/*
 * 1: a message whose magic, version and sizes are right; 0: none is there; -EPROTO: something else was, so the
 * peer is no client of ours; -ECONNRESET: it closed; another negative errno. -EPROTO also when descriptors were passed.
 */
int frame_receive(int fd, struct frame *out);
/* 1: sent; 0: the socket is full; a negative errno: the peer is gone. */
int frame_send(
    int fd, const uint8_t nonce[C2M_NONCE_SIZE], uint16_t operation, const void *body, size_t length);

#endif
