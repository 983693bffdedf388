/*
 * A session of alice's that was opened with a long token, a real verifier, and who asked for a token and what he
 * was told. On top of revocation_world: needs what that needs, and tokens.c, verifying.c.
 */
#ifndef TESTS_DELIVERY_WORLD_H
#define TESTS_DELIVERY_WORLD_H

#include "revocation_world.h"
#include "session/delivery.h"

#define SESSION "aaaaaaaa"

enum { TIMEOUT_MS = 9500 };

struct result {
    unsigned count; /* how often it was told */
    enum reason reason;
    char token[4096]; /* "" for none */
    int64_t expires, retry_after;
    struct result *cancels, *asks_again; /* what the callback does */
};

extern struct delivery *delivery;
extern struct jwks *delivery_jwks; /* NULL: the keys come from no URL */
extern struct session session;
extern struct result results[4];

int delivery_world_set_up(void **state);
int delivery_world_tear_down(void **state);
/* What its tokens are signed with, and the verifier that holds that key. */
const struct token_key *delivery_key(void);
struct verifier *delivery_verifier(void);
/* Another [delivery] scopes and scope prefix from now on. */
void deliver_scopes(const char *scopes);
void deliver_with_prefix(const char *scopes, const char *prefix);

/* Result INDEX asks for a token that lives MIN_TTL seconds more. */
void get(int index, int64_t min_ttl);

/* What the API issues to the exchange that waits: a genuine token of the session's client with these scopes. */
void issue(const char *scopes, const char *id);
void issue_without_a_turn(const char *scopes, const char *id);
/* A token of this payload's; ANSWERED_SCOPES and ANSWERED_ID are what the answer says beside it. */
void issue_payload(const char *payload, const char *answered_scopes, const char *answered_id);
void issue_text(const char *token, const char *answered_id);

void expect_token(int index, const char *id);
void expect_refused(int index, enum reason reason);

#endif
