/* The service without its network: the state of one C2M deployment, and what it answers to a request. */
#ifndef STANDIN_SERVICE_H
#define STANDIN_SERVICE_H

#include "assertion.h"
#include "clients.h"
#include "codes.h"
#include "faults.h"
#include "journal.h"
#include "keys.h"
#include "limit.h"
#include "options.h"
#include "reply.h"
#include "request.h"
#include "tokens.h"

struct service {
    struct clients clients;
    struct codes codes;
    struct tokens tokens;
    struct keys keys;
    struct assertions assertions;
    struct faults faults;
    struct journal journal;
    struct limit limit;

    const char *issuer;
    const char *directory;
    char *url; /* https://ADDRESS:PORT, once the server listens */
    json_object *claims; /* laid over the claims of each exchanged token; NULL: nothing */
    int64_t short_ttl;
    unsigned success;
    bool cascade; /* revoking a long token revokes those exchanged from it */
    bool omit_token_id; /* members that answers leave out, as some deployments do */
    bool omit_scopes;
    bool omit_expires_at;
    bool omit_header; /* X-Token-Id */
};

/* Reads or makes what the directory holds. 0, or -1 with a message on standard error. */
int service_init(struct service *service, const struct options *options);

/* Writes what a restart needs, and frees everything. */
void service_deinit(struct service *service);

/* What the next fault in the queue does to this request: a copy, which the caller frees. NULL: none. */
struct fault *service_fault(struct service *service, const struct request *request);

/* Answers a request whose path was routed, enters it in the journal. `fault` is what service_fault gave for it,
 * or NULL. */
void service_answer(
    struct service *service, struct request *request, const struct fault *fault, struct reply *reply);

/* The endpoints. Each answers one request. */
void issue_long(struct service *service, struct request *request, struct reply *reply);
void issue_short(struct service *service, struct request *request, struct reply *reply);
void revoke_token(struct service *service, struct request *request, struct reply *reply);
void submit_job(struct service *service, struct request *request, struct reply *reply);

#endif
