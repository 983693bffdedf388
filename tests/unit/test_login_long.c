// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* A long token typed at a prompt: one exchange, and whatever comes of it and is not granted is revoked. */
#include "login_world.h"
#include "tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LONG_TOKEN "lt_0123456789abcdef"

static const struct api_token issued = {.outcome = API_OK, .reason = REASON_CREDENTIAL, .retry_after = -1};

/* The exchange is under way. */
static void alice_pastes_a_long_one(struct asked *asked, const char *service, const char *typed)
{
    alice_types(asked, service, typed);
    assert_int_equal(asked->verdicts, 0);
    assert_int_equal(fake_api_count(), 1);
    assert_int_equal(fake_api_request(0)->kind, FAKE_EXCHANGE);
    assert_string_equal(fake_api_request(0)->bearer, typed);
}

static void issue(const char *token, const char *token_id)
{
    struct api_token answer = issued;
    snprintf(answer.token_id, sizeof answer.token_id, "%s", token_id);
    answer.expires = NOW + LIFE;
    fake_api_issue(0, token, &answer);
}

static void nothing_is_kept(void)
{
    assert_int_equal(tokens_held(), 0);
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("sessions"), 0);
}

static void a_long_token_is_exchanged_once_and_granted(void **state)
{
    struct asked asked;
    (void)state;
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    assert_int_equal(fake_api_request(0)->lane, BUDGET_LOGIN);
    assert_int_equal(fake_api_request(0)->timeout_ms, 9500);
    assert_true(scopes_empty(&fake_api_request(0)->scopes));
    issue(token_for("c2m_alice", "tok1", GOOD), "tok1");
    assert_int_equal(asked.verdicts, 0); /* before the commit */
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_int_equal(asked.outcome.form, C2M_FORM_LONG);
    assert_int_equal(ledger_count(world.parts.ledger, asked.outcome.reference), 2);
    assert_int_equal(fake_api_count(), 1);
    finished(&asked);
    assert_int_equal(tokens_held(), 2);
}

static void of_what_nobody_may_revoke_the_log_warns(void **state)
{
    static const char *const scopes[] = {GOOD, ",\"scope\":\"login:web1\""};
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct asked asked;
        fake_boot_ms += 30000;
        alice_types(&asked, "sshd", i ? "lt_lesser" : LONG_TOKEN);
        struct api_token answer = issued;
        snprintf(answer.token_id, sizeof answer.token_id, "tok%u", i);
        answer.expires = NOW + LIFE;
        fake_api_issue(i, token_for("c2m_alice", answer.token_id, scopes[i]), &answer);
        turns();
        expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
        assert_true(said("nobody is known who may revoke this token") == (i == 1));
        finished(&asked);
    }
}

