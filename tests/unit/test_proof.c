// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* sudo without a prompt: by the session, by the terminal, and who must be asked all the same. */
#include "login/proof.h"
#include "session/suspension.h"
#include "login_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct login_request sudo_request(const struct process_facts *shell)
{
    struct process_facts sudo = sudo_in(shell);
    return request_of("sudo", "alice", ALICE, &sudo, shell);
}

static struct person alice(void)
{
    return logged_in("alice", ALICE, token_for("c2m_alice", "tok1", GOOD), 77);
}

static enum reason proof_of(const struct login_request *request)
{
    struct proof proof;
    proof_find(&world.parts, request, &proof);
    return proof.reason;
}

/* No proof: asked, whatever for. */
static void must_ask(const struct login_request *request)
{
    struct asked asked;
    begin(&asked, request);
    assert_int_equal(asked.verdicts, 0);
    assert_int_equal(asked.prompts, 1);
    finished(&asked);
}

static void expect_proof(const struct login_request *request, enum reason reason)
{
    struct asked asked;
    begin(&asked, request);
    assert_int_equal(asked.prompts, 0);
    expect_verdict(&asked, C2M_GRANTED, reason, C2M_TEXT_NONE);
    finished(&asked);
}

static void sudo_in_a_session_is_granted_without_a_prompt(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    struct asked asked;
    (void)state;
    begin(&asked, &request);
    assert_int_equal(asked.prompts, 0);
    expect_verdict(&asked, C2M_GRANTED, REASON_SESSION, C2M_TEXT_NONE);
    assert_string_equal(asked.outcome.reference, person.session->reference);
    assert_int_equal(asked.outcome.form, C2M_FORM_SHORT);
    char hash[sizeof asked.outcome.token_hash];
    vault_hash_text(person.session->token_hash, hash);
    assert_string_equal(asked.outcome.token_hash, hash);
    assert_int_equal(person.session->sudo_uses, 1);
    finished(&asked);
    request.can_ask = false; /* sudo -n */
    expect_proof(&request, REASON_SESSION);
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 0);
}

static void another_service_is_asked(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    static const char *const services[] = {"su", "sshd", "login", "sudo-edit", "Sudo", "sudo ", ""};
    for (size_t i = 0; i < world.policy.count; i++)
        world.policy.services[i].rule.reuse_ms = REUSE_MS;
    world.policy.login.reuse_ms = REUSE_MS;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        snprintf(request.service, sizeof request.service, "%s", services[i]);
        assert_int_equal(proof_of(&request), REASON_NO_REUSE);
    }
    snprintf(request.service, sizeof request.service, "sudo-i");
    assert_int_equal(proof_of(&request), REASON_SESSION);
}

static void without_reuse_on_roots_line_it_is_asked(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    request.reuse = false;
    assert_int_equal(proof_of(&request), REASON_NO_REUSE);
    must_ask(&request);
}

static void without_reuse_in_the_configuration_it_is_asked(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    world.policy.services[0].rule.reuse_ms = 0;
    must_ask(&request);
}

static void who_is_not_root_in_effect_is_asked(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    request.caller.effective_uid = ALICE;
    assert_int_equal(proof_of(&request), REASON_NO_REUSE);
}

static void over_user_sock_it_is_asked(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    request.root_door = false;
    assert_int_equal(proof_of(&request), REASON_NO_REUSE);
}

static void past_reuse_it_is_asked(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    fake_boot_ms += REUSE_MS - 1;
    expect_proof(&request, REASON_SESSION);
    fake_boot_ms += 1; /* and what was granted by it did not renew it */
    assert_int_equal(proof_of(&request), REASON_STALE_PROOF);
    must_ask(&request);
}

static void the_policy_of_sudo_is_applied_to_the_session_again(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    struct policy_rule *sudo = &world.policy.services[0].rule;
    const struct policy_rule before = *sudo;
    (void)state;
    assert_int_equal(scopes_add(&sudo->required, "sudo:web1", 9), 0);
    assert_int_equal(proof_of(&request), REASON_SCOPE);
    *sudo = before;
    sudo->accept[POLICY_LOCAL] = 1u << C2M_FORM_LONG;
    assert_int_equal(proof_of(&request), REASON_FORM_NOT_ACCEPTED);
    *sudo = before;
    sudo->max_age = 5;
    assert_int_equal(proof_of(&request), REASON_TOO_OLD);
    *sudo = before;
    snprintf(sudo->audience, sizeof sudo->audience, "web1");
    assert_int_equal(proof_of(&request), REASON_AUDIENCE);
    *sudo = before;
    assert_int_equal(proof_of(&request), REASON_SESSION);
    assert_int_equal(person.session->sudo_uses, 1);
}

