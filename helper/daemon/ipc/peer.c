/*
 * A peer may vanish, stop or lie at any byte. It is freed by its own callbacks only at their end (`dying`), never
 * while a request still uses it.
 */
#include "ipc/peer.h"

#include "ipc/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    FIRST_MESSAGE_MS = 2000,
    OUT_MAX = 8, /* messages that wait for the socket; a list waits in `records` */
};

struct waiting {
    uint16_t operation;
    size_t length;
    uint8_t *body;
};

struct peer {
    struct peer_owner owner;
    struct caller caller;
    struct loop_io *io;
    struct loop_timer *timer;
    int fd;
    bool root_door, finishing, dying, busy;
    uint16_t operation;
    uint8_t nonce[C2M_NONCE_SIZE];
    uint32_t prompts;
    void (*undo)(void *state, enum reason why);
    void *state;
    struct waiting out[OUT_MAX];
    unsigned out_first, out_count;
    uint8_t *records;
    uint16_t record_operation;
    size_t record_next, record_count, record_size;
};

const struct caller *peer_caller(const struct peer *peer)
{
    return &peer->caller;
}

bool peer_root_door(const struct peer *peer)
{
    return peer->root_door;
}

uint16_t peer_operation(const struct peer *peer)
{
    return peer->operation;
}

void *peer_state(const struct peer *peer)
{
    return peer->state;
}

void peer_under_way(struct peer *peer, void (*undo)(void *state, enum reason why), void *state)
{
    peer->undo = undo;
    peer->state = state;
}

void peer_deadline(struct peer *peer, int64_t ms)
{
    loop_timer_set(peer->timer, ms);
}

void peer_counted_prompt(struct peer *peer)
{
    peer->prompts++;
}

void peer_free(struct peer *peer)
{
    if (!peer)
        return;
    if (peer->undo)
        peer->undo(peer->state, REASON_PEER_GONE);
    loop_io_free(peer->io);
    loop_timer_free(peer->timer);
    caller_close(&peer->caller);
    if (peer->fd >= 0)
        close(peer->fd);
    for (unsigned i = 0; i < peer->out_count; i++) {
        struct waiting *waiting = &peer->out[(peer->out_first + i) % OUT_MAX];
        explicit_bzero(waiting->body, waiting->length);
        free(waiting->body);
    }
    free(peer->records);
    free(peer);
}

static bool all_sent(const struct peer *peer)
{
    return peer->out_count == 0 && !peer->records;
}

/* Sends what waits: messages first, then the list. */
static int flush(struct peer *peer)
{
    int r = 1;
    while (peer->out_count > 0 && r > 0) {
        struct waiting *waiting = &peer->out[peer->out_first];
        r = frame_send(peer->fd, peer->nonce, waiting->operation, waiting->body, waiting->length);
        if (r > 0) {
            explicit_bzero(waiting->body, waiting->length);
            free(waiting->body);
            peer->out_first = (peer->out_first + 1) % OUT_MAX;
            peer->out_count--;
        }
    }
    while (peer->records && r > 0) {
        bool end = peer->record_next == peer->record_count;
        const uint8_t *record = peer->records + peer->record_next * peer->record_size;
        r = frame_send(peer->fd, peer->nonce, end ? C2M_END : peer->record_operation, end ? NULL : record, end ? 0 : peer->record_size);
        if (r > 0)
            peer->record_next++;
        if (r > 0 && end) {
            free(peer->records);
            peer->records = NULL;
        }
    }
    return r;
}

static void update(struct peer *peer)
{
    if (flush(peer) < 0 || (peer->finishing && all_sent(peer)))
        peer->dying = true;
    if (peer->dying && !peer->busy) {
        peer->owner.over(peer->owner.argument, peer);
        return;
    }
    loop_io_set(peer->io, LOOP_READ | (all_sent(peer) ? 0 : LOOP_WRITE));
    if (peer->dying)
        loop_timer_set(peer->timer, 0); /* the end comes from the loop: a request still stands on our stack */
}

