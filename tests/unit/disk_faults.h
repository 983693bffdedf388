/*
 * The disk fails while alice logs in and out: every write, sync, read and truncate of SQLite's once, and from each of
 * them on; and it gets full, or read-only, at each. Then it is mended.
 * Needs what login_world.h needs, deeds.c and made_vfs.c.
 */
#ifndef TESTS_DISK_FAULTS_H
#define TESTS_DISK_FAULTS_H

#include <stdbool.h>

enum { DISK_FAULT_KINDS = 12 };

struct disk_fault_figures {
    const char *name;
    unsigned points; /* where it began, one world each */
    unsigned grants, refusals,
        closes; /* all of them; of the closes LATE were acknowledged when the fault had ended only */
    unsigned late;
    unsigned unrevocable; /* grants whose tokens were not on the disk when they were told */
    unsigned lost; /* closes, and tokens that were obtained in vain, that are recorded nowhere in the end */
    unsigned stuck; /* worlds that granted nothing when the fault had ended */
    unsigned wrong; /* refusals that were no outage, grants without a reserve */
    char first[160];
};

/* Each EVERY-th point of the fault of that number. Inside a login_world; made_vfs was installed before it. */
void disk_faults_run(unsigned kind, unsigned every, struct disk_fault_figures *out);
void disk_faults_print(const struct disk_fault_figures *figures);

#endif