static void a_denied_token_proves_nothing(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    deny_list_add(world.parts.deny_list, "tok1", person.session->token_hash, NOW + LIFE, DENY_REVOKED);
    assert_int_equal(proof_of(&request), REASON_REVOKED);
    must_ask(&request);
}

static void a_token_that_has_run_out_proves_nothing(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    fake_wall += LIFE;
    assert_int_equal(proof_of(&request), REASON_EXPIRED);
}

static void another_user_in_the_session_is_asked(void **state)
{
    struct person person = alice();
    struct process_facts mallory = spawn(&person.shell);
    (void)state;
    mallory.real_uid = mallory.effective_uid = MALLORY; /* sudo -u mallory sh, at alice's terminal */
    changed(&mallory);
    struct login_request request = sudo_request(&mallory);
    assert_int_equal(request.uid, ALICE);
    assert_int_equal(proof_of(&request), REASON_NO_REUSE);
    must_ask(&request);
}

static void who_stands_in_no_session_is_asked(void **state)
{
    struct process_facts init = spawn_daemon(), shell = spawn_leader(&init, ALICE, PTS_4);
    (void)state;
    alice();
    struct login_request request = sudo_request(&shell);
    assert_int_equal(proof_of(&request), REASON_NOT_STANDING);
    must_ask(&request);
}

/* alice has a session of another audit id, and sits in a pane of tmux's. */
static struct login_request pane(struct process_facts *shell)
{
    struct process_facts init = spawn_daemon();
    *shell = spawn_leader(&init, ALICE, PTS_4);
    return sudo_request(shell);
}

static void typed_at_sudo(const struct login_request *request, const char *token)
{
    struct asked asked;
    begin(&asked, request);
    type(&asked, token);
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
}

static void a_credential_typed_at_sudo_proves_presence_for_its_terminal(void **state)
{
    struct process_facts shell;
    struct login_request request = pane(&shell), again = sudo_request(&shell);
    (void)state;
    typed_at_sudo(&request, token_for("c2m_alice", "tok1", GOOD));
    dies(&request.caller); /* that sudo, and its session */
    turns();
    expect_proof(&again, REASON_TERMINAL);
    assert_int_equal(tokens_held(), 1);
    fake_boot_ms += REUSE_MS;
    must_ask(&again);
}

/* What is obtained by a long one is this helper's own, and proves something to it alone. */
static void a_long_token_typed_at_sudo_proves_presence_as_well(void **state)
{
    struct api_token answer = {.outcome = API_OK,
        .reason = REASON_CREDENTIAL,
        .token_id = "tok1",
        .expires = NOW + LIFE,
        .retry_after = -1};
    struct process_facts shell;
    struct login_request request = pane(&shell), again = sudo_request(&shell);
    struct asked asked;
    char login[C2M_REFERENCE_SIZE + 1];
    (void)state;
    begin(&asked, &request);
    type(&asked, "lt_0123456789");
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    fake_api_issue(0, token, &answer);
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    snprintf(login, sizeof login, "%s", asked.outcome.reference);
    finished(&asked);
    assert_int_equal(denied("tok1"), DENY_OURS);
    begin(&asked, &again);
    expect_verdict(&asked, C2M_GRANTED, REASON_TERMINAL, C2M_TEXT_NONE);
    assert_string_equal(asked.outcome.reference, login);
    assert_int_equal(asked.outcome.form, C2M_FORM_LONG);
    uint8_t hash[VAULT_HASH_SIZE];
    char text[sizeof asked.outcome.token_hash];
    vault_hash(token, strlen(token), hash);
    vault_hash_text(hash, text);
    assert_string_equal(asked.outcome.token_hash, text);
    finished(&asked);
}

