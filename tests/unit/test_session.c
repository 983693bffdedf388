// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* One session by itself: its token's two deadlines, its claims for the policy, and what c2mctl shows of it. */
#include "session_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct session *logged_in(void)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session = pend(&caller, &NO_PARENT, "alice", ALICE);
    assert_ptr_equal(sessions_open(world.sessions, &caller, "alice"), session);
    turn();
    return session;
}

static void a_token_runs_out_on_the_wall_clock(void **state)
{
    struct session *session = logged_in();
    (void)state;
    fake_wall += 3599;
    assert_false(session_token_over(session));
    fake_wall += 1;
    assert_true(session_token_over(session));
}

static void a_wall_clock_set_back_gives_a_token_no_more_life(void **state)
{
    struct session *session = logged_in();
    (void)state;
    fake_wall -= 86400;
    fake_boot_ms += 3599999;
    assert_false(session_token_over(session));
    fake_boot_ms += 1;
    assert_true(session_token_over(session));
}

static void a_restart_keeps_the_end_of_a_token(void **state)
{
    (void)state;
    logged_in();
    fake_wall += 3000;
    fake_boot_ms += 3000000;
    session_world_restart();
    struct session *session = sessions_first(world.sessions);
    assert_int_equal(session->token_expires_boot_ms, fake_boot_ms + 600000);
    fake_boot_ms += 600000;
    assert_true(session_token_over(session));
}

static void assert_claims_of_the_token(const struct session *session)
{
    struct claims claims;
    session_claims(session, &claims);
    assert_string_equal(claims.subject, "c2m_alice");
    assert_string_equal(claims.client, "");
    assert_string_equal(claims.token_id, "tok_1");
    assert_string_equal(claims.scopes.text, "login:web1 jobs:read");
    assert_string_equal(claims.audiences, "web1\nweb2\n");
    assert_int_equal(claims.issued, session->token_issued);
    assert_int_equal(claims.expires, session->token_expires);
    assert_int_equal(claims.type, CLAIMS_TYPE_SHORT);
}

static void the_policy_reads_the_claims_of_the_login_again_also_after_a_restart(void **state)
{
    (void)state;
    assert_claims_of_the_token(logged_in());
    session_world_restart();
    assert_claims_of_the_token(sessions_first(world.sessions));
}

static void the_longest_scopes_and_audiences_come_back_whole(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct verified long_token = *token();
    struct session *session;
    struct claims claims;
    (void)state;
    memset(long_token.claims.scopes.text, 's', SCOPES_SIZE - 1);
    memset(long_token.claims.audiences, 'a', CLAIMS_AUDIENCES_SIZE - 2);
    long_token.claims.audiences[CLAIMS_AUDIENCES_SIZE - 2] = '\n'; /* each is ended by one */
    const struct session_login login = {.reference = "0badcafe",
        .user = "alice",
        .service = "sshd",
        .tty = "",
        .rhost = "",
        .uid = ALICE,
        .form = C2M_FORM_LONG,
        .authenticator = caller,
        .token = &long_token};
    assert_int_equal(sessions_pend(world.sessions, &login, &session), 0);
    turn();
    session_world_restart();
    session_claims(sessions_find(world.sessions, "0badcafe"), &claims);
    assert_string_equal(claims.scopes.text, long_token.claims.scopes.text);
    assert_string_equal(claims.audiences, long_token.claims.audiences);
}

static void what_only_informs_is_cut(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session;
    char text[2 * C2M_HOST_MAX];
    (void)state;
    memset(text, 'h', sizeof text);
    text[sizeof text - 1] = '\0';
    const struct session_login login = {.reference = "0badcafe",
        .user = "alice",
        .service = "sshd",
        .tty = text,
        .rhost = text,
        .authenticator = caller,
        .token = token()};
    assert_int_equal(sessions_pend(world.sessions, &login, &session), 0);
    assert_int_equal(strlen(session->tty), C2M_NAME_MAX);
    assert_int_equal(strlen(session->rhost), C2M_HOST_MAX);
}

static void c2mctl_sees_what_there_is(void **state)
{
    struct session *session = logged_in();
    struct c2m_session seen;
    (void)state;
    session->sudo_uses = 3;
    session_describe(world.sessions, session, &seen);
    assert_int_equal(seen.opened, fake_wall);
    assert_int_equal(seen.expires, fake_wall + 3600);
    assert_int_equal(seen.uid, ALICE);
    assert_int_equal(seen.state, C2M_SESSION_ACTIVE);
    assert_int_equal(seen.form, C2M_FORM_SHORT);
    assert_int_equal(seen.opener_pid, session->opener.pid);
    assert_int_equal(seen.audit_id, PROCESS_NO_AUDIT_ID);
    assert_int_equal(seen.sudo_uses, 3);
    assert_int_equal(seen.tokens, 1);
    assert_memory_equal(seen.reference, session->reference, C2M_REFERENCE_SIZE);
    assert_memory_equal(seen.token_hash, "abababab", C2M_REFERENCE_SIZE);
    assert_int_equal(seen.user.length, 5);
    assert_memory_equal(seen.user.bytes, "alice", 5);
    assert_memory_equal(seen.service.bytes, "sshd", 5);
    assert_memory_equal(seen.rhost.bytes, "192.0.2.7", 10);
}

static void only_an_active_session_takes_a_proof(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session = pend(&caller, &NO_PARENT, "alice", ALICE);
    int64_t typed = session->proved_boot_ms;
    (void)state;
    assert_int_equal(typed, fake_boot_ms);
    fake_boot_ms += 1000;
    sessions_prove(session);
    assert_int_equal(session->proved_boot_ms, typed);
    sessions_open(world.sessions, &caller, "alice");
    assert_int_equal(session->proved_boot_ms, typed); /* opening proves nothing */
    sessions_prove(session);
    assert_int_equal(session->proved_boot_ms, fake_boot_ms);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_runs_out_on_the_wall_clock),
        TEST(a_wall_clock_set_back_gives_a_token_no_more_life),
        TEST(a_restart_keeps_the_end_of_a_token),
        TEST(the_policy_reads_the_claims_of_the_login_again_also_after_a_restart),
        TEST(the_longest_scopes_and_audiences_come_back_whole),
        TEST(what_only_informs_is_cut),
        TEST(c2mctl_sees_what_there_is),
        TEST(only_an_active_session_takes_a_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
