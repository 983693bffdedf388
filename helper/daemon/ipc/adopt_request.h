/* c2mctl adopt: what another machine's state holds that was set aside, and the order to take it over. */
#ifndef IPC_ADOPT_REQUEST_H
#define IPC_ADOPT_REQUEST_H

#include "ipc/requests.h"

/* C2M_ADOPTABLE */
void adoptable_request(const struct requests *requests, struct peer *peer, const void *body);
/* C2M_ADOPT */
void adopt_request(const struct requests *requests, struct peer *peer, const void *body);

#endif
