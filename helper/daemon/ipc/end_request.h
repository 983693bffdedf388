/*
 * C2M_SESSION_END, C2M_GIVE_UP and C2M_PRESENCES_END: the verdict follows the commit; then the tokens are being revoked.
 */
#ifndef IPC_END_REQUEST_H
#define IPC_END_REQUEST_H

#include "ipc/requests.h"

void end_request(const struct requests *requests, struct peer *peer, const void *body);
void give_up_request(const struct requests *requests, struct peer *peer, const void *body);
void presences_end_request(const struct requests *requests, struct peer *peer, const void *body);

#endif
