// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* A token typed at a prompt: what is granted, what is refused, with which text, and what stays of it. */
#include "login_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void nothing_is_kept(void)
{
    assert_int_equal(tokens_held(), 0);
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 0);
    assert_int_equal(rows_of("sessions"), 0);
    assert_int_equal(rows_of("tokens"), 0);
}

static void a_short_token_is_granted(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    struct asked asked;
    uint8_t hash[VAULT_HASH_SIZE];
    char hash_text[sizeof asked.outcome.token_hash];
    (void)state;
    alice_types(&asked, "sshd", token);
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_int_equal(asked.outcome.form, C2M_FORM_SHORT);
    vault_hash(token, strlen(token), hash);
    vault_hash_text(hash, hash_text);
    assert_string_equal(asked.outcome.token_hash, hash_text);
    assert_string_equal(asked.outcome.reference, login_reference(asked.login));
    const struct session *session = sessions_find(world.parts.sessions, asked.outcome.reference);
    assert_non_null(session);
    assert_int_equal(session->state, C2M_SESSION_PENDING);
    assert_string_equal(session->user, "alice");
    assert_int_equal(ledger_count(world.parts.ledger, asked.outcome.reference), 1);
    finished(&asked);
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 1);
    assert_int_equal(fake_api_count(), 0);
    assert_true(names_known(world.parts.names, "alice", ALICE));
}

static void what_nobody_may_revoke_is_told_at_the_login(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", token_for("c2m_alice", "tok1", GOOD));
    assert_false(said("nobody is known who may revoke this token"));
    finished(&asked);
    alice_types(&asked, "sshd", token_for("c2m_alice", "tok2", ",\"scope\":\"login:web1\""));
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_true(said("nobody is known who may revoke this token"));
    finished(&asked);
}

static void a_grant_follows_the_commit(void **state)
{
    struct person person = arrives();
    struct asked asked;
    (void)state;
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    begin(&asked, &request);
    turns();
    int64_t rows = rows_of("sessions");
    assert_true(login_answer(asked.login, token, strlen(token)));
    assert_int_equal(asked.verdicts, 0);
    assert_int_equal(rows, 0);
    store_turn(world.parts.store);
    assert_int_equal(asked.verdicts, 1);
    assert_int_equal(rows_of("sessions"), 1);
    assert_int_equal(rows_of("tokens"), 1);
    finished(&asked);
}

/* Sudo in a session of alice's, whose proof is too old: it asks. */
static struct login_request sudo_past_reuse(struct asked *asked)
{
    struct person person = logged_in("alice", ALICE, token_for("c2m_alice", "tok0", GOOD), 77);
    struct process_facts sudo = sudo_in(&person.shell);
    struct login_request request = request_of("sudo", "alice", ALICE, &sudo, &person.shell);
    fake_boot_ms += REUSE_MS;
    begin(asked, &request);
    return request;
}

static void a_login_whose_commit_fails_is_an_outage_and_leaves_nothing(void **state)
{
    struct asked asked;
    (void)state;
    struct login_request request = sudo_past_reuse(&asked);
    turns();
    disk_fails_from = disk_calls + 1;
    type(&asked, token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_STORE, C2M_TEXT_UNREACHABLE);
    assert_null(sessions_find(world.parts.sessions, asked.outcome.reference));
    assert_int_equal(ledger_count(world.parts.ledger, asked.outcome.reference), 0);
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 0);
    assert_true(said("state=ended reason=store")); /* the presence of its terminal */
    disk_fails_from = 0;
    finished(&asked);
    begin(&asked, &request); /* and proves nothing */
    assert_int_equal(asked.verdicts, 0);
    assert_int_equal(asked.prompts, 1);
    finished(&asked);
}

