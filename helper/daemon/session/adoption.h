/*
 * Another machine's state was set aside (state.h). Root may look at what is in it, and order that it is taken over: that
 * happens at the next start, before anything is loaded, so that nothing in memory has to change under anybody.
 */
#ifndef SESSION_ADOPTION_H
#define SESSION_ADOPTION_H

#include "base/store.h"
#include "c2m/wire.h"

enum { ADOPTION_NAME_SIZE = 64 };

/* NAME, in the state's folder, is what was set aside; this turn's transaction. A negative errno. */
int adoption_offer(struct store *store, const char *name);
/* What is in it. -ENOENT: nothing was set aside; another negative errno: it cannot be read. */
int adoption_look(struct store *store, const char *directory, struct c2m_adoptable *out);
/* The next start takes it over; the order is part of this turn's transaction. -ENOENT: nothing was set aside. */
int adoption_order(struct store *store);
/* At a start: the name to take over, and "" when none was ordered. A negative errno. */
int adoption_due(struct store *store, char name[ADOPTION_NAME_SIZE]);
/* It was taken over: neither offer nor order is left. */
int adoption_done(struct store *store);

#endif
