// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* acct_mgmt: who is let through, who is known to be dead, and whom it does not concern. */
#include "login/account.h"
#include "login_world.h"
#include "session/enrolled.h"
#include "session/suspension.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct outcome judged(const struct login_request *request)
{
    struct outcome outcome = {.verdict = C2M_DENIED};
    account_judge(&world.parts, request, &outcome);
    return outcome;
}

static void expect(const struct login_request *request, enum c2m_verdict_code verdict, enum reason reason)
{
    struct outcome outcome = judged(request);
    assert_string_equal(reason_word(outcome.reason), reason_word(reason));
    assert_string_equal(outcome_word(outcome.verdict), outcome_word(verdict));
    assert_int_equal(outcome.text, verdict != C2M_ENDED         ? C2M_TEXT_NONE
                                   : reason == REASON_SUSPENDED ? C2M_TEXT_SUSPENDED
                                                                : C2M_TEXT_ENDED);
}

static struct person alice(void)
{
    return logged_in("alice", ALICE, token_for("c2m_alice", "tok1", GOOD), 77);
}

static struct login_request sudo_of(const struct process_facts *shell)
{
    struct process_facts sudo = sudo_in(shell);
    return request_of("sudo", "alice", ALICE, &sudo, shell);
}

static void the_login_of_the_same_process_lives(void **state)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    struct asked asked;
    (void)state;
    begin(&asked, &request);
    type(&asked, token_for("c2m_alice", "tok1", GOOD));
    finished(&asked);
    expect(&request, C2M_GRANTED, REASON_LIVE);
    assert_string_equal(judged(&request).reference, asked.outcome.reference);
    request.caller = person.monitor; /* another process, which stands nowhere */
    expect(&request, C2M_IGNORE, REASON_NOT_STANDING);
    request.caller = person.authenticator;
    snprintf(request.user, sizeof request.user, "bob"); /* another user */
    request.uid = BOB;
    expect(&request, C2M_IGNORE, REASON_NOT_STANDING);
}

static void who_stands_in_a_session_lives_by_it(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_of(&person.shell);
    (void)state;
    expect(&request, C2M_GRANTED, REASON_LIVE);
    assert_string_equal(judged(&request).reference, person.session->reference);
}

static void a_revoked_token_ends_it(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_of(&person.shell);
    (void)state;
    deny_list_add(world.parts.deny_list, "tok1", person.session->token_hash, NOW + LIFE, DENY_REVOKED);
    expect(&request, C2M_ENDED, REASON_REVOKED);
}

static void a_token_that_ran_out_is_no_refusal(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_of(&person.shell);
    (void)state;
    fake_wall += LIFE + 60;
    expect(&request, C2M_IGNORE, REASON_RAN_OUT);
}

static void what_the_policy_would_say_is_not_asked(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_of(&person.shell);
    (void)state;
    snprintf(request.service, sizeof request.service, "ops");
    expect(&request, C2M_GRANTED, REASON_LIVE);
}

static void what_a_closed_session_left_behind_is_refused(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_of(&person.shell);
    (void)state;
    sessions_end(world.parts.sessions, person.session, REASON_LOGOUT);
    turns();
    expect(&request, C2M_ENDED, REASON_SESSION_CLOSED);
}

static void what_was_typed_there_does_not_bring_it_back(void **state)
{
    struct person person = alice();
    struct process_facts init = spawn_daemon(), left = spawn_leader(&init, ALICE, PTS_4);
    struct asked asked;
    (void)state;
    left.audit_id = 77; /* tmux was started in it */
    left.login_uid = ALICE;
    changed(&left);
    struct login_request request = sudo_of(&left), again = sudo_of(&left);
    begin(&asked, &request);
    type(&asked, token_for("c2m_alice", "tok2", GOOD));
    finished(&asked);
    sessions_end(world.parts.sessions, person.session, REASON_LOGOUT);
    turns();
    expect(&again, C2M_ENDED, REASON_SESSION_CLOSED);
    expect(&request, C2M_GRANTED, REASON_LIVE); /* the login of that very sudo */
}

static void an_sshd_that_was_started_in_it_is_not(void **state)
{
    struct person person = alice();
    (void)state;
    struct process_facts root =
        spawn_setuid(&person.shell); /* sudo sshd: all root's, but the audit id is alice's */
    root.real_uid = 0;
    changed(&root);
    struct process_facts sshd = spawn(&root), child = spawn(&sshd);
    sessions_end(world.parts.sessions, person.session, REASON_LOGOUT);
    turns();
    struct login_request request = request_of("sshd", "alice", ALICE, &child, &sshd);
    assert_int_equal(child.login_uid, ALICE);
    assert_int_equal(child.audit_id, 77);
    expect(&request, C2M_IGNORE, REASON_NOT_STANDING); /* a public key of alice's, years later */
}

static void without_a_session_the_configuration_decides(void **state)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    (void)state;
    expect(&request, C2M_IGNORE, REASON_NOT_STANDING);
    world.options.account_unknown = ACCOUNT_DENY;
    expect(&request, C2M_ENDED, REASON_NOT_STANDING);
    assert_true(names_known(world.parts.names, "alice", ALICE));
}