static void a_peer_that_goes_before_the_commit_leaves_nothing(void **state)
{
    struct asked asked;
    (void)state;
    struct login_request request = sudo_past_reuse(&asked);
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    assert_true(login_answer(asked.login, token, strlen(token)));
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 1);
    finished(&asked);
    assert_int_equal(asked.verdicts, 0);
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 0);
    assert_int_equal(tokens_held(), 1); /* tok0 */
    assert_int_equal(denied("tok1"), DENY_REVOKED);
    assert_true(said("state=ended reason=peer_gone"));
    begin(&asked, &request);
    assert_int_equal(asked.prompts, 1);
    finished(&asked);
}

static void a_grant_that_was_not_heard_is_taken_back(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    login_unheard(asked.login);
    finished(&asked);
    nothing_is_kept();
    assert_int_equal(denied("tok1"), DENY_REVOKED);
}

static void a_grant_that_was_not_heard_leaves_no_presence_at_its_terminal(void **state)
{
    struct asked asked;
    (void)state;
    sudo_past_reuse(&asked);
    type(&asked, token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    login_unheard(asked.login);
    finished(&asked);
    assert_true(said("state=ended reason=peer_gone"));
}

static void a_login_whose_processes_died_meanwhile_is_not_granted(void **state)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    struct asked asked;
    (void)state;
    begin(&asked, &request);
    turns();
    assert_true(login_answer(asked.login, token, strlen(token)));
    sessions_drop(world.parts.sessions, sessions_first(world.parts.sessions), REASON_NEVER_OPENED);
    turns();
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_PEER_GONE, C2M_TEXT_NONE);
    finished(&asked);
    nothing_is_kept();
}

/* What is typed at alice's prompt, and what she is told. */
static void refused(const char *service, const char *typed, enum c2m_verdict_code verdict, enum reason reason,
    enum c2m_text text, uint32_t argument)
{
    struct asked asked;
    alice_types(&asked, service, typed);
    expect_verdict(&asked, verdict, reason, text);
    assert_int_equal(asked.outcome.text_argument[0], argument);
    finished(&asked);
    nothing_is_kept();
    assert_int_equal(fake_api_count(), 0);
}

static void what_is_no_token_is_refused_without_a_request(void **state)
{
    (void)state;
    refused("sshd", "", C2M_DENIED, REASON_EMPTY, C2M_TEXT_NOT_ACCEPTED, 0);
    refused(
        "sshd", "correct horse battery staple", C2M_DENIED, REASON_NOT_CREDENTIAL, C2M_TEXT_NOT_ACCEPTED, 0);
    refused("sshd", "my.cat.has.five.lives", C2M_DENIED, REASON_NOT_CREDENTIAL, C2M_TEXT_NOT_ACCEPTED, 0);
    refused("sshd", "123456", C2M_DENIED, REASON_FORM_NOT_ACCEPTED, C2M_TEXT_UNSUPPORTED, 6);
}

static void a_forged_token_is_refused(void **state)
{
    (void)state;
    refused("sshd", forged_for("c2m_alice", "tok1"), C2M_DENIED, REASON_SIGNATURE, C2M_TEXT_NOT_ACCEPTED, 0);
}

static void an_expired_token_is_explained_to_its_owner_alone(void **state)
{
    (void)state;
    refused("sshd", token_lasting("c2m_alice", "tok1", NOW - 1500, NOW - 600, GOOD), C2M_DENIED,
        REASON_EXPIRED, C2M_TEXT_EXPIRED, 10);
    refused("sshd", token_lasting("c2m_bob", "tok2", NOW - 1500, NOW - 600, GOOD), C2M_FORBIDDEN,
        REASON_SUBJECT, C2M_TEXT_NOT_ACCEPTED, 0);
}

static void another_users_token_is_refused(void **state)
{
    (void)state;
    refused(
        "sshd", token_for("c2m_bob", "tok1", GOOD), C2M_FORBIDDEN, REASON_SUBJECT, C2M_TEXT_NOT_ACCEPTED, 0);
    refused("sshd", token_for("c2m_nobody", "tok2", GOOD), C2M_FORBIDDEN, REASON_SUBJECT,
        C2M_TEXT_NOT_ACCEPTED, 0);
    refused("sshd", token_for("c2m_alice", "tok3", GOOD ",\"client_id\":\"c2m_bob\""), C2M_FORBIDDEN,
        REASON_SUBJECT, C2M_TEXT_NOT_ACCEPTED, 0);
}

