// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/cast.c tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* Presence without a prompt: the terminal, its leader, root's sudo, and a proof that is young enough. */
#include "cast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct login alice;
static struct process_facts sudo;

static void stand(void)
{
    alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    sudo = spawn_setuid(&alice.shell);
    assert_int_equal(asked(&sudo, alice.session), REASON_NONE);
}

static void a_program_that_is_not_root_proves_nothing(void **state)
{
    (void)state;
    stand();
    sudo.effective_uid = ALICE;
    assert_int_equal(asked(&sudo, alice.session), REASON_NOT_STANDING);
}

static void a_caller_of_another_uid_proves_nothing(void **state)
{
    (void)state;
    stand();
    sudo.real_uid = BOB;
    assert_int_equal(standing_presence(alice.session, &sudo, REUSE_MS), REASON_NOT_STANDING);
}

static void a_caller_without_a_terminal_is_asked(void **state)
{
    (void)state;
    stand();
    sudo.tty = 0;
    assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
    assert_false(standing_in_front(&sudo));
}

static void a_job_in_the_terminals_background_is_asked(void **state)
{
    (void)state;
    stand();
    sudo.foreground = alice.shell.process.pid;
    assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
    sudo.foreground = -1; /* a terminal that was hung up */
    assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
    sudo.group = -1;
    assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
    sudo.group = sudo.foreground = 0; /* neither is known */
    assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
    sudo.group = sudo.foreground = sudo.process.pid;
    assert_int_equal(asked(&sudo, alice.session), REASON_NONE);
}

static void a_leader_of_another_uid_is_asked(void **state)
{
    static const uint32_t others[] = {0, BOB};
    (void)state;
    for (int i = 0; i < 2; i++) {
        stand();
        struct process_facts shell = alice.shell;
        shell.real_uid = others[i];
        made_proc_put(&shell);
        assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
        session_world_fresh();
    }
}

/* Only pam_loginuid tells login(1) from a sudo that leads a terminal for another sudo inside it. */
static void a_console_whose_leader_is_login_itself_is_asked_unless_its_audit_id_is_fresh(void **state)
{
    (void)state;
    alice = console_led("alice", ALICE, 7, cast_fresh, PTS_3);
    sudo = spawn_setuid(&alice.shell);
    assert_int_equal(asked(&sudo, alice.session), cast_fresh ? REASON_NONE : REASON_NO_TERMINAL);
}

static void a_leader_of_root_who_is_not_the_opener_is_asked(void **state)
{
    (void)state;
    stand();
    struct process_facts other = spawn_leader(&alice.opener, PTS_3);
    struct process_facts inner = spawn_as(&other, ALICE);
    inner.effective_uid = 0;
    made_proc_put(&inner);
    assert_int_equal(asked(&inner, alice.session), REASON_NO_TERMINAL);
}

static void an_opener_that_leads_another_terminal_is_asked(void **state)
{
    (void)state;
    alice = console_led("alice", ALICE, 7, cast_fresh, PTS_3);
    sudo = spawn_setuid(&alice.shell);
    sudo.tty = PTS_4;
    assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
}

static void a_leader_on_another_terminal_or_on_none_is_asked(void **state)
{
    static const uint32_t others[] = {0, PTS_4};
    (void)state;
    for (int i = 0; i < 2; i++) {
        stand();
        struct process_facts shell = alice.shell;
        shell.tty = others[i];
        made_proc_put(&shell);
        assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
        session_world_fresh();
    }
}

static void a_leader_that_leads_nothing_is_asked(void **state)
{
    (void)state;
    stand();
    struct process_facts shell = alice.shell;
    shell.leader = 1;
    made_proc_put(&shell);
    assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
}

static void a_caller_that_is_gone_or_another_by_now_has_no_terminal(void **state)
{
    struct process leader;
    uint32_t tty;
    (void)state;
    stand();
    struct process_facts reused = sudo;
    reused.process.start++;
    made_proc_put(&reused);
    assert_int_equal(standing_terminal(&sudo, ALICE, &leader, &tty), REASON_NO_TERMINAL);
    made_proc_remove(sudo.process.pid);
    assert_int_equal(standing_terminal(&sudo, ALICE, &leader, &tty), REASON_NO_TERMINAL);
}

static void a_proof_is_good_until_reuse_is_over(void **state)
{
    (void)state;
    stand();
    fake_boot_ms += REUSE_MS - 1;
    assert_int_equal(asked(&sudo, alice.session), REASON_NONE);
    fake_boot_ms += 1;
    assert_int_equal(asked(&sudo, alice.session), REASON_STALE_PROOF);
}

static void a_proof_never_slides(void **state)
{
    (void)state;
    stand();
    for (int i = 0; i < 10; i++) {
        assert_int_equal(asked(&sudo, alice.session), REASON_NONE);
        fake_boot_ms += REUSE_MS / 10;
    }
    assert_int_equal(asked(&sudo, alice.session), REASON_STALE_PROOF);
}

