/*
 * Which PAM services ask pam_c2m.
 */
#ifndef SERVICES_H
#define SERVICES_H

#include "stack.h"

enum { SERVICES_MAX = 64, SERVICE_NAME_SIZE = 64 };

struct services {
    char names[SERVICES_MAX][SERVICE_NAME_SIZE]; /* sorted */
    size_t count;
};

/*
 * Those of DIRS whose stack names pam_c2m, by themselves or by what they include; what is only included (common-auth) and
 * what an editor or a package manager left are none. One that cannot be read counts when its own file has the name.
 */
void services_find(struct services *services, const struct stack_dirs *dirs);

#endif
