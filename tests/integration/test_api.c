// link: tests/integration/standin_world.c
/* The API's two requests against a server that keeps its rules: outcomes, budget, and tokens nobody waits for. */
#include "standin_world.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct exchange {
    int count;
    struct api_token token; /* its secret is the test's */
} exchange, loose;
static struct secret *loose_parent;

static void keep(struct exchange *into, struct api_token *token)
{
    struct secret *taken = STEAL(token->token);
    secret_free(into->token.token);
    into->token = *token;
    into->token.token = taken;
    into->count++;
}

static void on_token(void *argument, struct api_token *token)
{
    keep(argument, token);
}

static void on_loose(void *argument, struct api_token *token, const struct secret *long_token)
{
    keep(argument, token);
    secret_free(loose_parent);
    assert_int_equal(secret_copy(long_token, &loose_parent), 0);
}

static void forget(void)
{
    secret_free(exchange.token.token);
    secret_free(loose.token.token);
    secret_free(loose_parent);
    memset(&exchange, 0, sizeof exchange);
    memset(&loose, 0, sizeof loose);
    loose_parent = NULL;
}

static int begin(void **state)
{
    set_up(state);
    api_set_orphan(world.api, on_loose, &loose);
    return 0;
}

static int end(void **state)
{
    forget();
    return tear_down(state);
}

static struct api_call *start(const struct secret *long_token, const char *scopes, int64_t timeout_ms)
{
    struct scopes wanted = {""};
    struct api_call *call = NULL;
    if (scopes)
        assert_int_equal(scopes_parse(&wanted, scopes, strlen(scopes)), 0);
    exchange.count = 0;
    assert_int_equal(
        api_exchange(world.api, long_token, &wanted, BUDGET_LOGIN, timeout_ms, on_token, &exchange, &call),
        0);
    assert_int_equal(exchange.count, 0);
    return call;
}

static void exchange_for(const char *client, const char *scopes)
{
    SECRET_CLEANUP struct secret *token = long_token_of(client);
    start(token, scopes, 5000);
    turn_until(&exchange.count);
    assert_int_equal(exchange.count, 1);
}

static void an_exchange_yields_a_token_and_what_revokes_it(void **state)
{
    (void)state;
    exchange_for("c2m_alice", NULL);
    assert_int_equal(exchange.token.outcome, API_OK);
    assert_int_equal(exchange.token.status, 201);
    assert_in_range(exchange.token.expires, clock_wall() + 890, clock_wall() + 910);
    assert_true(strlen(exchange.token.token_id) > 0);
    char line[256];
    snprintf(line, sizeof line, "token id=%s", exchange.token.token_id);
    assert_string_equal(ask(line, "state"), "live");
}

static void an_exchange_asks_for_the_scopes_it_was_given(void **state)
{
    (void)state;
    exchange_for("c2m_alice", "tokens:revoke");
    assert_int_equal(exchange.token.outcome, API_OK);
    assert_string_equal(exchange.token.scopes.text, "tokens:revoke");
}

static void an_answer_of_200_without_the_optional_members_is_as_good(void **state)
{
    (void)state;
    ask("success 200", NULL);
    ask("omit token_id scopes expires_at", NULL);
    exchange_for("c2m_alice", NULL);
    ask("success 201", NULL);
    assert_int_equal(exchange.token.outcome, API_OK);
    assert_int_equal(exchange.token.status, 200);
    assert_string_equal(exchange.token.token_id, "");
    assert_string_equal(exchange.token.scopes.text, "");
}

static void a_warm_helper_needs_one_request_and_no_connection(void **state)
{
    (void)state;
    exchange_for("c2m_alice", NULL);
    long connections = ask_number("requests", "connections");
    ask("reset-requests", NULL);
    exchange_for("c2m_bob", NULL);
    assert_int_equal(exchange.token.outcome, API_OK);
    assert_int_equal(ask_number("requests", "count"), 1);
    assert_in_range(ask_number("requests", "connections"), 0, connections);
}

