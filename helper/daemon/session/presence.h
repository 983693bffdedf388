/*
 * Presence by terminal: a credential typed at sudo proves presence for that terminal (uid, device, leader's pid
 * and start time) within the same bound, counted from the proof, never sliding. One prompt a pane serves tmux,
 * screen and terminals whose audit id is another.
 *
 * A presence is a holder of its token in the ledger; it ends with the bound or with the terminal's leader, and
 * then the token is released. In memory only: after a restart the ledger's holders without a session are
 * released, so a restart asks again.
 */
#ifndef SESSION_PRESENCE_H
#define SESSION_PRESENCE_H

#include "base/loop.h"
#include "base/process.h"
#include "session/ledger.h"
#include "token/verifier.h"
#include "c2m/wire.h"

#include <stdbool.h>

struct presences;

struct presence {
    char reference[9]; /* its own, as a holder */
    char login[9]; /* the login that proved it */
    uint32_t uid;
    uint32_t tty;
    struct process leader;
    enum c2m_credential_form form;
    int64_t proved_boot_ms, token_expires_boot_ms;
    struct verified *token;
    bool suspended; /* the API said last that the account is */
};

int presences_new(struct loop *loop, struct ledger *ledger, struct presences **out);
void presences_free(struct presences *presences);
/*
 * LOGIN (a reference in the ledger) was proved at that terminal; its tokens are shared with the presence. Replaces
 * an older one of the same terminal. 0 also when nothing can be proven: no terminal, its leader is gone.
 */
int presences_prove(struct presences *presences, const char *login, uint32_t uid, uint32_t tty,
    struct process leader, enum c2m_credential_form form, const struct verified *token, int64_t reuse_ms);
/* The presence of that terminal, within its bound, its leader alive; NULL. */
const struct presence *presences_find(
    struct presences *presences, uint32_t uid, uint32_t tty, struct process leader);
/* By either clock: a wall clock that is set back makes no token younger. */
bool presence_token_over(const struct presence *presence);
/* LOGIN was not granted after all (its commit failed, its peer is gone): whatever it proved is void. */
void presences_drop(struct presences *presences, const char *login, enum reason why);
/* Ends those that are WANTED, and returns how many. */
typedef bool presence_wanted(const struct presence *presence, const void *argument);
unsigned presences_end(
    struct presences *presences, presence_wanted *wanted, const void *argument, enum reason why);
/* Those that a token of CLIENT proved; see suspension.h. */
void presences_suspend(struct presences *presences, const char *client, bool suspended);

#endif
