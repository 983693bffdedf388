/*
 * Hanging up: the login's process gets SIGHUP, and SIGTERM where it is still there two seconds later. By a pidfd, so
 * that nobody else can be meant. Root's processes need CAP_KILL. One line of the log tells how it ended.
 */
#ifndef SESSION_HANGUP_H
#define SESSION_HANGUP_H

#include "base/loop.h"
#include "base/process.h"

struct hangups;

/* LOOP stays the caller's. */
int hangups_new(struct loop *loop, struct hangups **out);
/* Those under way are left as they are. */
void hangups_free(struct hangups *hangups);
/* PROCESS opened the session REFERENCE of USER, which is over. What cannot be done is logged. */
void hangups_start(struct hangups *hangups, const char *reference, const char *user, struct process process);

#endif
