/*
 * One connection: a message in, messages out, one deadline at a time. It knows the frame (magic, version, nonce,
 * sizes); what a request means is `requests`' to say.
 */
#ifndef IPC_PEER_H
#define IPC_PEER_H

#include "base/loop.h"
#include "ipc/caller.h"
#include "login/login.h"
#include "login/outcome.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stddef.h>

struct peer;

struct peer_owner {
    struct loop *loop;
    /* A whole, well-formed message of a confirmed caller. The body is wiped afterwards. */
    void (*message)(void *argument, struct peer *peer, uint16_t operation, const void *body);
    /* The connection is over: the owner forgets it. What its request had under way is undone by then. */
    void (*over)(void *argument, struct peer *peer);
    void *argument;
};

/* The descriptor becomes the peer's, the caller's pidfd too. */
int peer_new(
    const struct peer_owner *owner, int fd, bool root_door, const struct caller *caller, struct peer **out);
void peer_free(struct peer *peer);

const struct caller *peer_caller(const struct peer *peer);
bool peer_root_door(const struct peer *peer);
/* The operation under way; 0 before the first message. */
uint16_t peer_operation(const struct peer *peer);

/*
 * Sends a message; what cannot be sent now goes when the socket takes it. The peer never frees itself inside. After
 * the last word nothing is sent.
 */
void peer_send(struct peer *peer, uint16_t operation, const void *body, size_t length);
/* The last word: sends the verdict, then the connection ends. */
void peer_verdict(struct peer *peer, const struct outcome *outcome);
/* Sends COUNT records of SIZE bytes each, then END, then the connection ends. RECORDS was malloc'ed and becomes the peer's. */
void peer_records(struct peer *peer, uint16_t operation, void *records, size_t count, size_t size);
/* The connection ends as soon as everything was sent. */
void peer_finish(struct peer *peer);
/* How long until the next message must be here or the request must be done; then `over`, or the undo below. */
void peer_deadline(struct peer *peer, int64_t ms);

/*
 * What the request has under way. UNDO runs with REASON_DEADLINE at the deadline (it then gives its verdict), and
 * with REASON_PEER_GONE when the connection ends, however it ends: there STATE is freed.
 */
void peer_under_way(struct peer *peer, void (*undo)(void *state, enum reason why), void *state);
/* At PEER_GONE: something that was to be sent, such as the verdict, never left. */
bool peer_unheard(const struct peer *peer);
void *peer_state(const struct peer *peer);
void peer_counted_prompt(struct peer *peer);

#endif
