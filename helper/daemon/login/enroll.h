/*
 * How a long token comes to be kept (session/enrolled.h): it is given, or issued by a code, the client's secret, the
 * host's key, or a short token of the one before; it is held before it is used, tried by one exchange, and takes its
 * place only when what it yields is genuine and the right client's. Whatever fails, what was obtained is revoked, and
 * the former token, if there was one, stays.
 */
#ifndef LOGIN_ENROLL_H
#define LOGIN_ENROLL_H

#include "login/parts.h"
#include "session/enrolled.h"

struct enroll;

struct enroll_request {
    const char *owner; /* a user; "": the host */
    const char *client; /* "": the user's first of the map, [host] client, or what the token says */
    enum c2m_enroll_way way;
    const struct secret *credential; /* the token, code or secret; NULL with an assertion */
};

/* REASON_CREDENTIAL: it is kept, and that is on disk; else why not. RETRY_AFTER: seconds, of API_LIMITED, or -1. Called exactly once, never from inside. */
typedef void (*enroll_fn)(void *argument, enum reason reason, int64_t retry_after);

int enroll_new(const struct login_parts *parts, struct enrolled *enrolled,
    const struct enroll_request *request, enroll_fn fn, void *argument, struct enroll **out);
/* The next one for OWNER, in the way in which the present one came; REASON_NOT_ENROLLED without one. */
int enroll_rotate(const struct login_parts *parts, struct enrolled *enrolled, const char *owner, enroll_fn fn,
    void *argument, struct enroll **out);
/* No callback follows; what is under way runs to its end, and what it yields is revoked. NULL is fine. */
void enroll_free(struct enroll *enroll);
/* Names it in the log. */
const char *enroll_reference(const struct enroll *enroll);

#endif