static void a_token_that_the_service_does_not_know_is_refused(void **state)
{
    (void)state;
    SECRET_CLEANUP struct secret *token = NULL;
    assert_int_equal(secret_new("lt_0123", 7, &token), 0);
    start(token, NULL, 5000);
    turn_until(&exchange.count);
    assert_int_equal(exchange.token.outcome, API_REFUSED);
    assert_int_equal(exchange.token.reason, REASON_API_REFUSED);
    assert_null(exchange.token.token);
}

static void a_suspended_account_is_forbidden(void **state)
{
    (void)state;
    ask("suspend client=c2m_carol", NULL);
    exchange_for("c2m_carol", NULL);
    ask("resume client=c2m_carol", NULL);
    assert_int_equal(exchange.token.outcome, API_FORBIDDEN);
    assert_int_equal(exchange.token.reason, REASON_SUSPENDED);
}

static void a_firewalls_page_is_no_verdict(void **state)
{
    (void)state;
    ask("fault endpoint=short html=yes count=1", NULL);
    exchange_for("c2m_alice", NULL);
    assert_int_equal(exchange.token.outcome, API_UNAVAILABLE);
    assert_int_equal(exchange.token.reason, REASON_API_ERROR);
}

static void after_a_429_nothing_is_sent_until_it_is_over(void **state)
{
    (void)state;
    ask("fault endpoint=short status=429 retry-after=2 count=1", NULL);
    exchange_for("c2m_alice", NULL);
    assert_int_equal(exchange.token.reason, REASON_API_LIMITED);
    assert_int_equal(exchange.token.retry_after, 2);
    ask("reset-requests", NULL);
    SECRET_CLEANUP struct secret *token = long_token_of("c2m_alice");
    start(token, NULL, 1000); /* there is no time to wait: said at once */
    turn_for(50);
    assert_int_equal(exchange.count, 1);
    assert_int_equal(exchange.token.reason, REASON_API_LIMITED);
    assert_int_equal(exchange.token.status, 0);
    assert_int_equal(ask_number("requests", "count"), 0);
    start(token, NULL, 6000); /* there is: it waits */
    turn_until(&exchange.count);
    assert_int_equal(exchange.token.outcome, API_OK);
    assert_int_equal(ask_number("requests", "count"), 1);
}

static void on_settled(void *argument)
{
    ++*(int *)argument;
}

static void what_may_still_yield_a_token_is_waited_for(void **state)
{
    int settled = 0;
    (void)state;
    ask("fault endpoint=short delay=300 late=yes count=1", NULL);
    SECRET_CLEANUP struct secret *token = long_token_of("c2m_alice");
    struct api_call *call = start(token, NULL, 5000);
    turn_for(100);
    api_cancel(call);
    api_settle(world.api, on_settled, &settled);
    assert_int_equal(settled, 0);
    turn_until(&settled);
    assert_int_equal(loose.count, 1);
    assert_int_equal(exchange.count, 0);
    settled = 0;
    api_settle(world.api, on_settled, &settled); /* nothing is under way */
    assert_int_equal(settled, 1);
}

static void what_the_budget_does_not_hold_is_not_sent(void **state)
{
    (void)state;
    with_budget(1);
    exchange_for("c2m_alice", NULL);
    assert_int_equal(exchange.token.outcome, API_OK);
    ask("reset-requests", NULL);
    exchange_for("c2m_alice", NULL);
    assert_int_equal(exchange.token.outcome, API_UNAVAILABLE);
    assert_int_equal(exchange.token.reason, REASON_API_LIMITED);
    assert_in_range(exchange.token.retry_after, 50, 61);
    assert_int_equal(ask_number("requests", "count"), 0);
}

static void what_has_no_time_is_not_sent(void **state)
{
    (void)state;
    SECRET_CLEANUP struct secret *token = long_token_of("c2m_alice");
    start(token, NULL, 100);
    turn_until(&exchange.count);
    assert_int_equal(exchange.token.reason, REASON_DEADLINE);
    assert_int_equal(ask_number("requests", "count"), 0);
}

static void a_token_that_nobody_waits_for_is_handed_over(void **state)
{
    (void)state;
    SECRET_CLEANUP struct secret *token = long_token_of("c2m_alice");
    ask("fault endpoint=short delay=300 count=1", NULL);
    struct api_call *call = start(token, NULL, 5000);
    turn_for(100);
    api_cancel(call);
    turn_until(&loose.count);
    assert_int_equal(exchange.count, 0);
    assert_int_equal(loose.token.outcome, API_OK);
    assert_true(secret_length(loose.token.token) > 100);
    assert_true(secret_equal(loose_parent, token));
}

