/* A pid alone proves nothing: the pidfd is taken first, what /proc says is of a process that still lives after it. */
#include "ipc/caller.h"

#include "base/cleanup.h"

#include <errno.h>
#include <sys/pidfd.h>
#include <unistd.h>

int caller_identify(int fd, struct caller *out)
{
    struct ucred credentials = {.pid = 0, .uid = PROCESS_NO_UID, .gid = PROCESS_NO_UID};
    socklen_t size = sizeof credentials;
    *out = (struct caller){.pidfd = -1, .uid = PROCESS_NO_UID};
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0)
        return -errno;
    out->pid = credentials.pid;
    out->uid = credentials.uid;
    out->foreign = credentials.pid <= 0;
    out->facts.real_uid = out->facts.effective_uid = PROCESS_NO_UID; /* nobody's, rather than root's */
    if (out->foreign)
        return 0;
    int pidfd CLEANUP_CLOSE = pidfd_open(out->pid, 0);
    if (pidfd < 0)
        return -errno;
    int r = process_read(out->pid, &out->facts);
    if (r < 0)
        return r;
    /* It lived all the while, so the pid was its own: what was read is not another's. */
    if (process_ended(pidfd))
        return -ESRCH;
    out->foreign = out->facts.foreign;
    out->pidfd = pidfd;
    pidfd = -1;
    return 0;
}

/* A foreign one is confirmed to be told so, and is served nothing. */
bool caller_confirm(const struct caller *caller, const struct ucred *credentials)
{
    return credentials && credentials->pid == caller->pid &&
           (caller->foreign || credentials->uid == caller->facts.real_uid);
}

uid_t caller_uid(int fd)
{
    struct ucred credentials = {.uid = PROCESS_NO_UID};
    socklen_t size = sizeof credentials;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0 ? PROCESS_NO_UID
                                                                            : credentials.uid;
}

void caller_close(struct caller *caller)
{
    if (caller->pidfd >= 0)
        close(caller->pidfd);
    caller->pidfd = -1;
}
