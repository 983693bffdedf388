/*
 * What the tests of `login/` and `ipc/` stand in: everything real below them (store, vault, verifier, deny list,
 * ledger, revoker, sessions, presences), but for the API, which answers when told, the clock, and /proc.
 *
 * alice (1001) is c2m_alice, bob (1002) is c2m_bob. [login] requires the scope login:web1; [service sudo] has
 * reuse = 5 minutes; [service off] accept = none, [service aud] an audience, [service young] max_age = 60 s,
 * [service short] and [service long] accept one form, [service ops] requires another scope.
 *
 * Needs "fakes: clock api", login_world.c, verifying.c, tokens.c, made_proc.c, disk.c, --wrap of log_send and log_message.
 */
#ifndef TESTS_LOGIN_WORLD_H
#define TESTS_LOGIN_WORLD_H

#include "login/login.h"
#include "session/revoker.h"

#include "disk.h"
#include "fakes/api.h"
#include "fakes/clock.h"
#include "made_proc.h"
#include "verifying.h"

enum { ALICE = 1001, BOB = 1002, MALLORY = 1003, PTS_3 = 0x8803, PTS_4 = 0x8804, REUSE_MS = 300000 };
enum { NOW = VERIFYING_NOW, LIFE = 900 };
#define LOGIN_WORLD_USERS "alice = c2m_alice\nbob = c2m_bob\n"
#define GOOD ",\"scope\":\"login:web1 tokens:revoke\""

extern struct login_world {
    struct loop *loop;
    struct vault *vault;
    struct revoker *revoker;
    struct token_key *key;
    struct login_parts parts;
    struct login_options options;
    struct policy policy;
    char folder[256], key_folder[256];
    int (*open)(const char *folder, struct store **out); /* at login_world_start; NULL: store_open */
} world;

int login_world_set_up(void **state);
/* The fake one, unless the test defines this function itself (weak). */
int login_world_api(struct loop *loop, struct api **out);
int login_world_tear_down(void **state);
/*
 * The helper ends, and starts again on world.folder, which may be another one: the error of store_open. sessions_resume
 * is the caller's. Of the parts only the verifier, the user map and what is configured stay.
 */
void login_world_stop(void);
int login_world_start(void);
/* A reload of the map of users. */
void users_are(const char *lines);
/* Some turns of the loop, each with its commit. */
void turns(void);
/* On both clocks; the timers that are due run. */
void time_passes(int64_t seconds);

/* Processes, as the kernel would show them; each is a real one too. A child inherits what fork inherits. */
struct process_facts spawn_daemon(void);
struct process_facts spawn(const struct process_facts *parent);
struct process_facts spawn_leader(const struct process_facts *parent, uint32_t uid, uint32_t tty);
struct process_facts spawn_setuid(const struct process_facts *parent);
void changed(const struct process_facts *facts); /* what is known of it now */
void dies(const struct process_facts *process); /* SIGKILL: for the kernel and in /proc */

/* sshd's monitor (opener) and the child that authenticates; at logged_in the shell on PTS_3, of audit id AUDIT. */
struct person {
    struct process_facts monitor, authenticator, shell;
    struct session *session;
};
struct person arrives(void);
struct person logged_in(const char *user, uint32_t uid, const char *token, uint32_t audit);
/* sudo started by SHELL. */
struct process_facts sudo_in(const struct process_facts *shell);

/* A short token of CLIENT with that id; MORE as in token_payload. Lives until tear_down. */
const char *token_for(const char *client, const char *id, const char *more);
const char *token_lasting(
    const char *client, const char *id, int64_t issued, int64_t expires, const char *more);
const char *forged_for(const char *client, const char *id); /* another key's */
const char *kept(char *malloced); /* freed by tear_down */

/* One login, and what its peer was told. */
struct asked {
    struct login *login;
    unsigned prompts, verdicts;
    struct c2m_prompt prompt;
    struct outcome outcome;
};
struct login_request request_of(const char *service, const char *user, uint32_t uid,
    const struct process_facts *caller, const struct process_facts *parent);
void begin(struct asked *asked, const struct login_request *request);
/* Answers, and lets the turn end. */
void type(struct asked *asked, const char *typed);
/* SERVICE asks alice, who types that. */
void alice_types(struct asked *asked, const char *service, const char *typed);
void finished(struct asked *asked); /* frees the login */
void expect_verdict(
    const struct asked *asked, enum c2m_verdict_code verdict, enum reason reason, enum c2m_text text);

bool revocation_asked(const char *token_id); /* the API was sent one */
unsigned tokens_held(void); /* by anybody */
int64_t rows_of(const char *table);
enum deny_kind denied(const char *token_id);
bool said(const char *text);
void forget_log(void);

#endif
