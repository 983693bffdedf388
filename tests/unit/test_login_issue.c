// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* A code typed at a prompt buys a long token, which is exchanged; both die with the login, the short one first. */
#include "login_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BOUGHT "lt_bought_with_a_code"

static int set_up(void **state)
{
    int r = login_world_set_up(state);
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE;
    world.policy.login.accept[POLICY_REMOTE] |= 1u << C2M_FORM_CODE;
    world.policy.login.required = (struct scopes){.text = "login:web1"};
    world.options.issue_scopes = (struct scopes){.text = "jobs:read tokens:revoke"};
    return r;
}

static void alice_types_a_code(struct asked *asked)
{
    alice_types(asked, "sshd", "123456");
    assert_int_equal(asked->verdicts, 0);
    assert_int_equal(fake_api_count(), 1);
    assert_int_equal(fake_api_request(0)->kind, FAKE_ISSUE);
}

static void give(unsigned index, const char *token, const char *token_id, int64_t life)
{
    struct api_token answer = {.outcome = API_OK, .reason = REASON_CREDENTIAL, .retry_after = -1};
    snprintf(answer.token_id, sizeof answer.token_id, "%s", token_id);
    answer.expires = NOW + life;
    fake_api_issue(index, token, &answer);
}

static void refuse(unsigned index, enum api_outcome outcome, enum reason reason)
{
    const struct api_token answer = {
        .outcome = outcome, .reason = reason, .why = C2M_API_NOT_JSON, .retry_after = -1};
    fake_api_issue(index, NULL, &answer);
}

static void nothing_is_kept(void)
{
    assert_int_equal(tokens_held(), 0);
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("sessions"), 0);
}

static void a_code_is_one_request_of_the_users_first_client(void **state)
{
    struct asked asked;
    const struct fake_request *request;
    (void)state;
    alice_types_a_code(&asked);
    request = fake_api_request(0);
    assert_string_equal(request->bearer, "123456");
    assert_string_equal(request->client_id, "c2m_alice");
    assert_false(request->by_secret);
    assert_int_equal(request->lane, BUDGET_LOGIN);
    assert_string_equal(request->scopes.text, "jobs:read tokens:revoke login:web1");
    assert_int_equal(request->ttl_seconds, 3600); /* the shortest life that there is */
    finished(&asked);
}

/* Where no time is named the session does not speak for its user, and its token needs not say so. */
static void it_asks_for_the_scopes_of_the_services_that_a_session_serves(void **state)
{
    struct asked asked;
    (void)state;
    for (unsigned i = 0; i < world.policy.count; i++) {
        struct policy_rule *rule = &world.policy.services[i].rule;
        snprintf(rule->required.text, sizeof rule->required.text, "%s:root", world.policy.services[i].name);
        rule->reuse_ms = i == 0 || i >= 2; /* a millisecond */
    }
    world.policy.count = 3; /* what stands behind is no service any more */
    assert_string_equal(world.policy.services[0].name, "sudo");
    assert_string_equal(world.policy.services[2].name, "young");
    alice_types_a_code(&asked);
    assert_string_equal(
        fake_api_request(0)->scopes.text, "jobs:read tokens:revoke login:web1 sudo:root young:root");
    finished(&asked);
}

/* An audience alone lets in, or there are more than one request can name: then the client's own are asked for. */
static void what_cannot_be_asked_for_whole_is_not_asked_for(void **state)
{
    struct asked asked;
    (void)state;
    world.policy.login.required = (struct scopes){.text = ""};
    alice_types_a_code(&asked);
    assert_string_equal(fake_api_request(0)->scopes.text, "");
    finished(&asked);
    fake_api_reset();
    world.policy.login.required = (struct scopes){.text = "login:web1"};
    struct scopes *full = &world.options.issue_scopes;
    memset(full->text, 's', sizeof full->text - 1);
    full->text[sizeof full->text - 1] = '\0';
    alice_types_a_code(&asked);
    assert_string_equal(fake_api_request(0)->scopes.text, "");
    finished(&asked);
}

/* Root takes her line out of the map while she types; a guesser learns nothing of it. */
static void who_is_mapped_no_more_buys_nothing(void **state)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    struct asked asked;
    (void)state;
    for (int i = 0; i < 10; i++) {
        char code[8];
        snprintf(code, sizeof code, "12345%d", i);
        begin(&asked, &request);
        users_are("bob = c2m_bob\n");
        type(&asked, code);
        users_are(LOGIN_WORLD_USERS);
        expect_verdict(&asked, C2M_DENIED, REASON_UNMAPPED, C2M_TEXT_NOT_ACCEPTED);
        finished(&asked);
    }
    assert_int_equal(fake_api_count(), 0);
    begin(&asked, &request);
    type(&asked, "123456");
    expect_verdict(&asked, C2M_EXHAUSTED, REASON_THROTTLED, C2M_TEXT_WAIT);
    finished(&asked);
}

