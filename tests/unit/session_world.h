/*
 * What the tests of `session/` stand in: a loop, a store in a folder of its own, sessions and presences, a made
 * /proc (real children behind it where a pidfd is needed), and what the log was told.
 * Needs "fakes: clock ledger", disk.c, made_proc.c, said.c, and --wrap of log_send, log_message and loop_timer_set.
 */
#ifndef TESTS_SESSION_WORLD_H
#define TESTS_SESSION_WORLD_H

#include "base/loop.h"
#include "base/store.h"
#include "session/presence.h"
#include "session/sessions.h"

#include "disk.h"
#include "fakes/clock.h"
#include "fakes/ledger.h"
#include "made_proc.h"
#include "said.h"

enum { ALICE = 1001, BOB = 1002, MALLORY = 1003, PTS_3 = 0x8803, PTS_4 = 0x8804 };
#define NO_PARENT ((struct process_facts){.process = {.pid = 0}})

extern struct session_world {
    struct loop *loop;
    struct store *store;
    struct sessions *sessions;
    struct presences *presences;
    char folder[256];
    bool hurry; /* every timer fires in the next turn, whatever it was set to */
    unsigned ended; /* told to the listener */
    char ended_reference[9];
    enum reason ended_why;
} world;

int session_world_set_up(void **state);
int session_world_tear_down(void **state);
/* The helper is killed and started again: nothing but the store is left. */
void session_world_restart(void);
void session_world_fresh(void); /* as after set_up */
void turn(void); /* one turn of the loop, and its commit */

/* A process that sleeps; killed at the latest by tear_down. */
pid_t child(void);
void child_kill(pid_t pid); /* SIGKILL; it stays a zombie */
void child_reap(pid_t pid); /* ... and is gone for the kernel */

/* A process in the made /proc, of start time 10 * pid, its own leader without a terminal, its audit id unset. */
struct process_facts made(pid_t pid, pid_t parent, uid_t uid);

/* The token of a login: of client "c2m_alice", scopes and audiences, good for an hour from now. */
const struct verified *token(void);
/* Granted, its tokens held, its commit done. A reference of its own. */
struct session *pend(const struct process_facts *authenticator, const struct process_facts *parent,
    const char *user, uint32_t uid);
int try_pend(const char *reference, const struct process_facts *authenticator,
    const struct process_facts *parent, const char *user, uint32_t uid, struct session **out);

int64_t rows_of(const char *table);

#endif
