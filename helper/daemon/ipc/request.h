/* One request under way: an authenticate, a verdict that waits for its commit, a delivery. Freed with its peer. */
#ifndef IPC_REQUEST_H
#define IPC_REQUEST_H

#include "ipc/requests.h"
#include "login/enroll.h"
#include "login/login.h"

struct request {
    const struct requests *requests;
    struct peer *peer;
    struct login *login; /* of an authenticate */
    struct enroll *enroll; /* of an enroll or a rotate */
    struct login_request facts;
    struct outcome outcome;
    const char *event; /* for the log */
    int64_t began_us;
    int64_t min_ttl; /* of a token request */
    int64_t prompt_until_ms; /* on the boot clock: the end of all its prompts; 0 before the first one */
};

/* NULL without memory: the connection then ends. */
struct request *request_begin(const struct requests *requests, struct peer *peer, const char *event);
/* Is what this peer is refused to be logged? Each call counts. */
bool request_refusal_logged(const struct requests *requests, const struct peer *peer);
/* Logs the outcome; what the peer is told, the caller has told it. */
void request_logged(const struct request *request, const struct outcome *outcome);
/* Logs the outcome and tells the peer: its last word. */
void request_say(struct request *request, const struct outcome *outcome);
/* Says request->outcome after this turn's commit; an outage when that fails. */
void request_say_committed(struct request *request);

#endif
