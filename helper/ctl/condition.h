/*
 * Modules whose answer a rehearsal tries both ways, and the tests of pam_succeed_if that the kind of user settles.
 */
#ifndef CONDITION_H
#define CONDITION_H

#include "assume.h"

/* Which of the conditions says the same as the line; their count when none does. */
size_t condition_index(const struct stack_line *line, const struct conditions *conditions);
/* A PAM code. */
int condition_answer(
    const struct stack_line *line, const struct conditions *conditions, const struct assumed_case *which);
/* "uid >= 1000" and "user = root" are: a user of C2M is an ordinary one. */
bool condition_is_told(const struct stack_line *line, const struct assumed_case *which);

#endif
