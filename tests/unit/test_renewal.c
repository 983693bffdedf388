// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/let_in.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* The short token of a session that a long one opened is renewed before it runs out, and judged like the first. */
#include "login/renewal.h"

#include "base/cleanup.h"
#include "login/account.h"
#include "login/gate.h"
#include "let_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LONG_TOKEN "lt_0123456789"

static struct renewal *renewal;

static int set_up(void **state)
{
    int r = login_world_set_up(state);
    return r ? r : renewal_new(&world.parts, &renewal);
}

static int tear_down(void **state)
{
    renewal_free(renewal);
    return login_world_tear_down(state);
}

static const char *another(const char *id, const char *more)
{
    return token_lasting("c2m_alice", id, fake_wall, fake_wall + LIFE, more);
}

static enum reason judged(const struct session *session)
{
    struct login_request request = {.service = "sshd", .user = "alice", .uid = ALICE};
    return gate_judge_session(&world.parts, &request, session);
}

static void before_it_runs_out_another_takes_its_place(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    (void)state;
    renewal_look(renewal);
    assert_int_equal(fake_api_count(), 1); /* not yet */
    time_passes(LIFE - LIFE / 5);
    renewal_look(renewal);
    assert_int_equal(fake_api_count(), 2);
    assert_int_equal(fake_api_request(1)->kind, FAKE_EXCHANGE);
    assert_int_equal(fake_api_request(1)->lane, BUDGET_RENEWAL);
    assert_string_equal(fake_api_request(1)->bearer, LONG_TOKEN);
    renewal_look(renewal);
    assert_int_equal(fake_api_count(), 2); /* one at a time */
    api_gives(1, another("tok2", GOOD), "tok2");
    assert_string_equal(person.session->token_id, "tok2");
    assert_int_equal(person.session->token_expires, fake_wall + LIFE);
    assert_int_equal(denied("tok2"), DENY_OURS);
    assert_true(revocation_asked("tok1"));
    assert_int_equal(
        ledger_count(world.parts.ledger, person.session->reference), 2); /* it, and the long one */
    time_passes(LIFE / 2);
    assert_int_equal(judged(person.session), REASON_NONE);
    assert_true(said("event=renewal ref="));
}

static void it_is_judged_by_what_is_accepted_where_the_session_was_opened(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    (void)state;
    free(person.session->rhost);
    person.session->rhost = strdup("192.0.2.7");
    world.policy.login.accept[POLICY_LOCAL] = 0;
    time_passes(LIFE - LIFE / 5);
    renewal_look(renewal);
    api_gives(1, another("tok2", GOOD), "tok2");
    assert_true(said("event=renewal ref="));
    assert_true(said("verdict=granted reason=credential user=alice"));
    world.policy.login.accept[POLICY_REMOTE] = 0;
    time_passes(LIFE - LIFE / 5);
    renewal_look(renewal);
    api_gives(fake_api_count() - 1, another("tok3", GOOD), "tok3");
    assert_true(said("verdict=denied reason=form_not_accepted user=alice"));
}

static void woken(void *argument)
{
    ++*(unsigned *)argument;
}

static void who_waits_for_it_is_told_once_however_it_ends(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    const char *reference = person.session->reference;
    unsigned first = 0, gone = 0, second = 0;
    (void)state;
    assert_false(renewal_await(renewal, reference, woken, &first)); /* nothing is under way */
    time_passes(LIFE - LIFE / 5);
    renewal_look(renewal);
    assert_true(renewal_await(renewal, reference, woken, &first));
    assert_true(renewal_await(renewal, reference, woken, &gone));
    renewal_cancel(renewal, &gone);
    assert_int_equal(first, 0);
    api_refuses(1, API_UNAVAILABLE, REASON_API_ERROR);
    assert_int_equal(first, 1);
    time_passes(LIFE);
    renewal_look(renewal);
    assert_true(renewal_await(renewal, reference, woken, &second));
    renewal_forget(renewal, reference);
    assert_int_equal(second, 1);
    assert_int_equal(first, 1);
    assert_int_equal(gone, 0);
}