static void without_scopes_to_ask_for_it_asks_for_none(void **state)
{
    struct asked asked;
    (void)state;
    world.options.issue_scopes = (struct scopes){.text = ""};
    alice_types_a_code(&asked);
    assert_string_equal(fake_api_request(0)->scopes.text, "");
    finished(&asked);
}

static void a_code_is_asked_for_and_taken_where_it_is_accepted_alone(void **state)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    struct asked asked;
    (void)state;
    world.policy.login.accept[POLICY_REMOTE] &= ~(1u << C2M_FORM_CODE);
    begin(&asked, &request); /* at the console */
    assert_int_equal(asked.prompt.prompt, C2M_TEXT_ASK_TOKEN_OR_CODE);
    finished(&asked);
    strcpy(request.rhost, "127.0.0.1");
    begin(&asked, &request);
    assert_int_equal(asked.prompt.prompt, C2M_TEXT_ASK_TOKEN);
    type(&asked, "123456");
    expect_verdict(&asked, C2M_DENIED, REASON_FORM_NOT_ACCEPTED, C2M_TEXT_UNSUPPORTED);
    finished(&asked);
    world.policy.login.accept[POLICY_REMOTE] = 0;
    begin(&asked, &request);
    expect_verdict(&asked, C2M_IGNORE, REASON_SERVICE_OFF, C2M_TEXT_NONE);
    finished(&asked);
    assert_int_equal(fake_api_count(), 0);
}

static void alice_is_asked_for(const struct login_request *request, enum c2m_text prompt)
{
    struct asked asked;
    begin(&asked, request);
    assert_int_equal(asked.prompt.prompt, prompt);
    finished(&asked);
}

static void while_codes_are_off_none_is_asked_for(void **state)
{
    enum { OFF_MS = 15 * 60 * 1000 };
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        struct asked asked;
        char code[8];
        alice_is_asked_for(&request, C2M_TEXT_ASK_TOKEN_OR_CODE);
        snprintf(code, sizeof code, "12345%u", i);
        begin(&asked, &request);
        type(&asked, code);
        refuse(i, API_REFUSED, REASON_API_REFUSED);
        finished(&asked);
    }
    alice_is_asked_for(&request, C2M_TEXT_ASK_TOKEN);
    fake_boot_ms += OFF_MS - 1;
    alice_is_asked_for(&request, C2M_TEXT_ASK_TOKEN);
    fake_boot_ms += 1;
    alice_is_asked_for(&request, C2M_TEXT_ASK_TOKEN_OR_CODE);
}

static void what_it_bought_is_exchanged_and_both_are_held(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    fake_boot_ms += 70;
    give(0, BOUGHT, "tok_lt_1", 3600);
    assert_int_equal(fake_api_count(), 2);
    assert_int_equal(fake_api_request(1)->kind, FAKE_EXCHANGE);
    assert_string_equal(fake_api_request(1)->bearer, BOUGHT);
    turns();
    /* on disk, and whose it is, before it is of use to anybody */
    assert_int_equal(rows_of("tokens WHERE client = 'c2m_alice'"), 1);
    give(1, token_for("c2m_alice", "tok1", GOOD), "tok1", LIFE);
    assert_int_equal(asked.verdicts, 0);
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_int_equal(asked.outcome.form, C2M_FORM_CODE);
    assert_int_equal(asked.outcome.spent_us[STEP_API], 70000);
    assert_int_equal(ledger_count(world.parts.ledger, asked.outcome.reference), 2);
    assert_int_equal(denied("tok1"), DENY_OURS);
    assert_int_equal(denied("tok_lt_1"), DENY_OURS);
    finished(&asked);
}

static void at_logout_both_are_revoked(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    give(0, BOUGHT, "tok_lt_1", 3600);
    give(1, token_for("c2m_alice", "tok1", GOOD), "tok1", LIFE);
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_int_equal(ledger_release(world.parts.ledger, asked.outcome.reference), 0);
    turns();
    assert_int_equal(denied("tok1"), DENY_REVOKED);
    assert_int_equal(denied("tok_lt_1"), DENY_REVOKED);
    assert_true(revocation_asked("tok1"));
    assert_string_equal(fake_api_request(2)->token_id, "tok1"); /* the short one first */
    finished(&asked);
}

static void done(const struct fake_request *request, struct api_revocation *answer)
{
    (void)request;
    *answer = (struct api_revocation){.status = 204, .retry_after = -1};
}

