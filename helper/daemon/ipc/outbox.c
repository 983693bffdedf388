#include "ipc/outbox.h"

#include "ipc/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int outbox_add(struct outbox *outbox, uint16_t operation, const void *body, size_t length)
{
    if (outbox->count == OUTBOX_MAX)
        return -EAGAIN;
    uint8_t *copy = malloc(length + 1);
    if (!copy)
        return -ENOMEM;
    if (length > 0)
        memcpy(copy, body, length);
    outbox->messages[(outbox->first + outbox->count++) % OUTBOX_MAX] =
        (struct outbox_message){.operation = operation, .length = length, .body = copy};
    return 0;
}

void outbox_add_records(struct outbox *outbox, uint16_t operation, void *records, size_t count, size_t size)
{
    outbox->records = records;
    outbox->record_operation = operation;
    outbox->record_count = count;
    outbox->record_size = size;
}

bool outbox_empty(const struct outbox *outbox)
{
    return outbox->count == 0 && !outbox->records;
}

static void drop_first(struct outbox *outbox)
{
    struct outbox_message *message = &outbox->messages[outbox->first];
    explicit_bzero(message->body, message->length);
    free(message->body);
    outbox->first = (outbox->first + 1) % OUTBOX_MAX;
    outbox->count--;
}

static int send_record(struct outbox *outbox, int fd, const struct c2m_header *asked)
{
    bool end = outbox->record_next == outbox->record_count;
    const uint8_t *record = outbox->records + outbox->record_next * outbox->record_size;
    int r = end ? frame_send(fd, asked, C2M_END, NULL, 0)
                : frame_send(fd, asked, outbox->record_operation, record, outbox->record_size);
    if (r > 0)
        outbox->record_next++;
    if (r > 0 && end) {
        free(outbox->records);
        outbox->records = NULL;
    }
    return r;
}

int outbox_flush(struct outbox *outbox, int fd, const struct c2m_header *asked)
{
    int r = 1;
    while (outbox->count > 0 && r > 0) {
        const struct outbox_message *message = &outbox->messages[outbox->first];
        r = frame_send(fd, asked, message->operation, message->body, message->length);
        if (r > 0)
            drop_first(outbox);
    }
    while (outbox->records && r > 0)
        r = send_record(outbox, fd, asked);
    return r < 0 ? r : 0;
}

void outbox_deinit(struct outbox *outbox)
{
    while (outbox->count > 0)
        drop_first(outbox);
    free(outbox->records);
    outbox->records = NULL;
}