static void what_was_obtained_is_never_a_proof(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    struct asked asked;
    (void)state;
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    issue(token, "api-name-of-it");
    turns();
    finished(&asked);
    assert_int_equal(denied("tok1"), DENY_OURS);
    assert_int_equal(denied("api-name-of-it"), DENY_OURS);
    alice_types(&asked, "sshd", token);
    expect_verdict(&asked, C2M_DENIED, REASON_OURS, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
}

/* TOKEN comes out of the exchange: it is no grant, and it is revoked. */
static void discarded(
    const char *token, enum c2m_verdict_code verdict, enum reason reason, enum c2m_text text)
{
    struct asked asked;
    fake_api_reset();
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    issue(token, "api-id");
    turns();
    expect_verdict(&asked, verdict, reason, text);
    assert_true(revocation_asked("api-id"));
    assert_string_equal(fake_api_request(1)->bearer, LONG_TOKEN);
    finished(&asked);
    nothing_is_kept();
}

static void a_wrong_token_out_of_the_exchange_is_revoked(void **state)
{
    (void)state;
    discarded(forged_for("c2m_alice", "tok1"), C2M_DENIED, REASON_SIGNATURE, C2M_TEXT_NOT_ACCEPTED);
}

static void another_users_token_out_of_the_exchange_is_revoked(void **state)
{
    (void)state;
    discarded(token_for("c2m_bob", "tok1", GOOD), C2M_FORBIDDEN, REASON_SUBJECT, C2M_TEXT_NOT_ACCEPTED);
}

static void a_token_without_the_scope_out_of_the_exchange_is_revoked(void **state)
{
    (void)state;
    discarded(token_for("c2m_alice", "tok1", ",\"scope\":\"jobs:read tokens:revoke\""), C2M_FORBIDDEN,
        REASON_SCOPE, C2M_TEXT_SCOPE);
}

static void a_token_that_is_no_jwt_out_of_the_exchange_is_revoked(void **state)
{
    (void)state;
    discarded("an opaque one", C2M_DENIED, REASON_MALFORMED, C2M_TEXT_NOT_ACCEPTED);
}

static void a_refused_token_that_the_answer_does_not_name_is_revoked_by_its_own_name(void **state)
{
    struct asked asked;
    (void)state;
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    issue(token_for("c2m_bob", "own1", GOOD), "");
    turns();
    expect_verdict(&asked, C2M_FORBIDDEN, REASON_SUBJECT, C2M_TEXT_NOT_ACCEPTED);
    assert_true(revocation_asked("own1"));
    finished(&asked);
}

static void failed(enum api_outcome outcome, enum reason why, const char *typed,
    enum c2m_verdict_code verdict, enum reason reason, enum c2m_text text)
{
    const struct api_token answer = {
        .outcome = outcome, .reason = why, .why = C2M_API_NOT_JSON, .retry_after = -1};
    struct asked asked;
    fake_api_reset();
    alice_pastes_a_long_one(&asked, "sshd", typed);
    fake_api_issue(0, NULL, &answer);
    turns();
    expect_verdict(&asked, verdict, reason, text);
    assert_int_equal(asked.outcome.why, C2M_API_NOT_JSON); /* the log says more than the user hears */
    assert_int_equal(asked.outcome.text_argument[0], reason == REASON_CUT ? strlen(typed) : 0);
    assert_int_equal(fake_api_count(), 1);
    finished(&asked);
    nothing_is_kept();
    fake_boot_ms += 30000; /* so long the same token would be refused again unasked */
}

static void an_outage_of_the_api_is_one_and_a_refusal_is_one(void **state)
{
    char cut[1024] = "lt_";
    (void)state;
    memset(cut + 3, 'a', 1020);
    cut[1023] = '\0';
    failed(API_UNAVAILABLE, REASON_API_TIMEOUT, LONG_TOKEN, C2M_UNAVAILABLE, REASON_API_TIMEOUT,
        C2M_TEXT_UNREACHABLE);
    failed(API_UNAVAILABLE, REASON_API_LIMITED, LONG_TOKEN, C2M_UNAVAILABLE, REASON_API_LIMITED,
        C2M_TEXT_UNREACHABLE);
    failed(API_UNAVAILABLE, REASON_API_NONSENSE, cut, C2M_UNAVAILABLE, REASON_API_NONSENSE,
        C2M_TEXT_UNREACHABLE);
    failed(
        API_REFUSED, REASON_API_REFUSED, LONG_TOKEN, C2M_DENIED, REASON_API_REFUSED, C2M_TEXT_NOT_ACCEPTED);
    failed(API_REFUSED, REASON_API_REFUSED, cut, C2M_DENIED, REASON_CUT, C2M_TEXT_CUT);
    failed(
        API_FORBIDDEN, REASON_SUSPENDED, LONG_TOKEN, C2M_FORBIDDEN, REASON_SUSPENDED, C2M_TEXT_NOT_ACCEPTED);
    failed(API_UNAVAILABLE, REASON_NONE, LONG_TOKEN, C2M_DENIED, REASON_NONE, C2M_TEXT_NOT_ACCEPTED);
}

/* Of a logout here, or of another host's: nobody is asked about it, and a thief who tries has guessed wrongly. */
static void a_revoked_long_token_is_refused_without_a_request_and_counts(void **state)
{
    struct person thief = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &thief.authenticator, &thief.monitor);
    struct asked asked;
    (void)state;
    for (int i = 0; i < 10; i++) {
        uint8_t hash[VAULT_HASH_SIZE];
        char typed[32];
        snprintf(typed, sizeof typed, "lt_0123456789%d", i);
        vault_hash(typed, strlen(typed), hash);
        assert_int_equal(deny_list_add(world.parts.deny_list, "", hash, NOW + LIFE, DENY_REVOKED), 0);
        begin(&asked, &request);
        type(&asked, typed);
        expect_verdict(&asked, C2M_DENIED, REASON_REVOKED, C2M_TEXT_NOT_ACCEPTED);
        finished(&asked);
    }
    begin(&asked, &request);
    type(&asked, LONG_TOKEN);
    expect_verdict(&asked, C2M_EXHAUSTED, REASON_THROTTLED, C2M_TEXT_WAIT);
    finished(&asked);
    assert_int_equal(fake_api_count(), 0);
}

