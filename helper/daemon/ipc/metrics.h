/* What monitoring asks: the counters since the start, and how things stand now. No label names a user or a host. */
#ifndef IPC_METRICS_H
#define IPC_METRICS_H

#include "base/tally.h"
#include "ipc/admin.h"
#include "login/parts.h"

/* A login has its verdict, DURATION_US after it began; what a person took to type does not count. */
void metrics_login(struct tally *tally, const struct login_request *request, const struct outcome *outcome,
    int64_t duration_us);

/* C2M_METRICS: sends them all. */
void metrics_request(const struct admin *admin, struct peer *peer);

#endif