static void a_long_token_that_the_answer_does_not_name_is_revoked_by_its_own_name(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    give(0, token_for("c2m_alice", "own_lt_1", GOOD), "", 3600);
    give(1, token_for("c2m_alice", "tok1", GOOD), "tok1", LIFE);
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_int_equal(ledger_release(world.parts.ledger, asked.outcome.reference), 0);
    turns();
    fake_api_serve(done);
    turns();
    assert_true(revocation_asked("tok1"));
    assert_true(revocation_asked("own_lt_1"));
    finished(&asked);
}

static void a_long_token_that_calls_itself_otherwise_is_known_by_both_names(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    give(0, token_for("c2m_alice", "own_lt_1", GOOD), "tok_lt_1", 3600);
    turns();
    assert_int_equal(denied("tok_lt_1"), DENY_OURS);
    assert_int_equal(denied("own_lt_1"), DENY_OURS);
    finished(&asked);
}

static void the_shortest_name_is_one(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    give(0, token_for("c2m_alice", "o", GOOD), "t", 3600);
    turns();
    assert_int_equal(denied("t"), DENY_OURS);
    assert_int_equal(denied("o"), DENY_OURS);
    finished(&asked);
}

static void a_wrong_code_is_refused_and_an_outage_is_one(void **state)
{
    static const struct {
        enum api_outcome outcome;
        enum reason reason;
        enum c2m_verdict_code verdict;
        enum c2m_text text;
    } cases[] = {
        {API_REFUSED, REASON_API_REFUSED, C2M_DENIED, C2M_TEXT_NOT_ACCEPTED},
        {API_FORBIDDEN, REASON_SUSPENDED, C2M_FORBIDDEN, C2M_TEXT_NOT_ACCEPTED},
        {API_UNAVAILABLE, REASON_API_TIMEOUT, C2M_UNAVAILABLE, C2M_TEXT_UNREACHABLE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct asked asked;
        fake_api_reset();
        alice_types_a_code(&asked);
        refuse(0, cases[i].outcome, cases[i].reason);
        turns();
        expect_verdict(&asked, cases[i].verdict, cases[i].reason, cases[i].text);
        assert_int_equal(asked.outcome.why, C2M_API_NOT_JSON); /* the log says more than the user hears */
        assert_int_equal(asked.outcome.text_argument[0], 0);
        assert_int_equal(fake_api_count(), 1);
        finished(&asked);
        assert_false(fake_api_request(0)->cancelled); /* it was answered */
        nothing_is_kept();
        fake_boot_ms += 30000; /* so long the same code would be refused again unasked */
    }
}

static void expect_the_bought_one_revoked(struct asked *asked)
{
    turns();
    assert_true(revocation_asked("tok_lt_1"));
    assert_int_equal(denied("tok_lt_1"), DENY_REVOKED);
    if (asked->login)
        finished(asked);
    nothing_is_kept();
}

static void an_exchange_that_fails_revokes_what_was_bought(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    give(0, BOUGHT, "tok_lt_1", 3600);
    refuse(1, API_UNAVAILABLE, REASON_API_ERROR);
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_API_ERROR, C2M_TEXT_UNREACHABLE);
    expect_the_bought_one_revoked(&asked);
}

/* The API took the code, and does not take what it bought with it: a guess like any other that it refuses. */
static void an_exchange_that_is_refused_counts(void **state)
{
    struct asked asked;
    (void)state;
    for (int i = 0; i < 10; i++) {
        char code[8], bought[32], id[16];
        snprintf(code, sizeof code, "12345%d", i);
        snprintf(bought, sizeof bought, BOUGHT "_%d", i);
        snprintf(id, sizeof id, "tok_lt_%d", i);
        const unsigned before = fake_api_count();
        alice_types(&asked, "sshd", code);
        give(before, bought, id, 3600);
        refuse(before + 1, API_REFUSED, REASON_API_REFUSED);
        expect_verdict(&asked, C2M_DENIED, REASON_API_REFUSED, C2M_TEXT_NOT_ACCEPTED);
        finished(&asked);
    }
    alice_types(&asked, "sshd", token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_EXHAUSTED, REASON_THROTTLED, C2M_TEXT_WAIT);
    finished(&asked);
}

static void a_token_of_another_out_of_it_revokes_both(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    give(0, BOUGHT, "tok_lt_1", 3600);
    give(1, token_for("c2m_bob", "tok1", GOOD), "tok1", LIFE);
    turns();
    expect_verdict(&asked, C2M_FORBIDDEN, REASON_SUBJECT, C2M_TEXT_NOT_ACCEPTED);
    assert_int_equal(denied("tok1"), DENY_REVOKED);
    assert_int_equal(denied("tok_lt_1"), DENY_REVOKED);
    finished(&asked);
    nothing_is_kept();
}

