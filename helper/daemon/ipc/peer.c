/*
 * A peer may vanish, stop or lie at any byte. It is freed by its own callbacks only at their end (`dying`), never
 * while a request still uses it.
 */
#include "ipc/peer.h"

#include "base/log.h"
#include "ipc/frame.h"
#include "ipc/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_MESSAGE_MS = 2000 };

struct peer {
    struct peer_owner owner;
    struct caller caller;
    struct loop_io *io;
    struct loop_timer *timer;
    int fd;
    bool root_door;
    bool finishing; /* the last word was said: nothing is read any more, nothing more is sent */
    bool dying; /* it is over as soon as nobody stands in it */
    bool busy; /* a request stands on our stack: not to be freed */
    bool unheard; /* something that was to be sent could not be */
    struct c2m_header asked; /* its first message; the operation is 0 before */
    uint32_t prompts;
    void (*undo)(void *state, enum reason why);
    void *state;
    struct outbox out;
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
    return peer->asked.operation;
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

bool peer_unheard(const struct peer *peer)
{
    return peer->unheard || !outbox_empty(&peer->out);
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
    outbox_deinit(&peer->out);
    free(peer);
}

static void update(struct peer *peer)
{
    if (outbox_flush(&peer->out, peer->fd, &peer->asked) < 0)
        peer->unheard = peer->dying = true;
    bool empty = outbox_empty(&peer->out);
    if (peer->finishing && empty)
        peer->dying = true;
    if (peer->dying && !peer->busy) {
        peer->owner.over(peer->owner.argument, peer);
        return;
    }
    /* Whoever is told his last word is not heard any more, or what he sends would wake us without end. */
    if (loop_io_set(peer->io, (peer->finishing ? 0 : LOOP_READ) | (empty ? 0 : LOOP_WRITE)) < 0)
        peer->dying = true;
    if (peer->dying)
        loop_timer_set(peer->timer, 0); /* the end comes from the loop: a request still stands on our stack */
}

/* As update, for whoever still uses the peer afterwards. */
static void update_later(struct peer *peer)
{
    bool busy = peer->busy;
    peer->busy = true;
    update(peer);
    peer->busy = busy;
}

void peer_send(struct peer *peer, uint16_t operation, const void *body, size_t length)
{
    if (peer->dying || peer->finishing || outbox_add(&peer->out, operation, body, length) < 0)
        peer->unheard = peer->dying = true;
    update_later(peer);
}

void peer_finish(struct peer *peer)
{
    peer->finishing = true;
    loop_timer_set(peer->timer, outbox_empty(&peer->out) ? 0 : FIRST_MESSAGE_MS);
}

void peer_verdict(struct peer *peer, const struct outcome *outcome)
{
    struct c2m_verdict verdict = {.verdict = outcome->verdict,
        .operation = peer->asked.operation,
        .reason = outcome->text,
        .reason_argument = {outcome->text_argument[0], outcome->text_argument[1]},
        .prompted = peer->prompts};
    memcpy(verdict.reference, outcome->reference, sizeof verdict.reference);
    peer_send(peer, C2M_VERDICT, &verdict, sizeof verdict);
    peer_finish(peer);
}

void peer_records(struct peer *peer, uint16_t operation, void *records, size_t count, size_t size)
{
    outbox_add_records(&peer->out, operation, records, count, size);
    peer_finish(peer);
    update_later(peer);
}

/* The first message names the operation, the version and the nonce; every later one repeats version and nonce. */
static bool fits(struct peer *peer, const struct c2m_header *header)
{
    if (peer->asked.operation != 0)
        return header->version == peer->asked.version &&
               memcmp(header->nonce, peer->asked.nonce, sizeof header->nonce) == 0;
    peer->asked = *header;
    return true;
}

/* It hears nothing that it could understand; whoever reads the log learns what to do. A user may not fill it. */
static void tell_version(const struct peer *peer, const struct frame *frame)
{
    if (peer->root_door)
        log_message(LOG_LEVEL_NOTICE,
            "pid %d has loaded a pam_c2m of another version (%u, this c2m-authd is %u): restart that program",
            (int)peer->caller.pid, frame->header.version, C2M_VERSION);
}

/* 0, or a negative errno: the connection is over. */
static int receive(struct peer *peer)
{
    struct frame frame;
    int r = frame_receive(peer->fd, &frame);
    if (r == -EPROTONOSUPPORT)
        tell_version(peer, &frame);
    if (r <= 0)
        return r;
    r = -EPROTO;
    if (caller_confirm(&peer->caller, frame.signed_by ? &frame.credentials : NULL) &&
        fits(peer, &frame.header)) {
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
    if (events & LOOP_READ && !peer->finishing && !peer->dying && receive(peer) < 0)
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

int peer_new(
    const struct peer_owner *owner, int fd, bool root_door, const struct caller *caller, struct peer **out)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer)
        return -ENOMEM;
    peer->owner = *owner;
    peer->caller = *caller;
    peer->root_door = root_door;
    peer->fd = -1;
    peer->asked = (struct c2m_header){.magic = C2M_MAGIC, .version = C2M_VERSION};
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
