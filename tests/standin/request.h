/* One HTTP request, whole, as the service sees it: no library's types. */
#ifndef STANDIN_REQUEST_H
#define STANDIN_REQUEST_H

#include "tokens.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REQUEST_BODY_MAX = 64 * 1024 };

enum endpoint {
    ENDPOINT_LONG,
    ENDPOINT_SHORT,
    ENDPOINT_REVOKE,
    ENDPOINT_JOBS,
    ENDPOINT_JWKS,
    ENDPOINT_HEALTHZ,
    ENDPOINT_OTHER,
    ENDPOINT_ANY, /* for faults: each but healthz */
};

struct request {
    char *method;
    char *path;
    char *authorization; /* header; NULL if absent, as the next two */
    char *client_id; /* header X-Client-Id */
    char *content_type;
    char *body; /* with a NUL behind it; NULL without a body */
    size_t length;
    bool too_large;
    uint64_t connection;
    int64_t arrived_ms;
    enum endpoint endpoint;
    char *target; /* of /auth/tokens/{target}/revoke, else NULL */

    /* For the journal, as far as the service found out. */
    char client[64];
    char token_id[TOKEN_ID];
    char bearer_hash[9];
};

/* Finds the endpoint of request->path, below no prefix, /v1 or /v2, and the target of a revocation. */
void request_route(struct request *request);

/* "long", "short", "revoke", "jobs", "jwks", "healthz", "other", "any". */
const char *endpoint_name(enum endpoint endpoint);

/* The endpoint of that name. -1 if there is none. */
int endpoint_by_name(const char *name, enum endpoint *out);

/* The token of the Authorization header: points into it. NULL if there is none of that kind. */
const char *request_bearer(const struct request *request);

/* Whether the Content-Type is JSON's. */
bool request_is_json(const struct request *request);

/* Notes for the journal whose request it is, which token it is about, and the hash of the token it bears. */
void request_note_bearer(struct request *request, const char *text);
void request_note_client(struct request *request, const char *client);
void request_note_token(struct request *request, const char *token_id);

/* Frees what the members own. */
void request_deinit(struct request *request);

#endif