static void a_peer_that_goes_while_the_code_is_spent_leaves_nothing(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    finished(&asked);
    give(0, BOUGHT, "tok_lt_1", 3600);
    asked.login = NULL;
    expect_the_bought_one_revoked(&asked);
}

static void a_peer_that_goes_during_the_exchange_leaves_nothing(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    give(0, BOUGHT, "tok_lt_1", 3600);
    finished(&asked);
    turns();
    assert_true(revocation_asked("tok_lt_1"));
    give(1, token_for("c2m_alice", "tok1", GOOD), "tok1", LIFE);
    turns();
    assert_int_equal(denied("tok1"), DENY_REVOKED);
    nothing_is_kept();
}

static void a_bought_one_that_cannot_be_written_down_is_not_used(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    disk_fails_from = disk_calls + 1;
    give(0, BOUGHT, "tok_lt_1", 3600);
    turns();
    disk_fails_from = 0;
    if (asked.verdicts == 0) /* in memory it is held: then the commit of the grant fails */
        give(1, token_for("c2m_alice", "tok1", GOOD), "tok1", LIFE);
    turns();
    assert_int_not_equal(asked.verdicts, 0);
    finished(&asked);
}

static void a_code_where_none_is_accepted_asks_nobody(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "short", "123456");
    expect_verdict(&asked, C2M_DENIED, REASON_FORM_NOT_ACCEPTED, C2M_TEXT_UNSUPPORTED);
    assert_int_equal(fake_api_count(), 0);
    finished(&asked);
}

static void a_secret_is_taken_only_where_root_says_so(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", "a-client-secret!");
    expect_verdict(&asked, C2M_DENIED, REASON_NOT_CREDENTIAL, C2M_TEXT_NOT_ACCEPTED);
    assert_int_equal(fake_api_count(), 0);
    finished(&asked);
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_SECRET;
    world.policy.login.accept[POLICY_REMOTE] |= 1u << C2M_FORM_SECRET;
    alice_types(&asked, "sshd", "a-client-secret!");
    assert_int_equal(fake_api_request(0)->kind, FAKE_ISSUE);
    assert_true(fake_api_request(0)->by_secret);
    finished(&asked);
    alice_types(&asked, "sshd", "with a blank");
    expect_verdict(&asked, C2M_DENIED, REASON_NOT_CREDENTIAL, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
}

/* It leaks, and somebody pastes it: it is this helper's own, and proves nothing. */
static void what_was_bought_is_never_a_proof(void **state)
{
    struct asked asked;
    (void)state;
    alice_types_a_code(&asked);
    give(0, BOUGHT, "tok_lt_1", 3600);
    give(1, token_for("c2m_alice", "tok1", GOOD), "tok1", LIFE);
    turns();
    finished(&asked);
    alice_types(&asked, "sshd", BOUGHT);
    expect_verdict(&asked, C2M_DENIED, REASON_OURS, C2M_TEXT_NOT_ACCEPTED);
    assert_int_equal(fake_api_count(), 2);
    finished(&asked);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, login_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_code_is_one_request_of_the_users_first_client),
        TEST(it_asks_for_the_scopes_of_the_services_that_a_session_serves),
        TEST(what_cannot_be_asked_for_whole_is_not_asked_for),
        TEST(who_is_mapped_no_more_buys_nothing),
        TEST(without_scopes_to_ask_for_it_asks_for_none),
        TEST(a_code_is_asked_for_and_taken_where_it_is_accepted_alone),
        TEST(while_codes_are_off_none_is_asked_for),
        TEST(what_it_bought_is_exchanged_and_both_are_held),
        TEST(at_logout_both_are_revoked),
        TEST(a_long_token_that_the_answer_does_not_name_is_revoked_by_its_own_name),
        TEST(a_long_token_that_calls_itself_otherwise_is_known_by_both_names),
        TEST(the_shortest_name_is_one),
        TEST(a_wrong_code_is_refused_and_an_outage_is_one),
        TEST(an_exchange_that_fails_revokes_what_was_bought),
        TEST(an_exchange_that_is_refused_counts),
        TEST(a_token_of_another_out_of_it_revokes_both),
        TEST(a_peer_that_goes_while_the_code_is_spent_leaves_nothing),
        TEST(a_peer_that_goes_during_the_exchange_leaves_nothing),
        TEST(a_bought_one_that_cannot_be_written_down_is_not_used),
        TEST(a_code_where_none_is_accepted_asks_nobody),
        TEST(a_secret_is_taken_only_where_root_says_so),
        TEST(what_was_bought_is_never_a_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
