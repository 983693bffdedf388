/*
 * Who is at the other end of a connection, from the kernel: SO_PEERCRED (the effective uid at connect: the
 * authority), a pidfd taken before /proc is read, and SCM_CREDENTIALS with each message, which must name the same
 * pid and gives the real uid (unix(7)). A caller in another pid namespace is told so and served nothing.
 */
#ifndef IPC_CALLER_H
#define IPC_CALLER_H

#include "base/process.h"

#include <stdbool.h>
#include <sys/socket.h>

struct caller {
    pid_t pid;
    uid_t uid; /* effective, at connect */
    int pidfd; /* -1: none */
    bool foreign; /* pid 0, or more than one number in NSpid */
    struct process_facts facts;
};

/* At accept. 0; -ESRCH when the peer is gone already; another negative errno. The pidfd is the caller's to close. */
int caller_identify(int fd, struct caller *out);
/* Who connected, before more is asked about him: cheap enough for a flood. PROCESS_NO_UID: unknown. */
uid_t caller_uid(int fd);
/* At each message: false when the credentials are absent, name another pid, or claim another real uid. */
bool caller_confirm(const struct caller *caller, const struct ucred *credentials);
void caller_close(struct caller *caller);

#endif
