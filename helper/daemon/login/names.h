/*
 * What root's module said of names: which user has which uid. The helper asks NSS never (it can block for
 * seconds); a name that root's module never spoke of is nobody at user.sock. Kept in the store.
 */
#ifndef LOGIN_NAMES_H
#define LOGIN_NAMES_H

#include "base/store.h"

#include <stdbool.h>
#include <stdint.h>

struct names;

int names_new(struct store *store, struct names **out);
void names_free(struct names *names);
/* Root's module said so; written only when it is news. A failure to write fails the turn, as any does. */
void names_learn(struct names *names, const char *user, uint32_t uid);
bool names_known(const struct names *names, const char *user, uint32_t uid);
/* True when root's module ever spoke of a user with that uid. */
bool names_known_uid(const struct names *names, uint32_t uid);

#endif
