/*
 * The last refusal of a user by the same application: an application retries with a new authenticate, and what
 * the user must read has to stand in its prompt (sshd shows other texts only when the login is over).
 * Sixty seconds, at most 1,024, the oldest goes first.
 */
#ifndef LOGIN_ATTEMPTS_H
#define LOGIN_ATTEMPTS_H

#include "base/process.h"

#include <stdbool.h>
#include <stdint.h>

struct attempts;

struct attempt_note {
    uint32_t text; /* enum c2m_text */
    uint32_t argument[2];
    char reference[9];
};

int attempts_new(struct attempts **out);
void attempts_free(struct attempts *attempts);
/* APPLICATION is the parent of the process that authenticates: sshd forks a new child for each try. */
void attempts_note(
    struct attempts *attempts, struct process application, const char *user, const struct attempt_note *note);
/* Takes the note out; false when there is none that is young enough. */
bool attempts_take(
    struct attempts *attempts, struct process application, const char *user, struct attempt_note *note);

#endif
