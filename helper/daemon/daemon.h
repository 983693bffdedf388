/* The whole house: makes every part, hands each what it needs, and takes everything down in the opposite order. */
#ifndef DAEMON_H
#define DAEMON_H

#include "ipc/server.h"
#include "rules.h"

struct daemon;

/*
 * After the drop, before the sandbox: opens the state, loads what it holds. RULES become the daemon's (also when
 * this fails). A negative errno, said in the log with its cure.
 */
int daemon_new(struct rules *rules, const char *state_dir, bool adopt, struct daemon **out);
/* Takes the sockets, which become the daemon's, and goes on with the sessions that live. */
int daemon_open(struct daemon *daemon, const struct server_sockets *sockets);
/* Serves until SIGTERM or SIGINT; SIGHUP reloads. */
int daemon_run(struct daemon *daemon);
void daemon_free(struct daemon *daemon);

#endif
