/*
 * The state that this start takes up. Sessions and revocations belong to one machine: a copy of it (a cloned disk, a
 * restored image) would end the original's sessions, so another machine's state is set aside, and a fresh one begun.
 */
#ifndef STATE_H
#define STATE_H

#include "base/store.h"

#include <stdbool.h>

/*
 * Opens DIRECTORY's database, set aside first when it is damaged (what can be read of it is taken over: salvage.h), or when MACHINE_FILE (/etc/machine-id) says another
 * machine than the one it was written on; ADOPT: it is this one's from now on. What was done is logged, with its
 * cure. A negative errno, said already.
 */
int state_open(const char *directory, const char *machine_file, bool adopt, struct store **out);

#endif
