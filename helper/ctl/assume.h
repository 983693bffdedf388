/*
 * What the modules of a stack are assumed to answer in a rehearsal, where none of them runs.
 */
#ifndef ASSUME_H
#define ASSUME_H

#include "stack.h"

/* Who logs in. */
enum who { WHO_MAPPED, WHO_UNMAPPED, WHO_ROOT };

/* What is true in one run. */
struct assumed_case {
    enum who who;
    int c2m
        [2]; /* pam_c2m's answer at auth and account, PAM codes, where it asks the helper about this user */
    bool password; /* the local password is right */
    unsigned conditions; /* a bit for each of stack_conditions: it answers success */
};

enum { CONDITIONS_MAX = 4 };

/* What nobody can know here: a group of pam_succeed_if, a module of which no answer is known. */
struct conditions {
    const struct stack_line *lines[CONDITIONS_MAX]; /* the first of those that say the same */
    size_t count;
    bool more; /* than that: the rest is assumed to answer success */
};

void conditions_find(struct conditions *conditions, const struct stack *stack);
/* "user ingroup breakglass", "pam_foo.so answers yes" */
void condition_words(char *out, size_t size, const struct stack_line *line);

/* The answer of each line's module, PAM codes, into RESULTS. */
void assume_all(int *results, const struct stack *stack, const struct conditions *conditions,
    const struct assumed_case *which);

/* "no /etc/nologin": what is assumed of this line's module; NULL: nothing that needs telling. */
const char *assume_words(const struct stack_line *line);

/* The first argument that pam_c2m does not take, or NULL. OUT: a buffer for it. */
const char *assume_wrong_argument(const struct stack_line *line, char *out, size_t size);

#endif
