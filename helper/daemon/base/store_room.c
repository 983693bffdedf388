/* Room for what must be written whatever happens, and who may not be granted anything while there is none. */
#include "base/store_internal.h"

#include "base/log.h"
#include "base/state_reserve.h"

#include <errno.h>

int store_room(struct store *store)
{
    if (store->reserved)
        return 0;
    int error = state_reserve_fill(&store->directory);
    store->reserved = error == 0;
    store->no_room = error;
    store_tell_room(store);
    return error;
}

bool store_make_room(struct store *store)
{
    store->reserved = false;
    store->no_room = -ENOSPC;
    store->checkpoint_due = true; /* what the log holds is in the way */
    return state_reserve_give(&store->directory);
}

void store_tell_room(struct store *store)
{
    if (store->scarce == !store->reserved)
        return;
    store->scarce = !store->reserved;
    if (store->scarce)
        log_message(LOG_LEVEL_ERROR,
            "state: no space in reserve: %s: no token lets in until there is room for it again; logouts and "
            "revocations are written as long as it lasts. Make room there",
            log_errno(store->no_room));
    else
        log_message(LOG_LEVEL_NOTICE, "state: the space in reserve is whole again");
}

bool store_scarce(const struct store *store)
{
    return store->scarce;
}
