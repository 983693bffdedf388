/*
 * A disk that fails: the executable's own pwrite64 and fdatasync are the ones that SQLite finds. A store in a
 * folder of its own under $TMPDIR, for the tests of everything that writes.
 */
#ifndef TESTS_DISK_H
#define TESTS_DISK_H

#include "base/store.h"

#include <stdbool.h>

extern long disk_calls; /* writes and syncs so far */
extern long disk_fails_from; /* the call of that number and all after it fail; 0: none */
extern long disk_fails_at; /* only that one; 0: none */
extern int disk_error; /* how: ENOSPC, EIO, EROFS */
extern long disk_syncs;

/* A new folder, 0700; its name lives until the next call. */
const char *disk_folder(void);
void disk_remove(const char *folder);

#endif
