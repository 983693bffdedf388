// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c tests/fuzz/login_play.c
/*
 * The login's state machine, with store, vault, verifier, deny list, ledger and sessions as they ship. An input is a
 * service and a user in one byte each, then what happens, a letter each: see login_play.h.
 *
 * A grant follows a genuine token of that very user, that was typed in this login or given for what was; there is one
 * verdict; and what the API gave in vain is revoked.
 */
#include "given.h"
#include "login_play.h"

enum { LOGINS_A_WORLD = 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned logins;
    struct given given = {data, size};
    if (logins++ % LOGINS_A_WORLD == 0)
        login_play_world();
    login_play_begin(&given);
    while (given.left > 0)
        login_play_step(&given);
    login_play_end();
    return 0;
}