void peer_send(struct peer *peer, uint16_t operation, const void *body, size_t length)
{
    uint8_t *copy = malloc(length + 1);
    if (!copy || peer->out_count == OUT_MAX) {
        free(copy);
        peer->dying = true;
    } else {
        memcpy(copy, body, length);
        peer->out[(peer->out_first + peer->out_count++) % OUT_MAX] =
            (struct waiting){.operation = operation, .length = length, .body = copy};
    }
    bool outside = !peer->busy;
    peer->busy = true;
    update(peer);
    peer->busy = !outside;
}

void peer_finish(struct peer *peer)
{
    peer->finishing = true;
    if (all_sent(peer))
        loop_timer_set(peer->timer, 0);
    else
        loop_timer_set(peer->timer, FIRST_MESSAGE_MS);
}

void peer_verdict(struct peer *peer, const struct outcome *outcome)
{
    struct c2m_verdict verdict = {.verdict = outcome->verdict,
        .operation = peer->operation,
        .reason = outcome->text,
        .reason_argument = {outcome->text_argument[0], outcome->text_argument[1]},
        .prompted = peer->prompts};
    memcpy(verdict.reference, outcome->reference, sizeof verdict.reference);
    peer_send(peer, C2M_VERDICT, &verdict, sizeof verdict);
    peer_finish(peer);
}

void peer_records(struct peer *peer, uint16_t operation, void *records, size_t count, size_t size)
{
    peer->record_operation = operation;
    peer->records = records;
    peer->record_count = count;
    peer->record_size = size;
    peer_finish(peer);
    bool outside = !peer->busy;
    peer->busy = true;
    update(peer);
    peer->busy = !outside;
}

/* The first message names the operation and the nonce; every later one repeats the nonce. */
static bool fits(struct peer *peer, const struct c2m_header *header)
{
    if (peer->operation != 0)
        return memcmp(header->nonce, peer->nonce, sizeof peer->nonce) == 0;
    memcpy(peer->nonce, header->nonce, sizeof peer->nonce);
    peer->operation = header->operation;
    return true;
}

/* 0, or a negative errno: the connection is over. */
static int receive(struct peer *peer)
{
    struct frame frame;
    int r = frame_receive(peer->fd, &frame);
    if (r <= 0)
        return r;
    r = -EPROTO;
    if (caller_confirm(&peer->caller, frame.signed_by ? &frame.credentials : NULL) && fits(peer, &frame.header)) {
        peer->owner.message(peer->owner.argument, peer, frame.header.operation, frame.body);
        r = 0;
    }
    explicit_bzero(frame.body, frame.header.length);
    return r;
}

static void ready(void *argument, int fd, int events)
{
    struct peer *peer = argument;
    (void)fd;
    peer->busy = true;
    if (events & LOOP_READ && !peer->finishing && receive(peer) < 0)
        peer->dying = true;
    peer->busy = false;
    update(peer);
}

static void late(void *argument)
{
    struct peer *peer = argument;
    if (!peer->dying && !peer->finishing && peer->undo) {
        peer->undo(peer->state, REASON_DEADLINE); /* its verdict comes back through peer_verdict */
        return;
    }
    peer->owner.over(peer->owner.argument, peer);
}

int peer_new(const struct peer_owner *owner, int fd, bool root_door, const struct caller *caller, struct peer **out)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer)
        return -ENOMEM;
    peer->owner = *owner;
    peer->caller = *caller;
    peer->root_door = root_door;
    peer->fd = -1;
    int r = loop_io_new(owner->loop, fd, LOOP_READ, ready, peer, &peer->io);
    if (r == 0)
        r = loop_timer_new(owner->loop, late, peer, &peer->timer);
    if (r < 0) {
        peer->caller.pidfd = -1; /* still the caller's */
        peer_free(peer);
        return r;
    }
    peer->fd = fd;
    loop_timer_set(peer->timer, FIRST_MESSAGE_MS);
    *out = peer;
    return 0;
}