static void where_a_kept_token_is_asked_for_it_must_be_there_and_alive(void **state)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    struct enrollment kept = {.owner = "alice",
        .holder = "00000001",
        .client = "c2m_alice",
        .token_id = "kept1",
        .way = C2M_ENROLL_TOKEN,
        .since = NOW,
        .expires = NOW + 1000,
        .hash = {7}};
    struct enrolled *enrolled;
    (void)state;
    world.options.account_unknown = ACCOUNT_STORED;
    expect(&request, C2M_ENDED, REASON_NOT_STANDING);
    assert_int_equal(enrolled_new(world.parts.store, world.vault, world.parts.ledger, &enrolled), 0);
    world.parts.enrolled = enrolled;
    expect(&request, C2M_ENDED, REASON_NOT_STANDING);
    assert_int_equal(enrolled_put(enrolled, &kept, NULL), 0);
    turns();
    expect(&request, C2M_IGNORE, REASON_NOT_STANDING);
    fake_wall += 1000;
    expect(&request, C2M_ENDED, REASON_NOT_STANDING);
    fake_wall -= 1000;
    expect(&request, C2M_IGNORE, REASON_NOT_STANDING);
    assert_int_equal(deny_list_add(world.parts.deny_list, "kept1", kept.hash, kept.expires, DENY_REVOKED), 0);
    expect(&request, C2M_ENDED, REASON_NOT_STANDING);
    world.parts.enrolled = NULL;
    enrolled_free(enrolled);
}

static void who_is_not_mapped_and_what_is_off_is_not_ours(void **state)
{
    struct person person = arrives();
    struct login_request request =
        request_of("sshd", "mallory", MALLORY, &person.authenticator, &person.monitor);
    (void)state;
    world.options.account_unknown = ACCOUNT_DENY;
    expect(&request, C2M_IGNORE, REASON_UNMAPPED);
    struct login_request off = request_of("off", "alice", ALICE, &person.authenticator, &person.monitor);
    expect(&off, C2M_IGNORE, REASON_SERVICE_OFF);
}

static void presence_by_terminal_lives_as_its_token_does(void **state)
{
    struct process_facts init = spawn_daemon(), shell = spawn_leader(&init, ALICE, PTS_4),
                         mallory = spawn(&shell);
    struct login_request request = sudo_of(&shell), again = sudo_of(&shell);
    struct asked asked;
    (void)state;
    begin(&asked, &request);
    type(&asked, token_for("c2m_alice", "tok1", GOOD));
    finished(&asked);
    expect(&again, C2M_GRANTED, REASON_LIVE);
    struct outcome known = judged(&again);
    assert_string_equal(known.reference, asked.outcome.reference);
    assert_string_equal(known.token_hash, asked.outcome.token_hash);
    assert_int_equal(known.form, asked.outcome.form);
    suspension_set(world.parts.sessions, world.parts.presences, "c2m_bob", true);
    expect(&again, C2M_GRANTED, REASON_LIVE);
    suspension_set(world.parts.sessions, world.parts.presences, "c2m_alice", true);
    expect(&again, C2M_ENDED, REASON_SUSPENDED);
    suspension_set(world.parts.sessions, world.parts.presences, "c2m_alice", false);
    expect(&again, C2M_GRANTED, REASON_LIVE);
    mallory.real_uid = mallory.effective_uid = MALLORY;
    changed(&mallory);
    struct login_request others = sudo_of(&mallory);
    expect(&others, C2M_IGNORE, REASON_NOT_STANDING);
    fake_wall += LIFE;
    expect(&again, C2M_IGNORE, REASON_RAN_OUT);
    fake_wall -= LIFE;
    uint8_t hash[VAULT_HASH_SIZE] = {1};
    deny_list_add(world.parts.deny_list, "tok1", hash, NOW + LIFE, DENY_REVOKED);
    expect(&again, C2M_ENDED, REASON_REVOKED);
}

static void a_user_teaches_no_names(void **state)
{
    struct process_facts init = spawn_daemon(), shell = spawn_leader(&init, ALICE, PTS_3);
    struct login_request request = request_of("locker", "alice", ALICE, &shell, &init);
    (void)state;
    request.root_door = false;
    expect(&request, C2M_IGNORE, REASON_NOT_STANDING);
    assert_false(names_known_uid(world.parts.names, ALICE));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_login_of_the_same_process_lives),
        TEST(who_stands_in_a_session_lives_by_it),
        TEST(a_revoked_token_ends_it),
        TEST(a_token_that_ran_out_is_no_refusal),
        TEST(what_the_policy_would_say_is_not_asked),
        TEST(what_a_closed_session_left_behind_is_refused),
        TEST(what_was_typed_there_does_not_bring_it_back),
        TEST(an_sshd_that_was_started_in_it_is_not),
        TEST(without_a_session_the_configuration_decides),
        TEST(where_a_kept_token_is_asked_for_it_must_be_there_and_alive),
        TEST(who_is_not_mapped_and_what_is_off_is_not_ours),
        TEST(presence_by_terminal_lives_as_its_token_does),
        TEST(a_user_teaches_no_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
