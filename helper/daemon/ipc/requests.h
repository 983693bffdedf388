/*
 * What a caller may ask: one table of operation, right and handler. A request that is not listed, not allowed or
 * not well formed is refused; nothing is granted here (that is login's).
 */
#ifndef IPC_REQUESTS_H
#define IPC_REQUESTS_H

#include "ipc/admin.h"
#include "ipc/peer.h"
#include "ipc/user_lines.h"
#include "login/parts.h"
#include "login/renewal.h"
#include "session/delivery.h"
#include "session/enrolled.h"

struct requests {
    const struct login_parts *parts;
    struct delivery *delivery;
    struct enrolled *enrolled;
    struct renewal *renewal;
    const struct admin *admin;
    struct user_lines *user_lines;
};

/* server_handlers.message; ARGUMENT: struct requests, which outlives every peer. */
void requests_handle(void *argument, struct peer *peer, uint16_t operation, const void *body);
/* server_handlers.known_uid */
bool requests_known_uid(void *argument, uint32_t uid);

#endif