static void a_token_without_the_scope_the_audience_or_the_youth_is_refused(void **state)
{
    (void)state;
    refused("sshd", token_for("c2m_alice", "tok1", ",\"scope\":\"jobs:read\""), C2M_FORBIDDEN, REASON_SCOPE,
        C2M_TEXT_SCOPE, 0);
    refused("sshd", token_for("c2m_alice", "tok2", ""), C2M_FORBIDDEN, REASON_SCOPE, C2M_TEXT_SCOPE, 0);
    refused("aud", token_for("c2m_alice", "tok3", GOOD ",\"aud\":\"web2\""), C2M_FORBIDDEN, REASON_AUDIENCE,
        C2M_TEXT_SCOPE, 0);
    refused("young", token_lasting("c2m_alice", "tok4", NOW - 61, NOW + LIFE, GOOD), C2M_DENIED,
        REASON_TOO_OLD, C2M_TEXT_TOO_OLD, 1);
    refused("long", token_for("c2m_alice", "tok5", GOOD), C2M_DENIED, REASON_FORM_NOT_ACCEPTED,
        C2M_TEXT_UNSUPPORTED, (uint32_t)strlen(token_for("c2m_alice", "tok5", GOOD)));
}

static void a_token_of_ours_is_no_proof(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    uint8_t hash[VAULT_HASH_SIZE];
    (void)state;
    vault_hash(token, strlen(token), hash);
    assert_int_equal(deny_list_add(world.parts.deny_list, "tok1", hash, NOW + LIFE, DENY_OURS), 0);
    refused("sshd", token, C2M_DENIED, REASON_OURS, C2M_TEXT_NOT_ACCEPTED, 0);
}

static void a_revoked_token_is_refused_by_its_text_and_by_its_id(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    uint8_t hash[VAULT_HASH_SIZE], other[VAULT_HASH_SIZE] = {1};
    (void)state;
    vault_hash(token, strlen(token), hash);
    assert_int_equal(deny_list_add(world.parts.deny_list, "", hash, NOW + LIFE, DENY_REVOKED), 0);
    refused("sshd", token, C2M_DENIED, REASON_REVOKED, C2M_TEXT_NOT_ACCEPTED, 0);
    assert_int_equal(deny_list_add(world.parts.deny_list, "tok2", other, NOW + LIFE, DENY_REVOKED), 0);
    refused(
        "sshd", token_for("c2m_alice", "tok2", GOOD), C2M_DENIED, REASON_REVOKED, C2M_TEXT_NOT_ACCEPTED, 0);
}

