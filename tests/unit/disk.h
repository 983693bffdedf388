/*
 * A disk that fails: the executable's own pwrite64 and fdatasync are the ones that SQLite finds. A store in a
 * folder of its own under $TMPDIR, for the tests of everything that writes.
 */
#ifndef TESTS_DISK_H
#define TESTS_DISK_H

#include "base/store.h"

#include <stdbool.h>
#include <stdint.h>

extern long disk_calls; /* writes and syncs so far */
extern long disk_fails_from; /* the call of that number and all after it fail; 0: none */
extern long disk_fails_at; /* only that one; 0: none */
extern int disk_error; /* how: ENOSPC, EIO, EROFS */
extern long disk_syncs;
extern bool disk_is_lazy; /* syncs succeed at once: for worlds by the hundred, in which no power is cut */

/* No file of FOLDER may grow beyond CAPACITY bytes of all of them together: ENOSPC, as of a disk that is full. NULL: none. */
void disk_limit(const char *folder, int64_t capacity);
int64_t disk_used(const char *folder);

/* A new folder, 0700; its name lives until the next call. */
const char *disk_folder(void);
void disk_remove(const char *folder);

#endif
