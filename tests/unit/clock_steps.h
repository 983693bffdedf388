/*
 * The wall clock is set, or the machine sleeps, while alice's sessions, a terminal's presence and revocations live, and
 * is corrected later, or never; the helper goes on, or is started again while the clock is wrong. Real sessions, ledger,
 * revoker, deny list and presences; what is true is counted on the boot clock.
 * Needs "fakes: clock loop api", disk.c, made_proc.c, said.c, and --wrap of log_send and log_message.
 */
#ifndef TESTS_CLOCK_STEPS_H
#define TESTS_CLOCK_STEPS_H

enum { CLOCK_STEPS = 12 };

struct clock_figures {
    const char *name; /* of the step */
    unsigned worlds;
    unsigned sessions, kept, lost; /* live sessions that were there to the end; those that were not */
    unsigned overstayed; /* pending logins beyond their two minutes */
    unsigned proven, stale; /* a presence found within its bound; beyond it */
    unsigned forgotten; /* presences that were not found though their bound had not passed */
    unsigned denied, revived; /* a dead token looked for while it would live, and found; not found */
    unsigned orders,
        live; /* tokens to be revoked; those of them that nobody revoked and that outlived the world */
    unsigned stalled; /* orders that were not settled an hour after their life */
    unsigned requests;
    char first[160]; /* the first thing that went wrong */
};

/* Every EVERY-th world of step number STEP. */
void clock_steps_run(unsigned step, unsigned every, struct clock_figures *out);
void clock_steps_print(const struct clock_figures *figures);
unsigned clock_steps_wrong(const struct clock_figures *figures);

#endif