static void a_token_is_dead_here_after_its_last_logout(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    struct person first = logged_in("alice", ALICE, token, 77), second = logged_in("alice", ALICE, token, 78);
    struct asked asked;
    (void)state;
    sessions_end(world.parts.sessions, first.session, REASON_LOGOUT);
    turns();
    assert_false(revocation_asked("tok1"));
    sessions_end(world.parts.sessions, second.session, REASON_LOGOUT);
    turns();
    assert_true(revocation_asked("tok1"));
    alice_types(&asked, "sshd", token);
    expect_verdict(&asked, C2M_DENIED, REASON_REVOKED, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
}

static const char *padded(size_t pad)
{
    char more[1024];
    snprintf(more, sizeof more, "%s,\"pad\":\"%0*d\"", GOOD, (int)pad, 0);
    return token_for("c2m_alice", "tok1", more);
}

/* The first LENGTH characters of a longer token: its three parts are there, its signature is not whole. */
static const char *cut_at(size_t length)
{
    size_t pad = (length + 40 - strlen(padded(1))) * 3 / 4;
    char *cut = strdup(padded(pad));
    assert_in_range(strlen(cut), length + 1, length + 80);
    cut[length] = '\0';
    return kept(cut);
}

static void a_token_cut_at_1023_is_told_so(void **state)
{
    (void)state;
    refused("sshd", cut_at(1023), C2M_DENIED, REASON_CUT, C2M_TEXT_CUT, 1023);
}

/* What is left of the signature is base64url, and all else is in order: its length alone tells. */
static void a_token_cut_within_its_signature_is_told_so_too(void **state)
{
    char payload[720];
    (void)state;
    snprintf(payload, sizeof payload, "{\"pad\":\"%0*d\"}", 709, 0);
    char *cut = token_mint(world.key, "EdDSA", "{\"alg\":\"EdDSA\"} ", payload);
    assert_int_equal(strrchr(cut, '.') + 1 - cut, 1023 - 40); /* ten times three bytes of it */
    cut[1023] = '\0';
    refused("sshd", kept(cut), C2M_DENIED, REASON_CUT, C2M_TEXT_CUT, 1023);
}

/* Its owner hears that it ran out, whatever else is wrong with it; and by which clock does not matter. */
static void that_it_ran_out_is_said_first_and_by_either_clock(void **state)
{
    struct asked asked;
    (void)state;
    refused("sshd", token_lasting("c2m_alice", "tok1", NOW - 1500, NOW - 600, ""), C2M_DENIED, REASON_EXPIRED,
        C2M_TEXT_EXPIRED, 10);
    const char *token = token_for("c2m_alice", "tok2", GOOD);
    alice_types(&asked, "sshd", token);
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
    fake_boot_ms += (LIFE + VERIFYING_TOLERANCE) * 1000; /* the wall clock was set back meanwhile */
    alice_types(&asked, "sshd", token);
    expect_verdict(&asked, C2M_DENIED, REASON_EXPIRED, C2M_TEXT_EXPIRED);
    assert_int_equal(asked.outcome.text_argument[0], 0);
    finished(&asked);
}

static void what_the_service_does_not_accept_is_not_ours(void **state)
{
    struct person person = arrives();
    struct asked asked;
    struct login_request request = request_of("off", "alice", ALICE, &person.authenticator, &person.monitor);
    (void)state;
    begin(&asked, &request);
    assert_int_equal(asked.prompts, 0);
    expect_verdict(&asked, C2M_IGNORE, REASON_SERVICE_OFF, C2M_TEXT_NONE);
    finished(&asked);
}

static void without_a_conversation_it_is_not_ours(void **state)
{
    struct person person = arrives();
    struct asked asked;
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    (void)state;
    request.can_ask = false;
    begin(&asked, &request);
    expect_verdict(&asked, C2M_IGNORE, REASON_NO_CONVERSATION, C2M_TEXT_NONE);
    assert_int_equal(asked.prompts, 0);
    finished(&asked);
}

static void an_answer_to_no_question_is_a_protocol_error(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", "no token");
    assert_false(login_answer(asked.login, "again", 5));
    assert_int_equal(asked.verdicts, 1);
    finished(&asked);
}

static void what_was_abandoned_is_an_outage_once(void **state)
{
    struct person person = arrives();
    struct asked asked;
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    (void)state;
    begin(&asked, &request);
    login_abandon(asked.login, REASON_DEADLINE);
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_DEADLINE, C2M_TEXT_UNREACHABLE);
    login_abandon(asked.login, REASON_DEADLINE);
    assert_false(login_answer(asked.login, token, strlen(token)));
    assert_int_equal(asked.verdicts, 1);
    finished(&asked);
    begin(&asked, &request);
    assert_true(login_answer(asked.login, token, strlen(token)));
    login_abandon(asked.login, REASON_DEADLINE); /* between the answer and its commit */
    turns();
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_DEADLINE, C2M_TEXT_UNREACHABLE);
    finished(&asked);
    nothing_is_kept();
}