static void what_comes_after_the_peer_is_gone_is_revoked(void **state)
{
    struct asked asked;
    (void)state;
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    finished(&asked);
    issue(token_for("c2m_alice", "tok1", GOOD), "tok1");
    turns();
    assert_int_equal(asked.verdicts, 0);
    assert_true(revocation_asked("tok1"));
    assert_int_equal(denied("tok1"), DENY_REVOKED);
    nothing_is_kept();
}

static void what_comes_after_the_deadline_is_revoked(void **state)
{
    struct asked asked;
    (void)state;
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    login_abandon(asked.login, REASON_DEADLINE);
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_DEADLINE, C2M_TEXT_UNREACHABLE);
    issue(token_for("c2m_alice", "tok1", GOOD), "tok1");
    turns();
    assert_int_equal(asked.verdicts, 1);
    assert_true(revocation_asked("tok1"));
    finished(&asked);
    nothing_is_kept();
}

static void a_peer_that_goes_between_exchange_and_commit_leaves_nothing(void **state)
{
    struct asked asked;
    (void)state;
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    issue(token_for("c2m_alice", "tok1", GOOD), "tok1");
    finished(&asked);
    assert_int_equal(asked.verdicts, 0);
    assert_true(revocation_asked("tok1"));
    nothing_is_kept();
}

static void when_the_commit_fails_what_was_obtained_is_revoked(void **state)
{
    struct asked asked;
    (void)state;
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    disk_fails_from = disk_calls + 1;
    issue(token_for("c2m_alice", "tok1", GOOD), "tok1");
    turns();
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_STORE, C2M_TEXT_UNREACHABLE);
    assert_int_equal(denied("tok1"), DENY_REVOKED);
    disk_fails_from = 0;
    finished(&asked);
    assert_true(revocation_asked("tok1"));
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 0);
    assert_int_equal(tokens_held(), 0);
}

static void nothing_is_obtained_that_could_not_be_written_down(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", "no token");
    finished(&asked);
    disk_fails_from = disk_calls + 1;
    alice_types(&asked, "sshd", LONG_TOKEN);
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_STORE, C2M_TEXT_UNREACHABLE);
    assert_int_equal(fake_api_count(), 0);
    disk_fails_from = 0;
    finished(&asked);
}

static void an_exchange_asks_for_the_scopes_that_are_configured(void **state)
{
    struct asked asked;
    (void)state;
    world.options.request_scopes = (struct scopes){.text = "login:web1 tokens:revoke"};
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    assert_string_equal(fake_api_request(0)->scopes.text, "login:web1 tokens:revoke");
    finished(&asked);
}

/* What the API has just sent needs no signature there; whoever types it may have written it. */
static void where_the_channel_stands_for_the_signature_what_is_typed_is_refused(void **state)
{
    struct asked asked;
    struct keyset *keyset;
    (void)state;
    assert_int_equal(keyset_of_channel(&keyset), 0);
    verifier_set_keyset(world.parts.verifier, keyset);
    const char *forged = forged_for("c2m_alice", "tok1");
    alice_types(&asked, "sshd", forged);
    expect_verdict(&asked, C2M_DENIED, REASON_UNKNOWN_KEY, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
    alice_pastes_a_long_one(&asked, "sshd", LONG_TOKEN);
    issue(forged, "tok1");
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
}

static void a_service_that_takes_short_ones_only_asks_nobody(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "short", LONG_TOKEN);
    expect_verdict(&asked, C2M_DENIED, REASON_FORM_NOT_ACCEPTED, C2M_TEXT_UNSUPPORTED);
    assert_int_equal(fake_api_count(), 0);
    finished(&asked);
}

static void a_request_that_cannot_be_sent_is_an_outage(void **state)
{
    struct asked asked;
    (void)state;
    fake_api_error = -12;
    alice_types(&asked, "sshd", LONG_TOKEN);
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_INTERNAL, C2M_TEXT_UNREACHABLE);
    assert_int_equal(asked.outcome.text_argument[0], 0);
    finished(&asked);
}

/* An ECDSA signature has a twin (r, n - s): another text, and another hash, of the same token. */
static void a_kept_jwt_that_is_spelled_anew_is_known_by_its_id(void **state)
{
    char payload[256];
    struct asked asked;
    uint8_t hash[VAULT_HASH_SIZE];
    (void)state;
    snprintf(payload, sizeof payload,
        "{\"sub\":\"c2m_alice\",\"iss\":\"c2m-api\",\"jti\":\"kept1\",\"iat\":%d,\"exp\":%d,\"token_type\":"
        "\"long\"}",
        NOW - 10, NOW + LIFE);
    struct token_key *key = token_key_ec("P-256");
    const char *token = kept(token_mint(key, "ES256", "{\"alg\":\"ES256\"}", payload));
    const char *twin = kept(token_mint(key, "ES256", "{\"alg\":\"ES256\"}", payload));
    token_key_free(key);
    assert_string_not_equal(token, twin);
    vault_hash(token, strlen(token), hash);
    assert_int_equal(deny_list_add(world.parts.deny_list, "kept1", hash, NOW + LIFE, DENY_OURS), 0);
    alice_types(&asked, "sshd", twin);
    expect_verdict(&asked, C2M_DENIED, REASON_OURS, C2M_TEXT_NOT_ACCEPTED);
    assert_int_equal(fake_api_count(), 0);
    finished(&asked);
}