static void a_token_in_a_nonsense_answer_is_handed_over(void **state)
{
    (void)state;
    ask("fault endpoint=short status=201 body={\"access_token\":\"a.b.c\",\"expires_in\":\"standard\"} "
        "count=1",
        NULL);
    exchange_for("c2m_alice", NULL);
    assert_int_equal(exchange.token.outcome, API_UNAVAILABLE);
    assert_int_equal(exchange.token.reason, REASON_API_NONSENSE);
    assert_null(exchange.token.token);
    assert_int_equal(loose.count, 1);
    assert_string_equal(secret_bytes(loose.token.token), "a.b.c");
}

static void what_is_cancelled_before_it_is_sent_is_gone(void **state)
{
    (void)state;
    SECRET_CLEANUP struct secret *token = long_token_of("c2m_alice");
    budget_hold(world.budget, 1);
    api_cancel(start(token, NULL, 5000));
    turn_for(1300);
    assert_int_equal(exchange.count + loose.count, 0);
    assert_int_equal(ask_number("requests", "count"), 0);
}

static void what_is_under_way_when_all_ends_calls_nobody(void **state)
{
    (void)state;
    SECRET_CLEANUP struct secret *token = long_token_of("c2m_alice");
    ask("fault endpoint=short delay=500 count=2", NULL);
    start(token, NULL, 5000);
    api_cancel(start(token, NULL, 5000));
    turn_for(100);
    api_free(world.api);
    world.api = NULL;
    turn_for(800);
    assert_int_equal(exchange.count + loose.count, 0);
}

static struct revocation {
    int count;
    struct api_revocation answer;
} revocation;

static void on_revocation(void *argument, const struct api_revocation *answer)
{
    struct revocation *into = argument;
    into->count++;
    into->answer = *answer;
}

static void end_token(const char *id, const struct secret *bearer)
{
    struct api_call *call = NULL;
    memset(&revocation, 0, sizeof revocation);
    assert_int_equal(api_revoke(world.api, id, bearer, 5000, on_revocation, &revocation, &call), 0);
    assert_int_equal(revocation.count, 0);
    turn_until(&revocation.count);
}

static void a_revoked_token_is_dead_at_the_service(void **state)
{
    (void)state;
    char line[256];
    exchange_for("c2m_alice", NULL);
    snprintf(line, sizeof line, "token id=%s", exchange.token.token_id);
    end_token(exchange.token.token_id, exchange.token.token);
    assert_int_equal(revocation.answer.status, 204);
    assert_int_equal(revocation.answer.reason, REASON_DONE);
    assert_string_equal(ask(line, "state"), "revoked");
    end_token(exchange.token.token_id, exchange.token.token); /* its own bearer is dead now */
    assert_int_equal(revocation.answer.status, 401);
    assert_true(revocation.answer.code[0]);
}

/* On a warm connection libcurl would ask again, and tell of a 401 by the bearer that has just died. */
static void a_lost_answer_to_a_revocation_says_so(void **state)
{
    (void)state;
    exchange_for("c2m_alice", NULL);
    ask("reset-requests", NULL);
    ask("fault endpoint=revoke lost=yes count=1", NULL);
    end_token(exchange.token.token_id, exchange.token.token);
    assert_int_equal(revocation.answer.status, 0);
    assert_true(revocation.answer.lost);
    assert_false(revocation.answer.limited);
    assert_int_equal(ask_number("requests", "count"), 1);
}

static void a_revocation_does_not_wait_for_the_budget(void **state)
{
    (void)state;
    exchange_for("c2m_alice", NULL);
    budget_hold(world.budget, 3);
    ask("reset-requests", NULL);
    end_token(exchange.token.token_id, exchange.token.token);
    assert_true(revocation.answer.limited);
    assert_int_equal(revocation.answer.retry_after, 3);
    assert_false(revocation.answer.lost);
    assert_int_equal(ask_number("requests", "count"), 0);
}

