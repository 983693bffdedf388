/* Each step is undone by nobody: what the kernel says afterwards is compared with what was asked for. */
#include "base/sandbox.h"

#include "base/landlock.h"
#include "base/syscall_filter.h"

#include <linux/capability.h>

#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KILL = 1 << CAP_KILL };

static int become(uid_t uid, gid_t gid, uint32_t kept)
{
    /* Best effort: a container may not allow it, and without exec nothing could be gained from the set. */
    for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++)
        continue;
    /* Whoever stops being root keeps none otherwise. */
    if (kept && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
        return -errno;
    if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
        return -errno;
    return 0;
}

/* 1: these are all that we have; 0: there are others, or one of these is missing. */
static int has_only(uint32_t kept)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, sets) < 0)
        return -errno;
    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        uint32_t wanted = i == 0 ? kept : 0;
        if (sets[i].effective != wanted || sets[i].permitted != wanted || sets[i].inheritable != 0)
            return 0;
    }
    return 1;
}

/* A service manager may have left none, and may forbid even to give up what is not there. */
static int drop_capabilities(uint32_t kept)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {
        {.effective = kept, .permitted = kept}};
    int r = has_only(kept);
    if (r != 0)
        return r < 0 ? r : 0;
    if (syscall(SYS_capset, &header, sets) < 0)
        return -errno;
    r = has_only(kept);
    return r < 0 ? r : r == 1 ? 0 : -EPERM;
}

bool sandbox_may_signal(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    return syscall(SYS_capget, &header, sets) == 0 && (sets[0].effective & KILL) != 0;
}

static bool is_only(uid_t uid, gid_t gid)
{
    uid_t uids[3];
    gid_t gids[3];
    if (getresuid(&uids[0], &uids[1], &uids[2]) < 0 || getresgid(&gids[0], &gids[1], &gids[2]) < 0)
        return false;
    for (int i = 0; i < 3; i++) {
        if (uids[i] != uid || gids[i] != gid)
            return false;
    }
    return setresuid(0, 0, 0) < 0 && (gid == 0 || setresgid(0, 0, 0) < 0);
}

static int no_new_privileges(void)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -errno;
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : -EPERM;
}

int sandbox_drop(uid_t uid, gid_t gid, bool keep_kill)
{
    uint32_t kept = keep_kill ? KILL : 0;
    if (uid == 0 || uid == (uid_t)-1 || gid == (gid_t)-1) /* -1 would leave it as it is */
        return -EINVAL;
    int r = geteuid() == 0 ? become(uid, gid, kept) : 0;
    if (r == 0)
        r = drop_capabilities(kept);
    if (r == 0 && !is_only(uid, gid))
        r = -EPERM;
    return r < 0 ? r : no_new_privileges();
}

int sandbox_no_dump(void)
{
    const struct rlimit none = {0, 0};
    struct rlimit now;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || setrlimit(RLIMIT_CORE, &none) < 0)
        return -errno;
    if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
        return -EPERM;
    return getrlimit(RLIMIT_CORE, &now) == 0 && now.rlim_cur == 0 && now.rlim_max == 0 ? 0 : -EPERM;
}

int sandbox_enter(const struct sandbox_paths *paths, int *landlock)
{
    int r = no_new_privileges();
    if (r == 0)
        r = landlock_enter(paths, landlock);
    return r < 0 ? r : syscall_filter_enter(paths->signals);
}
