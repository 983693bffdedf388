/* The one log line of a request: event, ref, verdict, reason, and who asked from where. */
#ifndef IPC_REQUEST_LOG_H
#define IPC_REQUEST_LOG_H

#include "login/outcome.h"
#include "login/parts.h"

/* EVENT: its word in the log, c2m-authd(8). DURATION in microseconds, from the request to its verdict. */
void request_log(const char *event, const struct login_request *request, const struct outcome *outcome,
    int64_t duration_us);

#endif
