/*
 * The people of the tests of standing: logins and the processes below them, as the kernel would show them. A
 * process inherits from its parent what fork inherits, so that a test reads like what happened.
 */
#ifndef TESTS_CAST_H
#define TESTS_CAST_H

#include "session_world.h"
#include "session/standing.h"

struct login {
    struct session *session;
    struct process_facts opener; /* sshd's monitor, or login(1): root's, and a real process */
    struct process_facts shell; /* on a terminal, its own leader */
};

/* sshd: monitor, its child of that user, the shell on TTY. FRESH: pam_loginuid gave it AUDIT_ID; else it had it before. */
struct login ssh(const char *user, uint32_t uid, uint32_t audit_id, bool fresh, uint32_t tty);
/* The same without a session of ours: a public key. */
struct process_facts ssh_by_key(uint32_t uid, uint32_t audit_id, uint32_t tty);
/* login(1) of util-linux on a console: it authenticates, opens, and the shell is its child, in a session of its own. */
struct login console(const char *user, uint32_t uid, uint32_t audit_id, bool fresh, uint32_t tty);
/* login(1) of shadow: it stays the leader of the terminal itself, and the shell is a child that leads nothing. */
struct login console_led(const char *user, uint32_t uid, uint32_t audit_id, bool fresh, uint32_t tty);

/* fork: a child of PARENT that inherits all. */
struct process_facts spawn(const struct process_facts *parent);
/* A child that has called setsid, and opened TTY unless it is 0. */
struct process_facts spawn_leader(const struct process_facts *parent, uint32_t tty);
/* fork, then all its uids are UID. */
struct process_facts spawn_as(const struct process_facts *parent, uint32_t uid);
/* A set-uid-root program, such as sudo and su: the real uid stays. */
struct process_facts spawn_setuid(const struct process_facts *parent);
/* init's, daemons': root, no audit id, no terminal. */
struct process_facts spawn_daemon(uint32_t uid);

enum { REUSE_MS = 300000 };

/* sudo's question: may CALLER, who is asked to be UID, go on without a prompt? */
bool granted(const struct process_facts *caller, uint32_t uid);
/* He stands in no session; why not. */
enum reason refused(const struct process_facts *caller, uint32_t uid);
/* He stands in SESSION, for `c2mctl token`; what sudo makes of it. */
enum reason asked(const struct process_facts *caller, const struct session *session);

/* The tests of standing run twice: with openers whose audit id is fresh, and with such whose id is not. */
extern bool cast_fresh;

#endif