static void in_the_background_of_a_terminal_nothing_is_proved(void **state)
{
    struct process_facts shell;
    struct login_request request = pane(&shell), again = sudo_request(&shell), behind = again;
    (void)state;
    behind.caller.foreground = shell.process.pid;
    typed_at_sudo(
        &behind, token_for("c2m_alice", "tok1", GOOD)); /* nor does what is typed there prove anything */
    must_ask(&again);
    behind.caller.tty = 0;
    typed_at_sudo(&behind, token_for("c2m_alice", "tok3", GOOD));
    must_ask(&again);
    behind.caller.tty = again.caller.tty;
    typed_at_sudo(&request, token_for("c2m_alice", "tok2", GOOD));
    expect_proof(&again, REASON_TERMINAL);
    must_ask(&behind);
    again.caller.tty = 0;
    must_ask(&again);
}

static void a_clock_that_is_set_back_revives_no_token_of_a_terminal(void **state)
{
    struct process_facts shell;
    struct login_request request = pane(&shell), again = sudo_request(&shell);
    (void)state;
    typed_at_sudo(&request, token_lasting("c2m_alice", "tok1", fake_wall, fake_wall + 60, GOOD));
    dies(&request.caller);
    turns();
    expect_proof(&again, REASON_TERMINAL);
    fake_boot_ms += 61 * 1000;
    fake_wall -= 3600;
    must_ask(&again);
}

static void presence_of_a_terminal_is_nobody_elses(void **state)
{
    struct process_facts shell, init = spawn_daemon();
    struct login_request request = pane(&shell);
    (void)state;
    typed_at_sudo(&request, token_for("c2m_alice", "tok1", GOOD));
    struct process_facts other = spawn_leader(&init, ALICE, PTS_3), mallory = spawn(&shell);
    struct login_request elsewhere = sudo_request(&other);
    must_ask(&elsewhere);
    mallory.real_uid = mallory.effective_uid = MALLORY;
    changed(&mallory);
    struct login_request as_alice = sudo_request(&mallory); /* targetpw: PAM_USER is alice */
    must_ask(&as_alice);
    struct login_request bob = sudo_request(&shell);
    snprintf(bob.user, sizeof bob.user, "bob");
    bob.uid = BOB;
    must_ask(&bob);
    struct process_facts gone = shell;
    gone.process.start++; /* the pid came round again */
    changed(&gone);
    struct login_request recycled = sudo_request(&gone);
    must_ask(&recycled);
}

static void presence_of_a_terminal_is_judged_again(void **state)
{
    struct process_facts shell;
    struct login_request request = pane(&shell), again = sudo_request(&shell);
    struct policy_rule *sudo = &world.policy.services[0].rule;
    const struct policy_rule before = *sudo;
    (void)state;
    typed_at_sudo(&request, token_lasting("c2m_alice", "tok1", NOW - 10, NOW + 100, GOOD));
    assert_int_equal(proof_of(&again), REASON_TERMINAL);
    assert_int_equal(scopes_add(&sudo->required, "sudo:web1", 9), 0);
    must_ask(&again);
    *sudo = before;
    fake_wall = NOW + 100; /* the token has run out, reuse has not */
    must_ask(&again);
    fake_wall = NOW;
    assert_int_equal(proof_of(&again), REASON_TERMINAL);
    suspension_set(world.parts.sessions, world.parts.presences, "c2m_alice", true);
    must_ask(&again);
    suspension_set(world.parts.sessions, world.parts.presences, "c2m_alice", false);
    assert_int_equal(proof_of(&again), REASON_TERMINAL);
    uint8_t other[VAULT_HASH_SIZE] = {1};
    deny_list_add(world.parts.deny_list, "tok1", other, NOW + LIFE, DENY_REVOKED);
    must_ask(&again);
}

static void without_reuse_a_credential_proves_nothing_for_the_terminal(void **state)
{
    struct process_facts shell;
    struct login_request request = pane(&shell), again = sudo_request(&shell);
    (void)state;
    request.reuse = false;
    typed_at_sudo(&request, token_for("c2m_alice", "tok1", GOOD));
    must_ask(&again);
}

static void without_reuse_in_the_configuration_it_proves_nothing_either(void **state)
{
    struct process_facts shell;
    struct login_request request = pane(&shell), again = sudo_request(&shell);
    (void)state;
    world.policy.services[0].rule.reuse_ms = 0;
    typed_at_sudo(&request, token_for("c2m_alice", "tok1", GOOD));
    world.policy.services[0].rule.reuse_ms = REUSE_MS; /* a reload brings it */
    must_ask(&again);
}

