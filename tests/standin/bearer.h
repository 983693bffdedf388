/* Who is asking: the bearer token of a request. */
#ifndef STANDIN_BEARER_H
#define STANDIN_BEARER_H

#include "service.h"

struct bearer {
    enum token_type type;
    struct client *client;
    struct scopes scopes;
    char id[TOKEN_ID];
    int64_t expires;
};

#define OWN_BEARER __attribute__((cleanup(bearer_deinit)))

/* Judges the token of the Authorization header. 0, or -1 with the answer that refuses it: 401 invalid_token
 * for one that is missing, forged, unknown, revoked or expired, 403 for a suspended client. */
int bearer_read(struct service *service, struct request *request, struct bearer *bearer, struct reply *reply);

/* The same for a token from elsewhere, such as the body. */
int bearer_judge(struct service *service, struct request *request, const char *text, struct bearer *bearer,
    struct reply *reply);

/* Whether it holds the scope; if not, the answer is 403 insufficient_scope. */
bool bearer_may(const struct bearer *bearer, const char *scope, struct reply *reply);

void bearer_deinit(struct bearer *bearer);

#endif