static void an_identifier_made_for_a_path_is_not_sent(void **state)
{
    (void)state;
    static const char *const ids[] = {"", ".", "..", "../long", "a/b?c", "a\nb"};
    SECRET_CLEANUP struct secret *token = long_token_of("c2m_alice");
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct api_call *call = NULL;
        assert_int_equal(
            api_revoke(world.api, ids[i], token, 5000, on_revocation, &revocation, &call), -EINVAL);
    }
}

static void a_cancelled_revocation_calls_nobody(void **state)
{
    (void)state;
    struct api_call *call = NULL;
    exchange_for("c2m_alice", NULL);
    ask("fault endpoint=revoke delay=200 count=1", NULL);
    memset(&revocation, 0, sizeof revocation);
    assert_int_equal(api_revoke(world.api, exchange.token.token_id, exchange.token.token, 5000, on_revocation,
                         &revocation, &call),
        0);
    turn_for(50);
    api_cancel(call);
    turn_for(500);
    assert_int_equal(revocation.count, 0);
}

static void the_health_tells_what_was_answered(void **state)
{
    (void)state;
    struct api_health health;
    api_health(world.api, &health);
    assert_false(health.asked);
    SECRET_CLEANUP struct secret *bad = NULL;
    assert_int_equal(secret_new("lt_0123", 7, &bad), 0);
    start(bad, NULL, 5000);
    turn_until(&exchange.count);
    api_health(world.api, &health);
    assert_true(health.asked && health.answering && !health.proven);
    exchange_for("c2m_alice", NULL);
    api_health(world.api, &health);
    assert_true(health.proven);
    assert_int_equal(health.requests, 2);
    assert_in_range(health.clock_offset + 2, 0, 4);
    assert_true(health.rtt_us > 0);
    ask("down", NULL);
    start(bad, NULL, 5000);
    turn_until(&exchange.count);
    ask("up", NULL);
    assert_int_equal(exchange.token.reason, REASON_API_UNREACHABLE);
    api_health(world.api, &health);
    assert_true(health.asked && !health.answering && health.proven);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_exchange_yields_a_token_and_what_revokes_it, begin, end),
        cmocka_unit_test_setup_teardown(an_exchange_asks_for_the_scopes_it_was_given, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_of_200_without_the_optional_members_is_as_good, begin, end),
        cmocka_unit_test_setup_teardown(a_warm_helper_needs_one_request_and_no_connection, begin, end),
        cmocka_unit_test_setup_teardown(a_token_that_the_service_does_not_know_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_suspended_account_is_forbidden, begin, end),
        cmocka_unit_test_setup_teardown(a_firewalls_page_is_no_verdict, begin, end),
        cmocka_unit_test_setup_teardown(after_a_429_nothing_is_sent_until_it_is_over, begin, end),
        cmocka_unit_test_setup_teardown(what_may_still_yield_a_token_is_waited_for, begin, end),
        cmocka_unit_test_setup_teardown(what_the_budget_does_not_hold_is_not_sent, begin, end),
        cmocka_unit_test_setup_teardown(what_has_no_time_is_not_sent, begin, end),
        cmocka_unit_test_setup_teardown(a_token_that_nobody_waits_for_is_handed_over, begin, end),
        cmocka_unit_test_setup_teardown(a_token_in_a_nonsense_answer_is_handed_over, begin, end),
        cmocka_unit_test_setup_teardown(what_is_cancelled_before_it_is_sent_is_gone, begin, end),
        cmocka_unit_test_setup_teardown(what_is_under_way_when_all_ends_calls_nobody, begin, end),
        cmocka_unit_test_setup_teardown(a_revoked_token_is_dead_at_the_service, begin, end),
        cmocka_unit_test_setup_teardown(a_lost_answer_to_a_revocation_says_so, begin, end),
        cmocka_unit_test_setup_teardown(a_revocation_does_not_wait_for_the_budget, begin, end),
        cmocka_unit_test_setup_teardown(an_identifier_made_for_a_path_is_not_sent, begin, end),
        cmocka_unit_test_setup_teardown(a_cancelled_revocation_calls_nobody, begin, end),
        cmocka_unit_test_setup_teardown(the_health_tells_what_was_answered, begin, end),
    };
    return cmocka_run_group_tests(tests, standin_start, standin_stop);
}
