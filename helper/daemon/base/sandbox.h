/*
 * What the helper gives up: root, capabilities, exec, and the file system outside its own folders.
 * Order (main): drop, then sandbox_no_dump, then state is opened, then sandbox_enter. Each step is read back.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * setgroups, setresgid, setresuid; checks that root cannot be had back; no_new_privs. Of the capabilities CAP_KILL is
 * kept where KEEP_KILL says so (-EPERM: we have not got it), and no other.
 */
int sandbox_drop(uid_t uid, gid_t gid, bool keep_kill);
/* May we signal processes of others: is CAP_KILL in force? */
bool sandbox_may_signal(void);
/* PR_SET_DUMPABLE 0 after the drop (setresuid resets it), RLIMIT_CORE 0; read back: -EPERM when it did not hold. */
int sandbox_no_dump(void);

struct sandbox_paths {
    const char *const
        *read_only; /* files and folders that may be read, NULL-terminated; a missing one is skipped */
    const char *const *read_write; /* folders whose files may be made and changed */
    const uint16_t *ports; /* of TCP, that may be connected to, up to a zero; NULL: none */
    bool signals; /* SIGHUP and SIGTERM to other processes, by pidfd, for whoever has CAP_KILL */
};
/*
 * Landlock (files; TCP ports from kernel 6.7; absent before 5.13: said, not fatal) and a seccomp allow-list whose default is EPERM
 * (clone3 is ENOSYS; clone only for threads, for libcurl's resolver). *landlock gets the ABI in force, 0: none.
 */
int sandbox_enter(const struct sandbox_paths *paths, int *landlock);

#endif