static void a_new_proof_begins_anew(void **state)
{
    (void)state;
    stand();
    fake_boot_ms += REUSE_MS;
    sessions_prove(alice.session);
    assert_int_equal(asked(&sudo, alice.session), REASON_NONE);
}

static void without_reuse_every_proof_is_stale(void **state)
{
    (void)state;
    stand();
    assert_int_equal(standing_presence(alice.session, &sudo, 0), REASON_STALE_PROOF);
    assert_int_equal(standing_presence(alice.session, &sudo, -1), REASON_STALE_PROOF);
}

static void a_proof_of_the_future_or_of_before_a_restart_is_stale(void **state)
{
    (void)state;
    stand();
    fake_boot_ms -= 1;
    assert_int_equal(asked(&sudo, alice.session), REASON_STALE_PROOF);
    fake_boot_ms += 1;
    session_world_restart();
    assert_int_equal(asked(&sudo, sessions_first(world.sessions)), REASON_STALE_PROOF);
    fake_boot_ms = 1000; /* soon after a boot, zero is not far away */
    assert_int_equal(asked(&sudo, sessions_first(world.sessions)), REASON_STALE_PROOF);
    sessions_first(world.sessions)->proved_boot_ms = 1;
    assert_int_equal(asked(&sudo, sessions_first(world.sessions)), REASON_NONE);
}

static void the_terminal_is_the_kernels_and_its_leader_is_named_with_its_start(void **state)
{
    struct process leader;
    uint32_t tty;
    (void)state;
    stand();
    assert_int_equal(standing_terminal(&sudo, ALICE, &leader, &tty), REASON_NONE);
    assert_int_equal(tty, PTS_3);
    assert_true(process_same(leader, alice.shell.process));
    assert_int_equal(standing_terminal(&sudo, BOB, &leader, &tty), REASON_NO_TERMINAL);
    assert_int_equal(standing_terminal(&sudo, 0, &leader, &tty), REASON_NO_TERMINAL);
    sudo.foreign = true;
    assert_int_equal(standing_terminal(&sudo, ALICE, &leader, &tty), REASON_NO_TERMINAL);
}

static void two_without_a_terminal_share_none(void **state)
{
    struct process leader;
    uint32_t tty;
    (void)state;
    stand();
    alice.shell.tty = sudo.tty = 0;
    made_proc_put(&alice.shell);
    assert_int_equal(standing_terminal(&sudo, ALICE, &leader, &tty), REASON_NO_TERMINAL);
}

static void roots_own_terminal_is_none(void **state)
{
    struct process leader;
    uint32_t tty;
    (void)state;
    struct process_facts login = spawn_daemon(0), shell = spawn_leader(&login, PTS_4),
                         su = spawn_setuid(&shell);
    assert_int_equal(standing_terminal(&su, 0, &leader, &tty), REASON_NO_TERMINAL);
}

static void a_pane_of_tmux_has_a_terminal_of_its_own_without_a_session(void **state)
{
    struct process leader;
    uint32_t tty;
    (void)state;
    struct process_facts server = spawn_daemon(ALICE), pane = spawn_leader(&server, PTS_4);
    struct process_facts asking = spawn_setuid(&pane);
    assert_int_equal(refused(&asking, ALICE), REASON_NOT_STANDING);
    assert_int_equal(standing_terminal(&asking, ALICE, &leader, &tty), REASON_NONE);
    assert_true(process_same(leader, pane.process));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_program_that_is_not_root_proves_nothing),
        TEST(a_caller_of_another_uid_proves_nothing),
        TEST(a_caller_without_a_terminal_is_asked),
        TEST(a_job_in_the_terminals_background_is_asked),
        TEST(a_leader_of_another_uid_is_asked),
        TEST(a_console_whose_leader_is_login_itself_is_asked_unless_its_audit_id_is_fresh),
        TEST(a_leader_of_root_who_is_not_the_opener_is_asked),
        TEST(an_opener_that_leads_another_terminal_is_asked),
        TEST(a_leader_on_another_terminal_or_on_none_is_asked),
        TEST(a_leader_that_leads_nothing_is_asked),
        TEST(a_caller_that_is_gone_or_another_by_now_has_no_terminal),
        TEST(a_proof_is_good_until_reuse_is_over),
        TEST(a_proof_never_slides),
        TEST(a_new_proof_begins_anew),
        TEST(without_reuse_every_proof_is_stale),
        TEST(a_proof_of_the_future_or_of_before_a_restart_is_stale),
        TEST(the_terminal_is_the_kernels_and_its_leader_is_named_with_its_start),
        TEST(two_without_a_terminal_share_none),
        TEST(roots_own_terminal_is_none),
        TEST(a_pane_of_tmux_has_a_terminal_of_its_own_without_a_session),
    };
    int failed = cmocka_run_group_tests_name("with a fresh audit id", tests, NULL, NULL);
    cast_fresh = false;
    return failed + cmocka_run_group_tests_name("without a fresh audit id", tests, NULL, NULL);
}