static void a_millisecond_of_reuse_is_one(void **state)
{
    struct person person = alice();
    struct login_request in_session = sudo_request(&person.shell);
    struct process_facts shell;
    struct login_request request = pane(&shell), again = sudo_request(&shell);
    (void)state;
    world.policy.services[0].rule.reuse_ms = 1;
    expect_proof(&in_session, REASON_SESSION);
    typed_at_sudo(&request, token_for("c2m_alice", "tok2", GOOD));
    expect_proof(&again, REASON_TERMINAL);
    fake_boot_ms += 1;
    assert_int_equal(proof_of(&in_session), REASON_STALE_PROOF);
    typed_at_sudo(&in_session, token_for("c2m_alice", "tok3", GOOD));
    expect_proof(&in_session, REASON_SESSION);
}

static void a_credential_typed_at_sudo_renews_the_session(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    fake_boot_ms += REUSE_MS + 1;
    typed_at_sudo(&request, token_for("c2m_alice", "tok2", GOOD));
    assert_int_equal(person.session->proved_boot_ms, fake_boot_ms);
    struct login_request again = sudo_request(&person.shell);
    expect_proof(&again, REASON_SESSION);
}

static void a_credential_typed_at_su_renews_nothing(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    (void)state;
    int64_t proved = person.session->proved_boot_ms;
    fake_boot_ms += REUSE_MS + 1;
    snprintf(request.service, sizeof request.service, "su");
    typed_at_sudo(&request, token_for("c2m_alice", "tok2", GOOD));
    assert_int_equal(person.session->proved_boot_ms, proved);
    struct login_request again = sudo_request(&person.shell);
    must_ask(&again);
}

static void what_a_closed_session_left_behind_is_asked(void **state)
{
    struct person person = alice();
    struct process_facts init = spawn_daemon(), left = spawn_leader(&init, ALICE, PTS_4);
    (void)state;
    left.audit_id = 77; /* tmux was started in it */
    left.login_uid = ALICE;
    changed(&left);
    struct login_request request = sudo_request(&left);
    typed_at_sudo(&request, token_for("c2m_alice", "tok2", GOOD));
    struct login_request again = sudo_request(&left);
    expect_proof(&again, REASON_TERMINAL);
    sessions_end(world.parts.sessions, person.session, REASON_LOGOUT);
    turns();
    assert_int_equal(proof_of(&again), REASON_SESSION_CLOSED);
    must_ask(&again);
}

static void who_is_not_mapped_any_more_is_asked_nothing(void **state)
{
    struct person person = alice();
    struct login_request request = sudo_request(&person.shell);
    struct asked asked;
    (void)state;
    snprintf(request.user, sizeof request.user, "alias"); /* another name of that uid */
    begin(&asked, &request);
    expect_verdict(&asked, C2M_IGNORE, REASON_UNMAPPED, C2M_TEXT_NONE);
    finished(&asked);
    world.options.unmapped_deny = true;
    must_ask(&request);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(sudo_in_a_session_is_granted_without_a_prompt),
        TEST(another_service_is_asked),
        TEST(without_reuse_on_roots_line_it_is_asked),
        TEST(without_reuse_in_the_configuration_it_is_asked),
        TEST(who_is_not_root_in_effect_is_asked),
        TEST(over_user_sock_it_is_asked),
        TEST(past_reuse_it_is_asked),
        TEST(the_policy_of_sudo_is_applied_to_the_session_again),
        TEST(a_denied_token_proves_nothing),
        TEST(a_token_that_has_run_out_proves_nothing),
        TEST(another_user_in_the_session_is_asked),
        TEST(who_stands_in_no_session_is_asked),
        TEST(a_credential_typed_at_sudo_proves_presence_for_its_terminal),
        TEST(a_long_token_typed_at_sudo_proves_presence_as_well),
        TEST(in_the_background_of_a_terminal_nothing_is_proved),
        TEST(a_clock_that_is_set_back_revives_no_token_of_a_terminal),
        TEST(presence_of_a_terminal_is_nobody_elses),
        TEST(presence_of_a_terminal_is_judged_again),
        TEST(without_reuse_a_credential_proves_nothing_for_the_terminal),
        TEST(without_reuse_in_the_configuration_it_proves_nothing_either),
        TEST(a_millisecond_of_reuse_is_one),
        TEST(a_credential_typed_at_sudo_renews_the_session),
        TEST(a_credential_typed_at_su_renews_nothing),
        TEST(what_a_closed_session_left_behind_is_asked),
        TEST(who_is_not_mapped_any_more_is_asked_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
