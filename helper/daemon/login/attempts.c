/* A ring: the 1,025th note overwrites the first. */
#include "login/attempts.h"

#include "base/clock.h"
#include "c2m/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ATTEMPTS_MAX = 1024, ATTEMPTS_AGE_MS = 60000 };

struct attempts {
    unsigned next;
    struct {
        struct process application;
        char user[C2M_NAME_MAX + 1];
        int64_t noted_ms;
        struct attempt_note note;
    } ring[ATTEMPTS_MAX];
};

int attempts_new(struct attempts **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? 0 : -ENOMEM;
}

void attempts_free(struct attempts *attempts)
{
    free(attempts);
}

void attempts_note(
    struct attempts *attempts, struct process application, const char *user, const struct attempt_note *note)
{
    unsigned slot = attempts->next++ % ATTEMPTS_MAX;
    attempts->ring[slot].application = application;
    attempts->ring[slot].noted_ms = clock_boot_ms();
    attempts->ring[slot].note = *note;
    snprintf(attempts->ring[slot].user, sizeof attempts->ring[slot].user, "%s", user);
}

bool attempts_take(
    struct attempts *attempts, struct process application, const char *user, struct attempt_note *note)
{
    for (unsigned back = 1; back <= ATTEMPTS_MAX; back++) {
        unsigned slot = (attempts->next - back) % ATTEMPTS_MAX;
        if (attempts->ring[slot].application.pid == 0 ||
            !process_same(attempts->ring[slot].application, application) ||
            strcmp(attempts->ring[slot].user, user) != 0)
            continue;
        bool young = clock_boot_ms() - attempts->ring[slot].noted_ms <= ATTEMPTS_AGE_MS;
        *note = attempts->ring[slot].note;
        attempts->ring[slot].application.pid = 0;
        return young;
    }
    return false;
}
