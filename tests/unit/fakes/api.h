/*
 * The API of a test: it remembers each request in its order and answers when the test says so, with what the
 * test says. api_exchange and api_revoke never call back from inside, nor does anything else on its own.
 */
#ifndef FAKES_API_H
#define FAKES_API_H

#include "token/api.h"

enum fake_api_kind { FAKE_EXCHANGE, FAKE_REVOKE, FAKE_ISSUE };

struct fake_request {
    enum fake_api_kind kind;
    char token_id[128]; /* of a revocation */
    char *bearer; /* the long token of an exchange; the code or the secret that a long one is issued for */
    bool by_secret, by_bearer;
    char client_id[128]; /* of an issue */
    int64_t ttl_seconds; /* of an issue */
    struct scopes scopes;
    enum budget_lane lane;
    int64_t timeout_ms;
    int64_t sent_boot_ms; /* by the fake clock */
    bool answered, cancelled;
};

extern bool fake_api_proven; /* what api_health says of the base URL; a success sets it */
extern int fake_api_error; /* what the next requests return at once, when it is not 0 */

/* Forgets all requests; sets both to nothing. */
void fake_api_reset(void);
unsigned fake_api_count(void);
const struct fake_request *fake_api_request(unsigned index);
/* The first request that is not answered; -1: none. */
int fake_api_waiting(void);
unsigned fake_api_waiting_count(void);

/* Answers request INDEX: its callback runs now. */
void fake_api_answer(unsigned index, const struct api_revocation *answer);
/* A success when TOKEN is not NULL (copied), else ANSWER as it is. */
void fake_api_issue(unsigned index, const char *token, const struct api_token *answer);

/* Answers whatever waits, in its order, until nothing does; SERVER says what to a revocation. Returns how many. */
unsigned fake_api_serve(void (*server)(const struct fake_request *request, struct api_revocation *answer));

#endif
