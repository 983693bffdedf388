/* What c2mctl asks: status, sessions, revocations, what the log said of a login, what came that was not expected. Of all of it only the store is written to, by adopt_request.h; a user sees his own sessions, root all. */
#ifndef IPC_ADMIN_H
#define IPC_ADMIN_H

#include "base/mismatch.h"
#include "base/tally.h"
#include "ipc/peer.h"
#include "session/revoker.h"
#include "session/sessions.h"
#include "token/api.h"
#include "token/jwks.h"

struct admin {
    struct sessions *sessions;
    struct revoker *revoker;
    struct api *api;
    struct budget *budget;
    struct jwks *const *jwks; /* a reload brings another; NULL behind it: no keys are published */
    struct store *store;
    const char *state_dir;
    struct tally *tally;
    const struct mismatches *mismatches;
    int64_t started; /* wall clock */
};

void admin_status(const struct admin *admin, struct peer *peer);
void admin_sessions(const struct admin *admin, struct peer *peer);
void admin_revocations(const struct admin *admin, struct peer *peer);
void admin_mismatches(const struct admin *admin, struct peer *peer);
/* BODY: struct c2m_explain */
void admin_explain(struct peer *peer, const void *body);

#endif