static void what_is_said_of_a_token_that_was_rotated_is_not_final(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    const char *reference = person.session->reference;
    uint8_t former[VAULT_HASH_SIZE], next[VAULT_HASH_SIZE];
    struct secret *text SECRET_CLEANUP = NULL;
    (void)state;
    time_passes(LIFE - LIFE / 5);
    renewal_look(renewal);
    vault_hash(LONG_TOKEN, strlen(LONG_TOKEN), former);
    vault_hash("lt_next", 7, next);
    const struct ledger_token token = {
        .kind = LEDGER_PASTED_LONG, .user = "alice", .client = "c2m_alice", .token_id = "", .hash = next};
    assert_int_equal(secret_new("lt_next", 7, &text), 0);
    assert_int_equal(ledger_hold(world.parts.ledger, reference, &token, text), 0);
    assert_int_equal(ledger_drop(world.parts.ledger, reference, former), 0);
    api_refuses(1, API_REFUSED, REASON_API_REFUSED);
    renewal_look(renewal);
    assert_string_equal(fake_api_request(fake_api_count() - 1)->bearer, "lt_next");
    api_refuses(fake_api_count() - 1, API_REFUSED, REASON_API_REFUSED);
    unsigned asked = fake_api_count();
    time_passes(LIFE);
    renewal_look(renewal);
    assert_int_equal(fake_api_count(), asked); /* that one was final */
}

static void a_session_of_a_short_token_is_not_renewed(void **state)
{
    struct person person = let_in("sshd", ALICE, token_for("c2m_alice", "tok1", GOOD), "tok1");
    (void)state;
    time_passes(LIFE + 10);
    renewal_look(renewal);
    assert_int_equal(fake_api_count(), 0);
    assert_int_equal(judged(person.session), REASON_EXPIRED);
}

static void a_scope_that_was_taken_away_takes_the_session_s_rights(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    (void)state;
    time_passes(LIFE - 60);
    renewal_look(renewal);
    api_gives(1, another("tok2", ",\"scope\":\"jobs:read tokens:revoke\""), "tok2");
    assert_int_equal(judged(person.session), REASON_SCOPE);
    assert_string_equal(person.session->token_id, "tok2");
}

static void another_users_token_is_discarded(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    (void)state;
    time_passes(LIFE - 60);
    renewal_look(renewal);
    api_gives(1, token_lasting("c2m_bob", "tok2", fake_wall, fake_wall + LIFE, GOOD), "tok2");
    assert_string_equal(person.session->token_id, "tok1");
    assert_true(revocation_asked("tok2"));
    assert_int_equal(ledger_count(world.parts.ledger, person.session->reference), 2);
}

static void an_outage_is_tried_again_after_a_pause_and_a_refusal_is_not(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    (void)state;
    time_passes(LIFE - 100);
    renewal_look(renewal);
    api_refuses(1, API_UNAVAILABLE, REASON_API_TIMEOUT);
    renewal_look(renewal);
    assert_int_equal(fake_api_count(), 2);
    time_passes(16);
    renewal_look(renewal);
    assert_int_equal(fake_api_count(), 3);
    api_refuses(2, API_REFUSED, REASON_API_REFUSED);
    time_passes(1000);
    renewal_look(renewal);
    assert_int_equal(fake_api_count(), 3);
    assert_int_equal(judged(person.session), REASON_EXPIRED);
}

static void a_suspended_account_is_refused_at_once(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    struct outcome outcome = {.verdict = 0};
    (void)state;
    time_passes(LIFE - 100);
    renewal_look(renewal);
    api_refuses(1, API_FORBIDDEN, REASON_SUSPENDED);
    assert_int_equal(judged(person.session), REASON_SUSPENDED);
    account_judge(&world.parts, &request, &outcome);
    assert_int_equal(outcome.verdict, C2M_ENDED);
    assert_int_equal(outcome.reason, REASON_SUSPENDED);
}

static void what_comes_after_the_session_is_revoked(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    char reference[9];
    (void)state;
    memcpy(reference, person.session->reference, sizeof reference);
    time_passes(LIFE - 60);
    renewal_look(renewal);
    sessions_end(world.parts.sessions, person.session, REASON_LOGOUT);
    renewal_forget(renewal, reference);
    turns();
    api_gives(1, another("tok2", GOOD), "tok2");
    assert_true(revocation_asked("tok2"));
    assert_int_equal(tokens_held(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(before_it_runs_out_another_takes_its_place),
        TEST(it_is_judged_by_what_is_accepted_where_the_session_was_opened),
        TEST(who_waits_for_it_is_told_once_however_it_ends),
        TEST(what_is_said_of_a_token_that_was_rotated_is_not_final),
        TEST(a_session_of_a_short_token_is_not_renewed),
        TEST(a_scope_that_was_taken_away_takes_the_session_s_rights),
        TEST(another_users_token_is_discarded),
        TEST(an_outage_is_tried_again_after_a_pause_and_a_refusal_is_not),
        TEST(a_suspended_account_is_refused_at_once),
        TEST(what_comes_after_the_session_is_revoked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
