/* `c2mctl token`: who may have one, and what he is told otherwise. */
#ifndef IPC_TOKEN_REQUEST_H
#define IPC_TOKEN_REQUEST_H

#include "ipc/requests.h"

void token_request(const struct requests *requests, struct peer *peer, const void *body);

#endif
