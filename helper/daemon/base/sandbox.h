/*
 * What the helper gives up: root, capabilities, exec, and the file system outside its own folders.
 * Order (main): drop, then sandbox_no_dump, then state is opened, then sandbox_enter. Each step is read back.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <sys/types.h>

/* setgroups, setresgid, setresuid; checks that root cannot be had back; all capabilities empty; no_new_privs. */
int sandbox_drop(uid_t uid, gid_t gid);
/* PR_SET_DUMPABLE 0 after the drop (setresuid resets it), RLIMIT_CORE 0; read back: -EPERM when it did not hold. */
int sandbox_no_dump(void);

struct sandbox_paths {
    const char *const
        *read_only; /* files and folders that may be read, NULL-terminated; a missing one is skipped */
    const char *const *read_write; /* folders whose files may be made and changed */
};
/*
 * Landlock (files; absent before kernel 5.13: said, not fatal) and a seccomp allow-list whose default is EPERM
 * (clone3 is ENOSYS; clone only for threads, for libcurl's resolver). *landlock gets the ABI in force, 0: none.
 */
int sandbox_enter(const struct sandbox_paths *paths, int *landlock);

#endif
