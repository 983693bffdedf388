/* What a login is judged with and by whom it is asked: borrowed by every file of this room, owned by the daemon. */
#ifndef LOGIN_PARTS_H
#define LOGIN_PARTS_H

#include "base/loop.h"
#include "base/mismatch.h"
#include "base/process.h"
#include "base/store.h"
#include "login/attempts.h"
#include "login/client_secrets.h"
#include "login/names.h"
#include "login/policy.h"
#include "login/user_map.h"
#include "session/deny_list.h"
#include "session/ledger.h"
#include "session/presence.h"
#include "session/sessions.h"
#include "token/api.h"
#include "token/assertion.h"
#include "token/jwks.h"
#include "token/verifier.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stdint.h>

struct throttle; /* login/throttle.h */
struct enrolled; /* session/enrolled.h */

/* acct_mgmt of a mapped user without a session; in the order of the configuration's words. */
enum account_unknown {
    ACCOUNT_IGNORE,
    ACCOUNT_DENY,
    ACCOUNT_STORED, /* deny, unless a live token is kept for him */
};

struct login_options {
    char long_prefixes[128]; /* blank-separated */
    bool unmapped_deny; /* else IGNORE */
    int64_t refusal_floor_ms; /* with unmapped_deny: no refusal is faster */
    enum account_unknown account_unknown;
    bool single_use; /* a pasted short token is worth one login on this host */
    bool hang_up; /* a login whose session is over by its time: SIGHUP, which needs CAP_KILL */
    int64_t max_session_ms; /* 0: no bound */
    bool stored; /* a session that something else authenticated is served by what is kept for its user */
    struct scopes request_scopes; /* empty: an exchange asks for the long token's own */
    struct scopes issue_scopes; /* what a code's long token is for beside logging in: to deliver, to revoke */
};

/* [host]: who this machine itself is at the API, and what its long token is asked for. */
struct host_options {
    char client[C2M_ID_MAX + 1]; /* "": what the token says */
    struct assertion *assertion; /* by its own key; NULL: there is none */
    struct scopes scopes; /* empty: the client's own */
    int64_t ttl; /* seconds, of each kept token */
};

/* verifier, jwks, policy, user_map, client_secrets, options and host are replaced by a reload; the pointers are read at each use. */
struct login_parts {
    struct loop *loop;
    struct store *store;
    struct api *api;
    struct deny_list *deny_list;
    struct ledger *ledger;
    struct sessions *sessions;
    struct presences *presences;
    const struct enrolled *enrolled; /* NULL: none are kept */
    struct names *names;
    struct attempts *attempts;
    struct throttle *throttle;
    struct mismatches *mismatches; /* NULL: nobody asks */
    struct verifier *verifier;
    struct jwks *jwks; /* where its keys come from, when they are published; else NULL */
    const struct policy *policy;
    const struct user_map *user_map;
    const struct client_secrets *client_secrets; /* NULL: none are configured */
    const struct login_options *options;
    const struct host_options *host;
};

/* A request of the module, as C strings, and what the kernel says of the process that sent it. */
struct login_request {
    bool root_door; /* it came over pam.sock */
    bool can_ask, reuse;
    uint32_t uid;
    int64_t deadline_ms;
    char service[C2M_NAME_MAX + 1];
    char user[C2M_NAME_MAX + 1];
    char ruser[C2M_NAME_MAX + 1];
    char tty[C2M_NAME_MAX + 1];
    char rhost[C2M_HOST_MAX + 1];
    struct process_facts caller;
    struct process_facts parent; /* filled when a prompt is needed; process.pid 0 when it was gone */
};

#endif
