// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* Presence by terminal: what a credential typed at sudo proves, for which terminal, and for how long. */
#include "session_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { REUSE_MS = 300000, LIMIT = 1024 };

static const char login[] = "10910910"; /* a login that the ledger knows as a holder of two tokens */

static struct process leader_on(uint32_t tty)
{
    struct process_facts shell = made(child(), 1, ALICE);
    shell.tty = tty;
    made_proc_put(&shell);
    fake_ledger_give(login, fake_ledger.count ? 0 : 2);
    return shell.process;
}

static void prove(const char *reference, uint32_t tty, struct process leader)
{
    assert_int_equal(
        presences_prove(world.presences, reference, ALICE, tty, leader, C2M_FORM_SHORT, token(), REUSE_MS),
        0);
}

static const struct presence *find(uint32_t tty, struct process leader)
{
    return presences_find(world.presences, ALICE, tty, leader);
}

static void a_credential_typed_at_sudo_proves_presence_for_that_terminal(void **state)
{
    struct process leader = leader_on(PTS_3);
    (void)state;
    prove(login, PTS_3, leader);
    const struct presence *presence = find(PTS_3, leader);
    assert_non_null(presence);
    assert_string_equal(presence->login, login);
    assert_string_not_equal(presence->reference, login);
    assert_int_equal(presence->form, C2M_FORM_SHORT);
    assert_string_equal(presence->token->claims.token_id, "tok_1");
    assert_memory_equal(presence->token->hash, token()->hash, VAULT_HASH_SIZE);
    assert_int_equal(ledger_count(NULL, presence->reference), 2);
    assert_int_equal(fake_ledger_releases(login), 0);
    assert_true(said("event=presence ref=10910910"));
}

static void another_terminal_uid_or_leader_is_not_that_terminal(void **state)
{
    struct process leader = leader_on(PTS_3), other = leader_on(PTS_3);
    struct process_facts reused = made_proc_read(leader.pid);
    (void)state;
    prove(login, PTS_3, leader);
    assert_null(find(PTS_4, leader));
    assert_null(find(PTS_3, other));
    assert_null(presences_find(world.presences, BOB, PTS_3, leader));
    reused.process.start++;
    made_proc_put(&reused);
    assert_null(find(PTS_3, reused.process));
}

static void a_presence_ends_with_its_bound_and_never_slides(void **state)
{
    struct process leader = leader_on(PTS_3);
    char reference[9];
    (void)state;
    world.hurry = true;
    prove(login, PTS_3, leader);
    memcpy(reference, find(PTS_3, leader)->reference, sizeof reference);
    for (int i = 0; i < 10; i++) {
        assert_non_null(find(PTS_3, leader));
        turn();
        fake_boot_ms += REUSE_MS / 10;
    }
    assert_null(find(PTS_3, leader)); /* before the loop has heard of it */
    assert_int_equal(fake_ledger_releases(reference), 0);
    turn();
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_true(said("state=ended reason=stale_proof"));
}

static void a_presence_of_the_future_is_none(void **state)
{
    struct process leader = leader_on(PTS_3);
    (void)state;
    prove(login, PTS_3, leader);
    fake_boot_ms--;
    assert_null(find(PTS_3, leader));
}

static void a_presence_ends_with_the_terminals_leader_in_the_next_turn(void **state)
{
    struct process leader = leader_on(PTS_3), other = leader_on(PTS_4);
    char reference[9];
    (void)state;
    prove(login, PTS_3, leader);
    prove(login, PTS_4, other);
    memcpy(reference, find(PTS_3, leader)->reference, sizeof reference);
    child_kill(leader.pid);
    turn();
    assert_null(find(PTS_3, leader));
    assert_non_null(find(PTS_4, other));
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_true(said("state=ended reason=no_terminal"));
}

static void a_leader_that_died_unheard_is_not_found(void **state)
{
    struct process leader = leader_on(PTS_3);
    (void)state;
    prove(login, PTS_3, leader);
    made_proc_remove(leader.pid);
    assert_null(find(PTS_3, leader));
}

static void a_newer_proof_replaces_the_older_one_of_the_same_terminal(void **state)
{
    struct process leader = leader_on(PTS_3);
    char older[9];
    (void)state;
    prove(login, PTS_3, leader);
    memcpy(older, find(PTS_3, leader)->reference, sizeof older);
    fake_boot_ms += REUSE_MS - 1;
    fake_ledger_give("20920920", 1);
    prove("20920920", PTS_3, leader);
    assert_int_equal(fake_ledger_releases(older), 1);
    fake_boot_ms += REUSE_MS - 1;
    assert_string_equal(find(PTS_3, leader)->login, "20920920");
    assert_int_equal(fake_ledger_releases(find(PTS_3, leader)->reference), 0);
}

