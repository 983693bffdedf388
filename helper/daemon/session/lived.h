/*
 * How long helpers have run on this state, over all its starts, by the boot clock: the one time that no wrong wall clock
 * and no start of the machine changes. It is written now and then; what is lost of it, and what passes while no helper
 * runs, is not counted, so it is never ahead.
 */
#ifndef SESSION_LIVED_H
#define SESSION_LIVED_H

#include "base/store.h"

#include <stdint.h>

struct lived {
    struct store_statement *put;
    int64_t before_ms, begun_boot_ms, written_ms;
};

/* Reads what the last run wrote. A negative errno: the store's. */
int lived_init(struct lived *lived, struct store *store);
void lived_deinit(struct lived *lived);
int64_t lived_ms(const struct lived *lived);
/* Into this turn's transaction, every ten minutes at most. */
void lived_write(struct lived *lived);

#endif
