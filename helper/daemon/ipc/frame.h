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
 * peer is no client of ours; -EPROTONOSUPPORT: it is of another version of the contract, which OUT's header says, and may
 * not ask that; -ECONNRESET: it closed; another negative errno. -EPROTO also when descriptors were passed.
 */
int frame_receive(int fd, struct frame *out);
/* An answer to ASKED, whose version and nonce it repeats. 1: sent; 0: the socket is full; a negative errno: the peer is gone. */
int frame_send(int fd, const struct c2m_header *asked, uint16_t operation, const void *body, size_t length);

#endif
