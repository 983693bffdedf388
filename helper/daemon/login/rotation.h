/*
 * A kept long token is rotated before it runs out: when a fifth of its life is left, and every week where nobody said
 * how long it lives. What fails is tried again, less and less often, and said each time; until the last day a warning
 * is enough, because the former one still serves.
 */
#ifndef LOGIN_ROTATION_H
#define LOGIN_ROTATION_H

#include "login/parts.h"
#include "session/enrolled.h"

struct rotation;

/* Looks at them every few minutes. The arguments stay the caller's. */
int rotation_new(const struct login_parts *parts, struct enrolled *enrolled, struct rotation **out);
void rotation_free(struct rotation *rotation);
/* Looks now. */
void rotation_look(struct rotation *rotation);

#endif
