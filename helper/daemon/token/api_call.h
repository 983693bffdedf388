/*
 * Between api.c, which says what is asked, and api_call.c, which is a call's life. Nobody else includes this.
 *
 * A call is refused (its news follows in the next turn), waits for the budget, or is under way; it tells its
 * news once and is gone. An exchange that nobody waits for runs on, so that the token it yields can be ended.
 */
#ifndef TOKEN_API_CALL_H
#define TOKEN_API_CALL_H

#include "token/api.h"
#include "token/api_url.h"

#include <sys/queue.h>

struct api {
    struct loop *loop;
    struct http *http;
    struct budget *budget;
    char base[API_URL_SIZE];
    LIST_HEAD(, api_call) calls;
    void (*orphan)(void *argument, struct api_token *token, const struct secret *long_token);
    void *orphan_argument;
    loop_fn settled; /* NULL: nobody waits for the end of what is under way */
    void *settled_argument;
    struct api_health health;
    struct tally *tally; /* NULL: nobody counts */
    struct mismatches *mismatches; /* NULL: nobody asks */
    loop_fn recovered; /* NULL: nobody listens */
    void *recovered_argument;
    bool troubled; /* no answer, or 5xx, since the last success */
};

struct api_call {
    LIST_ENTRY(api_call) entry;
    struct api *api;
    enum { CALL_WAITING, CALL_SENT, CALL_REFUSED, CALL_TELLING } state;
    struct loop_timer *timer;
    struct http_call *request;
    int64_t deadline_ms;
    enum budget_lane lane;
    char url[API_URL_SIZE];
    struct secret *bearer, *body;
    char client_id[128]; /* "": no X-Client-Id */
    bool issues; /* a long token: sent once */
    enum reason refused;
    int64_t retry_after;
    api_token_fn token_fn; /* an exchange; NULL once nobody waits */
    api_revocation_fn revocation_fn;
    void *argument;
};

/* Of BEARER (NULL: none) a copy is kept; URL, body, lane and callback are the caller's to fill in. */
int api_call_new(struct api *api, const struct secret *bearer, int64_t timeout_ms, struct api_call **out);
/* From here on the call is the API's; its callback follows, never from inside. */
void api_call_start(struct api *api, struct api_call *call);
/* Tells who waits for it that no token can come any more, when that is so. */
void api_call_settle(struct api *api);
/* No callback follows. NULL is fine. */
void api_call_free(struct api_call *call);

static inline void api_call_freep(struct api_call **call)
{
    api_call_free(*call);
}

#endif
