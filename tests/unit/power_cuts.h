/*
 * Power cuts: a trace of logins, openings and closes at the code that ships is recorded as SQLite's writes, truncates,
 * syncs and deletes; then the folder is made as a cut at some moment would leave it, each sector that was not synced
 * written or not by chance, and the helper's parts start on it.
 * Needs what login_world.h needs, deeds.c and made_vfs.c.
 */
#ifndef TESTS_POWER_CUTS_H
#define TESTS_POWER_CUTS_H

#include <stdbool.h>
#include <stdint.h>

struct power_options {
    unsigned operations, cuts;
    uint64_t seed;
    bool syncs_ignored; /* the control: a disk that forgets the last writes whatever was synced */
};

struct power_figures {
    unsigned operations, grants, opens, closes, events; /* of the trace, acknowledged */
    unsigned cuts;
    unsigned promises; /* acknowledged before their cut, all cuts together */
    unsigned corrupt; /* images in which the database is not sound */
    unsigned losing; /* sound images in which something acknowledged is lost */
    unsigned lost; /* all of them together */
    char first[160]; /* the first that was found: where, and what */
};

/* Inside a login_world that was set up after made_vfs_install; it is used up. */
void power_cuts_run(const struct power_options *options, struct power_figures *out);
void power_figures_print(const struct power_options *options, const struct power_figures *figures);

#endif
