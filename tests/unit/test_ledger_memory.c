/* Memory is short at the Nth allocation of holding a token, for every N: what the API has issued is held and revoked all the same. */
// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c tests/unit/short_memory.c -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc
#include "revocation_world.h"
#include "short_memory.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* False: there are no so many allocations. */
static bool hold_short_of_memory(const char *holder, const char *id, const char *text, long nth)
{
    struct secret *bearer SECRET_CLEANUP = NULL;
    uint8_t hash[VAULT_HASH_SIZE];
    hash_of(text, hash);
    const struct ledger_token token = {.kind = LEDGER_EXCHANGED,
        .user = "alice",
        .client = "c2m_alice",
        .token_id = id,
        .hash = hash,
        .expires = NOW + SHORT_LIFE,
        .may_revoke = true};
    assert_int_equal(secret_new(text, strlen(text), &bearer), 0);
    short_memory_at(nth);
    ledger_hold(world.ledger, holder, &token, bearer); /* what it says of the disk is another matter */
    return short_memory_reached();
}

static void what_was_obtained_is_held_and_revoked_wherever_memory_is_short(void **state)
{
    bool reached = true;
    unsigned nth = 0;
    (void)state;
    while (reached) {
        char holder[9], text[16], id[24];
        snprintf(holder, sizeof holder, "%08x", ++nth);
        snprintf(text, sizeof text, "s%u", nth);
        snprintf(id, sizeof id, "tok_s%u", nth);
        reached = hold_short_of_memory(holder, id, text, nth);
        assert_int_equal(ledger_count(world.ledger, holder), 1);
        world_turn();
        ledger_release(world.ledger, holder);
        world_turn();
        assert_int_equal(denied(id, text), DENY_REVOKED);
        assert_int_equal(receipt(id).state, C2M_REVOCATION_PENDING);
    }
    assert_true(nth > 8);
}

/* What the hold before has taken out of the reserve is put back, or no token is obtained. */
static void without_a_reserve_nothing_is_ready(void **state)
{
    (void)state;
    short_memory_at(1);
    assert_int_equal(ledger_ready(world.ledger), -ENOMEM);
    short_memory_at(0);
    assert_int_equal(ledger_ready(world.ledger), 0);
    short_memory_at(1);
    assert_int_equal(ledger_ready(world.ledger), 0);
    short_memory_at(0);
}

static void hold_one(const char *holder, unsigned nth, char text[16], char id[24])
{
    snprintf(text, 16, "s%u", nth);
    snprintf(id, 24, "tok_s%u", nth);
    hold_short_of_memory(holder, id, text, 0);
    world_turn();
}

/* SHORTEN says from which allocation on, for every one; then memory is there again. */
static void is_revoked_in_the_end(void (*shorten)(long nth))
{
    bool reached = true;
    unsigned nth = 1;
    for (; reached; nth++) {
        char text[16], id[24];
        hold_one("0000000a", nth, text, id);
        shorten(nth);
        ledger_release(world.ledger, "0000000a");
        world_turn();
        reached = short_memory_reached();
        assert_false(store_damaged(world.store));
        fake_boot_ms += 1001;
        world_turn();
        world_turn();
        assert_int_equal(denied(id, text), DENY_REVOKED);
        assert_int_equal(receipt(id).state, C2M_REVOCATION_PENDING);
        assert_true(nth < 2000);
    }
    assert_true(nth > 8);
}

static void what_is_given_up_is_revoked_wherever_memory_is_short(void **state)
{
    (void)state;
    is_revoked_in_the_end(short_memory_at);
}

/* To the end of the turn, so that there is none to wait for the next one with. */
static void what_is_given_up_is_revoked_however_long_memory_is_short(void **state)
{
    (void)state;
    is_revoked_in_the_end(short_memory_from);
}

int main(void)
{
    if (!short_memory_possible) {
        puts("skipped: the address sanitizer brings its own allocator");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            without_a_reserve_nothing_is_ready, revocation_world_set_up, revocation_world_tear_down),
        cmocka_unit_test_setup_teardown(what_was_obtained_is_held_and_revoked_wherever_memory_is_short,
            revocation_world_set_up, revocation_world_tear_down),
        cmocka_unit_test_setup_teardown(what_is_given_up_is_revoked_wherever_memory_is_short,
            revocation_world_set_up, revocation_world_tear_down),
        cmocka_unit_test_setup_teardown(what_is_given_up_is_revoked_however_long_memory_is_short,
            revocation_world_set_up, revocation_world_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