static void ask_again(
    struct asked *asked, struct login_request *request, struct process_facts *parent, const char *user)
{
    request->caller = spawn(parent); /* sshd forks another child for each try */
    snprintf(request->user, sizeof request->user, "%s", user);
    begin(asked, request);
    assert_int_equal(asked->prompts, 1);
}

static void the_reason_of_a_refusal_stands_in_the_next_prompt_of_that_application_once(void **state)
{
    struct person person = arrives(), other = arrives();
    struct asked first, asked;
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    (void)state;
    request.parent = (struct process_facts){.state = 0}; /* the application is found by its process */
    begin(&first, &request);
    assert_int_equal(first.prompt.reason, C2M_TEXT_NONE);
    assert_memory_equal(first.prompt.reference, login_reference(first.login), C2M_REFERENCE_SIZE);
    type(&first, token_lasting("c2m_alice", "tok1", NOW - 1500, NOW - 600, GOOD));
    finished(&first);
    ask_again(&asked, &request, &other.monitor, "alice");
    assert_int_equal(asked.prompt.reason, C2M_TEXT_NONE);
    finished(&asked);
    ask_again(&asked, &request, &person.monitor, "bob");
    assert_int_equal(asked.prompt.reason, C2M_TEXT_NONE);
    finished(&asked);
    ask_again(&asked, &request, &person.monitor, "alice");
    assert_int_equal(asked.prompt.reason, C2M_TEXT_EXPIRED);
    assert_int_equal(asked.prompt.reason_argument[0], 10);
    assert_int_equal(asked.prompt.reason_argument[1], 0);
    assert_memory_equal(asked.prompt.reference, first.outcome.reference, C2M_REFERENCE_SIZE);
    finished(&asked);
    ask_again(&asked, &request, &person.monitor, "alice");
    assert_int_equal(asked.prompt.reason, C2M_TEXT_NONE);
    finished(&asked);
}

static void what_ended_without_words_is_not_repeated(void **state)
{
    struct person person = arrives();
    struct asked asked;
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    (void)state;
    begin(&asked, &request);
    type(&asked, token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
    ask_again(&asked, &request, &person.monitor, "alice");
    assert_int_equal(asked.prompt.reason, C2M_TEXT_NONE);
    assert_memory_equal(asked.prompt.reference, login_reference(asked.login), C2M_REFERENCE_SIZE);
    finished(&asked);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_short_token_is_granted),
        TEST(what_nobody_may_revoke_is_told_at_the_login),
        TEST(a_grant_follows_the_commit),
        TEST(a_login_whose_commit_fails_is_an_outage_and_leaves_nothing),
        TEST(a_peer_that_goes_before_the_commit_leaves_nothing),
        TEST(a_grant_that_was_not_heard_is_taken_back),
        TEST(a_grant_that_was_not_heard_leaves_no_presence_at_its_terminal),
        TEST(a_login_whose_processes_died_meanwhile_is_not_granted),
        TEST(what_is_no_token_is_refused_without_a_request),
        TEST(a_forged_token_is_refused),
        TEST(an_expired_token_is_explained_to_its_owner_alone),
        TEST(another_users_token_is_refused),
        TEST(a_token_without_the_scope_the_audience_or_the_youth_is_refused),
        TEST(a_token_of_ours_is_no_proof),
        TEST(a_revoked_token_is_refused_by_its_text_and_by_its_id),
        TEST(a_token_is_dead_here_after_its_last_logout),
        TEST(a_token_cut_at_1023_is_told_so),
        TEST(a_token_cut_within_its_signature_is_told_so_too),
        TEST(that_it_ran_out_is_said_first_and_by_either_clock),
        TEST(what_the_service_does_not_accept_is_not_ours),
        TEST(without_a_conversation_it_is_not_ours),
        TEST(an_answer_to_no_question_is_a_protocol_error),
        TEST(what_was_abandoned_is_an_outage_once),
        TEST(the_reason_of_a_refusal_stands_in_the_next_prompt_of_that_application_once),
        TEST(what_ended_without_words_is_not_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
