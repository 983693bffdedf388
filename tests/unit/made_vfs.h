/*
 * The file system as SQLite sees it, in the hands of a test: a VFS around the default one that tells what happens to
 * which file, before it happens, and may make it fail. No sync reaches the disk: that costs time, and it is the test
 * that decides what a sync is worth.
 */
#ifndef TESTS_MADE_VFS_H
#define TESTS_MADE_VFS_H

#include <stddef.h>
#include <stdint.h>

enum made_vfs_kind { MADE_READ, MADE_WRITE, MADE_TRUNCATE, MADE_SYNC, MADE_DELETE };
enum made_vfs_file { MADE_DATABASE, MADE_LOG, MADE_JOURNAL, MADE_OTHER, MADE_FILES };

struct made_vfs_event {
    enum made_vfs_kind kind;
    enum made_vfs_file file;
    int64_t offset; /* of a write; the new size of a truncate */
    size_t length;
    const void *bytes; /* of a write, for the time of the call */
};

/* 0: it happens. An errno: it fails with that, as the default VFS would report it. */
typedef int (*made_vfs_fn)(const struct made_vfs_event *event);

/* The default VFS of this process from now on. FN is asked from then on; NULL: nobody is. */
void made_vfs_install(made_vfs_fn fn);
void made_vfs_tell(made_vfs_fn fn);

#endif