/* A screen locker of alice's, at user.sock. */
static void the_locker_asks(struct asked *asked, const struct process_facts *shell, const char *service)
{
    struct process_facts locker = spawn(shell);
    struct login_request request = request_of(service, "alice", ALICE, &locker, shell);
    request.root_door = false;
    begin(asked, &request);
}

static void at_user_sock_what_was_obtained_is_revoked_at_once(void **state)
{
    struct process_facts init = spawn_daemon(), shell = spawn_leader(&init, ALICE, PTS_3);
    struct asked asked;
    (void)state;
    the_locker_asks(&asked, &shell, "locker");
    type(&asked, LONG_TOKEN);
    assert_int_equal(fake_api_request(0)->lane, BUDGET_USER);
    issue(token_for("c2m_alice", "tok1", GOOD), "tok1");
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_true(revocation_asked("tok1"));
    finished(&asked);
    nothing_is_kept();
    assert_false(names_known(world.parts.names, "alice", ALICE)); /* a user's word teaches nothing */
}

static void at_user_sock_a_short_one_stays_the_users_own(void **state)
{
    struct process_facts init = spawn_daemon(), shell = spawn_leader(&init, ALICE, PTS_3);
    struct asked asked;
    (void)state;
    the_locker_asks(&asked, &shell, "locker");
    type(&asked, token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
    assert_int_equal(denied("tok1"), DENY_NOT);
    nothing_is_kept();
}

static void a_verdict_at_user_sock_proves_nothing_to_sudo(void **state)
{
    struct person person = logged_in("alice", ALICE, token_for("c2m_alice", "tok0", GOOD), 77);
    struct asked asked;
    (void)state;
    fake_boot_ms += REUSE_MS;
    int64_t proved = person.session->proved_boot_ms;
    the_locker_asks(&asked, &person.shell, "sudo");
    type(&asked, token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
    assert_int_equal(person.session->proved_boot_ms, proved);
    struct process_facts sudo = sudo_in(&person.shell);
    struct login_request request = request_of("sudo", "alice", ALICE, &sudo, &person.shell);
    begin(&asked, &request);
    assert_int_equal(asked.verdicts, 0);
    finished(&asked);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_long_token_is_exchanged_once_and_granted),
        TEST(of_what_nobody_may_revoke_the_log_warns),
        TEST(what_was_obtained_is_never_a_proof),
        TEST(a_wrong_token_out_of_the_exchange_is_revoked),
        TEST(another_users_token_out_of_the_exchange_is_revoked),
        TEST(a_token_without_the_scope_out_of_the_exchange_is_revoked),
        TEST(a_token_that_is_no_jwt_out_of_the_exchange_is_revoked),
        TEST(a_refused_token_that_the_answer_does_not_name_is_revoked_by_its_own_name),
        TEST(an_outage_of_the_api_is_one_and_a_refusal_is_one),
        TEST(a_revoked_long_token_is_refused_without_a_request_and_counts),
        TEST(what_comes_after_the_peer_is_gone_is_revoked),
        TEST(what_comes_after_the_deadline_is_revoked),
        TEST(a_peer_that_goes_between_exchange_and_commit_leaves_nothing),
        TEST(when_the_commit_fails_what_was_obtained_is_revoked),
        TEST(nothing_is_obtained_that_could_not_be_written_down),
        TEST(an_exchange_asks_for_the_scopes_that_are_configured),
        TEST(where_the_channel_stands_for_the_signature_what_is_typed_is_refused),
        TEST(a_service_that_takes_short_ones_only_asks_nobody),
        TEST(a_request_that_cannot_be_sent_is_an_outage),
        TEST(a_kept_jwt_that_is_spelled_anew_is_known_by_its_id),
        TEST(at_user_sock_what_was_obtained_is_revoked_at_once),
        TEST(at_user_sock_a_short_one_stays_the_users_own),
        TEST(a_verdict_at_user_sock_proves_nothing_to_sudo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