static void a_login_that_was_not_granted_after_all_has_proved_nothing(void **state)
{
    struct process leader = leader_on(PTS_3), other = leader_on(PTS_4);
    char reference[9];
    (void)state;
    prove(login, PTS_3, leader);
    fake_ledger_give("20920920", 1);
    prove("20920920", PTS_4, other);
    memcpy(reference, find(PTS_3, leader)->reference, sizeof reference);
    presences_drop(world.presences, login, REASON_STORE);
    assert_null(find(PTS_3, leader));
    assert_non_null(find(PTS_4, other));
    assert_int_equal(fake_ledger_releases(reference), 1);
    presences_drop(world.presences, login, REASON_STORE);
    assert_int_equal(fake_ledger.releases, 1);
}

static bool on_the_fourth(const struct presence *presence, const void *tty)
{
    return presence->tty == *(const uint32_t *)tty;
}

static void those_that_somebody_names_end(void **state)
{
    struct process leader = leader_on(PTS_3), other = leader_on(PTS_4);
    const uint32_t tty = PTS_4;
    (void)state;
    prove(login, PTS_3, leader);
    prove(login, PTS_4, other);
    assert_int_equal(presences_end(world.presences, on_the_fourth, &tty, REASON_ENDED), 1);
    assert_null(find(PTS_4, other));
    assert_non_null(find(PTS_3, leader));
    assert_int_equal(fake_ledger.releases, 1);
    assert_true(said("state=ended reason=ended"));
    assert_int_equal(presences_end(world.presences, on_the_fourth, &tty, REASON_ENDED), 0);
}

static void nothing_is_proven_where_there_is_nothing_to_prove(void **state)
{
    struct process leader = leader_on(PTS_3), dead = leader_on(PTS_4);
    (void)state;
    child_reap(dead.pid);
    prove(login, PTS_4, dead);
    prove(login, 0, leader);
    assert_int_equal(
        presences_prove(world.presences, login, 0, PTS_3, leader, C2M_FORM_SHORT, token(), REUSE_MS), 0);
    assert_int_equal(
        presences_prove(world.presences, login, ALICE, PTS_3, leader, C2M_FORM_SHORT, token(), 0), 0);
    assert_null(find(PTS_4, dead));
    assert_null(find(0, leader));
    assert_null(find(PTS_3, leader));
    assert_null(presences_find(world.presences, 0, PTS_3, leader));
    assert_false(said("event=presence"));
}

static void a_token_that_cannot_be_shared_proves_nothing(void **state)
{
    struct process leader = leader_on(PTS_3);
    (void)state;
    fake_ledger.error = -ENOSPC;
    assert_int_equal(
        presences_prove(world.presences, login, ALICE, PTS_3, leader, C2M_FORM_SHORT, token(), REUSE_MS),
        -ENOSPC);
    assert_null(find(PTS_3, leader));
    child_kill(leader.pid);
    turn(); /* and nobody waits for its leader */
    assert_false(said("event=presence"));
}

static void beyond_1024_presences_the_oldest_ends(void **state)
{
    struct process leader = leader_on(1);
    char oldest[9];
    (void)state;
    prove(login, 1, leader);
    memcpy(oldest, find(1, leader)->reference, sizeof oldest);
    for (uint32_t tty = 2; tty <= LIMIT; tty++)
        prove(login, tty, leader);
    assert_non_null(find(1, leader));
    prove(login, LIMIT + 1, leader);
    assert_null(find(1, leader));
    assert_non_null(find(2, leader));
    assert_non_null(find(LIMIT + 1, leader));
    assert_int_equal(fake_ledger_releases(oldest), 1);
    assert_int_equal(fake_ledger.releases, 1);
}

static void no_presence_survives_a_restart_and_its_hold_is_given_up(void **state)
{
    struct process leader = leader_on(PTS_3);
    char reference[9];
    (void)state;
    prove(login, PTS_3, leader);
    memcpy(reference, find(PTS_3, leader)->reference, sizeof reference);
    session_world_restart();
    assert_null(find(PTS_3, leader));
    assert_int_equal(fake_ledger_releases(reference), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_credential_typed_at_sudo_proves_presence_for_that_terminal),
        TEST(another_terminal_uid_or_leader_is_not_that_terminal),
        TEST(a_presence_ends_with_its_bound_and_never_slides),
        TEST(a_presence_of_the_future_is_none),
        TEST(a_presence_ends_with_the_terminals_leader_in_the_next_turn),
        TEST(a_leader_that_died_unheard_is_not_found),
        TEST(a_newer_proof_replaces_the_older_one_of_the_same_terminal),
        TEST(a_login_that_was_not_granted_after_all_has_proved_nothing),
        TEST(those_that_somebody_names_end),
        TEST(nothing_is_proven_where_there_is_nothing_to_prove),
        TEST(a_token_that_cannot_be_shared_proves_nothing),
        TEST(beyond_1024_presences_the_oldest_ends),
        TEST(no_presence_survives_a_restart_and_its_hold_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
