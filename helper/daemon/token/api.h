/*
 * The requests of the C2M API: issue (POST /auth/tokens/long), exchange (POST /auth/tokens/short) and revoke
 * (POST /auth/tokens/{id}/revoke).
 *
 * Here an HTTP answer becomes an outcome; what follows from it is the callers' policy. What cannot be sent
 * within the budget or the deadline is answered LIMITED or UNAVAILABLE without a request. No request is ever
 * shared between two logins.
 */
#ifndef TOKEN_API_H
#define TOKEN_API_H

#include "base/http.h"
#include "base/loop.h"
#include "base/mismatch.h"
#include "base/reason.h"
#include "base/secret.h"
#include "base/tally.h"
#include "c2m/wire.h"
#include "token/budget.h"
#include "token/scopes.h"

#include <stdbool.h>
#include <stdint.h>

struct api;
struct api_call;

/*
 * BASE is https, with or without a trailing slash; the joined URL never holds "//auth" or "/auth/auth".
 * -EINVAL: not such a URL. HTTP and BUDGET stay the caller's and live longer.
 */
int api_new(struct loop *loop, struct http *http, struct budget *budget, const char *base, struct api **out);
/* Counts each request and its answer from here on, by endpoint and code; TALLY lives longer. */
void api_set_tally(struct api *api, struct tally *tally);
/* Keeps there whom a certificate is for that is another host's; it lives longer. */
void api_set_mismatches(struct api *api, struct mismatches *mismatches);
/* Cancels what is under way, without callbacks. */
void api_free(struct api *api);

enum api_outcome {
    API_OK,
    API_REFUSED, /* 401, or 400 with invalid_grant: the credential is wrong */
    API_FORBIDDEN, /* 403 with a code of the API's (REASON_SUSPENDED, REASON_API_FORBIDDEN) */
    API_UNAVAILABLE, /* everything else: down, slow, 429, 5xx, other 4xx, HTML, nonsense, no budget */
};

struct api_token {
    bool is_long; /* issued, not exchanged */
    enum api_outcome outcome;
    enum reason reason;
    enum c2m_api_why why; /* beside an outage's reason: what of it, for the log */
    struct secret *token; /* API_OK; the callback may take it with STEAL */
    char token_id[128]; /* of the answer's body or X-Token-Id; "" when absent */
    struct scopes scopes; /* as granted; empty when the answer does not say */
    int64_t expires; /* wall clock, from expires_in; 0 when absent */
    long status; /* HTTP; 0: no answer */
    int64_t retry_after; /* seconds, -1 */
    int64_t duration_us;
};
typedef void (*api_token_fn)(void *argument, struct api_token *token);

/*
 * Exchanges a long token for a short one; SCOPES NULL or empty: the long token's own. FN is called exactly
 * once, never from inside. TIMEOUT_MS bounds waiting for the budget and the request together.
 */
int api_exchange(struct api *api, const struct secret *long_token, const struct scopes *scopes,
    enum budget_lane lane, int64_t timeout_ms, api_token_fn fn, void *argument, struct api_call **out);

struct api_issue {
    const char *client_id;
    const struct secret *code; /* a one-time code; NULL: none */
    const struct secret *client_secret; /* NULL: none; beside a code both are asked for */
    const struct secret *bearer; /* a short token with tokens:write; NULL: none */
    const struct secret
        *assertion; /* a JWT by the client's key (RFC 7523); NULL: none. It excludes the rest */
    const char *assertion_type; /* its URN */
    const struct scopes *scopes; /* NULL or empty: the client's own */
    int64_t ttl_seconds; /* 3600 to 7776000; the server may grant less */
};

/*
 * Issues a long token. As api_exchange, but never over a used connection and never sent again: libcurl would repeat
 * a request whose answer is lost, and the code, spent by the first, would be refused.
 */
int api_issue(struct api *api, const struct api_issue *issue, enum budget_lane lane, int64_t timeout_ms,
    api_token_fn fn, void *argument, struct api_call **out);

struct api_revocation {
    long status; /* HTTP; 0: no answer */
    bool lost; /* no answer, or no memory to read it, but the request may have been carried out */
    bool json; /* the body is a JSON object */
    bool error_member; /* and carries an error (code, error, errorCode ...) */
    char code[64]; /* the API's word, of a safe alphabet; "" when absent */
    bool limited; /* not sent: the budget said wait */
    int64_t retry_after; /* seconds, -1 */
    enum reason reason; /* for the log */
    enum c2m_api_why why; /* as api_token's */
    int64_t duration_us;
};
typedef void (*api_revocation_fn)(void *argument, const struct api_revocation *answer);

/*
 * No body is sent, the budget is not waited for (limited), and nothing is sent twice. TOKEN_ID must be of the
 * alphabet [A-Za-z0-9._~-] and not "." or ".." (-EINVAL).
 */
int api_revoke(struct api *api, const char *token_id, const struct secret *bearer, int64_t timeout_ms,
    api_revocation_fn fn, void *argument, struct api_call **out);

/* No callback will come. A token that a cancelled exchange yields is not lost: see api_set_orphan. */
void api_cancel(struct api_call *call);
/*
 * What becomes of a token whose exchange nobody waits for any more (the login's peer vanished), or that came in
 * an answer that was nonsense besides: FN gets it, as API_OK, and has it revoked. A cancelled exchange therefore
 * runs on to its end. The token is freed after FN unless taken with STEAL; LONG_TOKEN, NULL for one that was issued,
 * lives for the call.
 */
void api_set_orphan(struct api *api,
    void (*fn)(void *argument, struct api_token *token, const struct secret *long_token), void *argument);

/*
 * FN once, when no request is under way that may yield a token: from inside when there is none. Who asked has cancelled
 * before. Revocations are not waited for: they are tried again.
 */
void api_settle(struct api *api, loop_fn fn, void *argument);

/*
 * FN whenever the service is back: a success, after a request that had no answer, or 5xx. FN starts nothing from inside.
 * One listener; NULL: nobody.
 */
void api_set_recovered(struct api *api, loop_fn fn, void *argument);

struct api_health {
    int64_t last_answer; /* wall clock of the last HTTP answer, 0: none */
    int64_t rtt_us; /* of it */
    bool answering; /* the last request was answered */
    bool asked; /* there was one */
    enum c2m_api_why why; /* it came to nothing; C2M_API_WELL: it did not */
    long status; /* HTTP, of the last request; 0: no answer */
    bool proven; /* this base URL has answered an exchange or a revocation with success */
    uint64_t requests;
    int64_t clock_offset; /* the Date header minus our clock, seconds; 0 when unknown */
};
/* "name", "proxy" ... as the log says it; NULL for C2M_API_WELL. */
const char *api_why_word(enum c2m_api_why why);
void api_health(const struct api *api, struct api_health *out);

#endif
