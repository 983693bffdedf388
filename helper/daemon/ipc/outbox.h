/* What waits to be sent to a peer: a few messages, then a list. Bodies are wiped when they are sent or dropped. */
#ifndef IPC_OUTBOX_H
#define IPC_OUTBOX_H

#include "c2m/wire.h"

#include <stdbool.h>
#include <stddef.h>

enum { OUTBOX_MAX = 8 };

struct outbox {
    struct outbox_message {
        uint16_t operation;
        size_t length;
        uint8_t *body;
    } messages[OUTBOX_MAX];
    unsigned first, count;
    uint8_t *records; /* NULL: no list */
    uint16_t record_operation;
    size_t record_next, record_count, record_size;
};

/* Copies. -EAGAIN: too many wait; -ENOMEM. */
int outbox_add(struct outbox *outbox, uint16_t operation, const void *body, size_t length);
/* RECORDS was malloc'ed and becomes the outbox's; behind COUNT of SIZE bytes each comes END. One list only. */
void outbox_add_records(struct outbox *outbox, uint16_t operation, void *records, size_t count, size_t size);
bool outbox_empty(const struct outbox *outbox);
/* Sends what the socket takes, as answers to ASKED. A negative errno: the peer is gone. */
int outbox_flush(struct outbox *outbox, int fd, const struct c2m_header *asked);
void outbox_deinit(struct outbox *outbox);

#endif
