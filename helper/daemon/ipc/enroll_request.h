/* C2M_ENROLL, C2M_ROTATE, C2M_ENROLLED and C2M_UNENROLL: root's, about the long tokens that are kept. */
#ifndef IPC_ENROLL_REQUEST_H
#define IPC_ENROLL_REQUEST_H

#include "ipc/requests.h"

void enroll_request(const struct requests *requests, struct peer *peer, const void *body);
void rotate_request(const struct requests *requests, struct peer *peer, const void *body);
void enrolled_request(const struct requests *requests, struct peer *peer, const void *body);
void unenroll_request(const struct requests *requests, struct peer *peer, const void *body);

#endif
