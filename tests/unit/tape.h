/* What happened to the files of a database, in its order, and what a disk holds of it when the power fails. */
#ifndef TESTS_TAPE_H
#define TESTS_TAPE_H

#include "made_vfs.h"

#include <stdbool.h>
#include <stdint.h>

struct tape;

struct tape *tape_new(void);
void tape_free(struct tape *tape);
/* A copy of EVENT is its next one. */
void tape_add(struct tape *tape, const struct made_vfs_event *event);
long tape_length(const struct tape *tape);

struct platter;

/* The disk that TAPE is played to. SYNCS_IGNORED: a write is safe only when 64 more have followed it. */
struct platter *platter_new(const struct tape *tape, bool syncs_ignored);
void platter_free(struct platter *platter);
/* Everything before the event of number WHEN has happened; never back. */
void platter_play(struct platter *platter, long when);
/* Makes the files in FOLDER what they are after a cut now; RANDOM says which unsynced sector was written. */
void platter_cut(const struct platter *platter, const char *folder, uint64_t random);

#endif
