/*
 * The folder of the state: a real directory of ours that nobody else may write to, held by one process at a
 * time. What stands in it counts only when it is a plain file of ours that nobody else may even read.
 */
#ifndef BASE_STATE_DIR_H
#define BASE_STATE_DIR_H

#include <stdbool.h>

struct state_dir {
    int fd, lock;
};

/* -EACCES: another's, or others may write to it; -ENOTDIR, -ELOOP; -EBUSY: another process holds it. */
int state_dir_open(const char *path, struct state_dir *out);
void state_dir_close(struct state_dir *directory);
/* NAME is sound. With CREATE it is made, 0600 whatever the umask, when it is missing; else -ENOENT. -EACCES: not ours alone. */
int state_dir_file(const struct state_dir *directory, const char *name, bool create);
/* The same, and the descriptor is the caller's. */
int state_dir_open_file(const struct state_dir *directory, const char *name, bool create);
/*
 * Writes a block and takes it away again: what a database that has not committed cannot know. Without a sync, so
 * that it costs microseconds: a full or read-only disk says so at once, a broken one at the commit.
 */
int state_dir_probe(const struct state_dir *directory);

#endif
