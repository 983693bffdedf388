// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_new,--wrap=secret_new,--wrap=assembly_new,--wrap=ledger_hold,--wrap=ledger_ready,--wrap=store_after_commit,--wrap=calloc tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* A login to which something is missing, memory or room or time: an outage or a refusal, and nothing stays of it. */
#include "login/assembly.h"
#include "login_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BOUGHT "lt_bought_with_a_code"

/* What the next call of each answers, when it is not 0. */
static struct failing {
    int timer, secret, assembly, ready, hold, commit;
    bool memory;
    const struct login *waiter; /* for the commit */
} failing;

int __real_loop_timer_new(struct loop *loop, void (*fn)(void *), void *argument, struct loop_timer **out);
int __wrap_loop_timer_new(struct loop *loop, void (*fn)(void *), void *argument, struct loop_timer **out)
{
    return failing.timer ? failing.timer : __real_loop_timer_new(loop, fn, argument, out);
}

static int64_t secret_takes_ms; /* what this helper works, between the answer and its question */

int __real_secret_new(const void *bytes, size_t length, struct secret **out);
int __wrap_secret_new(const void *bytes, size_t length, struct secret **out)
{
    fake_boot_ms += secret_takes_ms;
    return failing.secret ? failing.secret : __real_secret_new(bytes, length, out);
}

int __real_assembly_new(struct assembly **out);
int __wrap_assembly_new(struct assembly **out)
{
    return failing.assembly ? failing.assembly : __real_assembly_new(out);
}

/* As the ledger: what was obtained is held in memory all the same. */
int __real_ledger_ready(struct ledger *ledger);
int __wrap_ledger_ready(struct ledger *ledger)
{
    return failing.ready ? failing.ready : __real_ledger_ready(ledger);
}

int __real_ledger_hold(
    struct ledger *ledger, const char *holder, const struct ledger_token *token, const struct secret *bearer);
int __wrap_ledger_hold(
    struct ledger *ledger, const char *holder, const struct ledger_token *token, const struct secret *bearer)
{
    int r = __real_ledger_hold(ledger, holder, token, bearer);
    return failing.hold ? failing.hold : r;
}

int __real_store_after_commit(struct store *store, store_fn fn, void *argument);
int __wrap_store_after_commit(struct store *store, store_fn fn, void *argument)
{
    return failing.commit && argument == failing.waiter ? failing.commit
                                                        : __real_store_after_commit(store, fn, argument);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return failing.memory ? NULL : __real_calloc(count, size);
}

static int set_up(void **state)
{
    int r = login_world_set_up(state);
    const unsigned code = 1u << C2M_FORM_CODE;
    failing = (struct failing){.memory = false};
    world.policy.login.accept[POLICY_LOCAL] |= code;
    world.policy.login.accept[POLICY_REMOTE] |= code;
    world.options.issue_scopes = (struct scopes){.text = "tokens:revoke"};
    return r;
}

static void nothing_is_kept(void)
{
    turns();
    assert_int_equal(tokens_held(), 0);
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 0);
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("sessions"), 0);
}

static void expect_outage(struct asked *asked, enum reason reason)
{
    expect_verdict(asked, C2M_UNAVAILABLE, reason, C2M_TEXT_UNREACHABLE);
    finished(asked);
    nothing_is_kept();
}

static void give(unsigned index, const char *token, const char *token_id, int64_t expires)
{
    struct api_token answer = {.outcome = API_OK, .reason = REASON_CREDENTIAL, .retry_after = -1};
    snprintf(answer.token_id, sizeof answer.token_id, "%s", token_id);
    answer.expires = expires;
    fake_api_issue(index, token, &answer);
}

static void never(void *argument, const struct outcome *outcome)
{
    (void)argument, (void)outcome;
    fail();
}

static void without_memory_or_a_timer_there_is_no_login(void **state)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    const struct login_peer peer = {.verdict = never};
    struct login *login = NULL;
    (void)state;
    failing.memory = true;
    assert_int_equal(login_new(&world.parts, &request, &peer, &login), -ENOMEM);
    failing = (struct failing){.timer = -EMFILE};
    assert_int_equal(login_new(&world.parts, &request, &peer, &login), -EMFILE);
    failing.timer = 0;
    assert_null(login);
    login_free(NULL);
}

static void an_answer_for_which_there_is_no_memory_is_an_outage(void **state)
{
    struct asked asked;
    (void)state;
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    failing.secret = -ENOMEM;
    alice_types(&asked, "sshd", token);
    failing.secret = 0;
    expect_outage(&asked, REASON_INTERNAL);
    failing.assembly = -ENOMEM;
    alice_types(&asked, "sshd", "c2m 1/2 01234567:eyJ");
    failing.assembly = 0;
    expect_outage(&asked, REASON_INTERNAL);
}

/* It could not be revoked. */
static void without_memory_to_hold_a_token_none_is_obtained(void **state)
{
    static const char *const typed[] = {"lt_0123456789", "123456"};
    (void)state;
    for (unsigned i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        struct asked asked;
        failing.ready = -ENOMEM;
        alice_types(&asked, "sshd", typed[i]);
        failing.ready = 0;
        expect_verdict(&asked, C2M_UNAVAILABLE, REASON_STORE, C2M_TEXT_UNREACHABLE);
        assert_int_equal(fake_api_count(), 0);
        finished(&asked);
    }
}

static void a_bought_token_that_cannot_be_written_down_is_revoked(void **state)
{
    static const struct {
        int error;
        enum reason reason;
    } rows[] = {{-EAGAIN, REASON_FULL}, {-EIO, REASON_STORE}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asked asked;
        char token[32], id[16];
        snprintf(token, sizeof token, BOUGHT "_%zu", i);
        snprintf(id, sizeof id, "tok_lt_%zu", i);
        const unsigned before = fake_api_count();
        alice_types(&asked, "sshd", "123456");
        failing.hold = rows[i].error;
        give(before, token, id, NOW + 3600);
        failing.hold = 0;
        assert_int_equal(fake_api_count(), before + 1); /* it is exchanged for nothing */
        expect_outage(&asked, rows[i].reason);
        assert_true(revocation_asked(id));
        assert_int_equal(denied(id), DENY_REVOKED);
        fake_boot_ms += 30000; /* so long the same code would be refused again unasked */
    }
}

static void a_pasted_token_that_cannot_be_held_is_an_outage(void **state)
{
    static const struct {
        int error;
        enum reason reason;
    } rows[] = {{-EAGAIN, REASON_FULL}, {-EIO, REASON_STORE}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asked asked;
        char id[16];
        snprintf(id, sizeof id, "tok%zu", i);
        failing.hold = rows[i].error;
        alice_types(&asked, "sshd", token_for("c2m_alice", id, GOOD));
        failing.hold = 0;
        expect_outage(&asked, rows[i].reason);
    }
}

static void a_grant_that_cannot_wait_for_its_commit_is_taken_back(void **state)
{
    static const struct {
        int error;
        enum reason reason;
    } rows[] = {{-EAGAIN, REASON_FULL}, {-ENOMEM, REASON_STORE}};
    struct person person = logged_in("alice", ALICE, token_for("c2m_alice", "tok", GOOD), 77);
    struct process_facts sudo = sudo_in(&person.shell);
    struct login_request request = request_of("sudo", "alice", ALICE, &sudo, &person.shell);
    (void)state;
    fake_boot_ms += REUSE_MS;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asked asked;
        char id[16];
        snprintf(id, sizeof id, "tok%zu", i);
        forget_log();
        begin(&asked, &request);
        failing.commit = rows[i].error;
        failing.waiter = asked.login;
        type(&asked, token_for("c2m_alice", id, GOOD));
        failing.commit = 0;
        expect_verdict(&asked, C2M_UNAVAILABLE, rows[i].reason, C2M_TEXT_UNREACHABLE);
        finished(&asked);
        turns();
        assert_true(said("state=ended reason=store")); /* the presence of its terminal */
        assert_int_equal(denied(id), DENY_REVOKED);
        assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 0);
        assert_int_equal(tokens_held(), 1); /* that of the session */
    }
}

static void a_code_that_cannot_be_sent_is_an_outage(void **state)
{
    struct asked asked;
    (void)state;
    fake_api_error = -EIO;
    alice_types(&asked, "sshd", "123456");
    fake_api_error = 0;
    assert_int_equal(asked.outcome.text_argument[0], 0);
    expect_outage(&asked, REASON_INTERNAL);
}

static void what_was_bought_and_cannot_be_exchanged_is_revoked(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", "123456");
    fake_api_error = -EIO;
    give(0, BOUGHT, "tok_lt_1", NOW + 3600);
    fake_api_error = 0;
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_INTERNAL, C2M_TEXT_UNREACHABLE);
    assert_int_equal(asked.outcome.text_argument[0], 0);
    finished(&asked);
    turns();
    assert_int_equal(denied("tok_lt_1"), DENY_REVOKED);
    assert_true(revocation_asked("tok_lt_1"));
    nothing_is_kept();
}

/* When the one token that is held ends, as it is written down. */
static int64_t held_until(void)
{
    struct store_statement *row;
    assert_int_equal(rows_of("tokens"), 1);
    assert_int_equal(store_prepare(world.parts.store, "SELECT expires FROM tokens", &row), 0);
    assert_int_equal(store_row(row), 1);
    int64_t expires = store_integer(row, 0);
    store_finish(row);
    return expires;
}

/* An hour is what was asked for. */
static void a_life_that_the_answer_does_not_name_is_an_hour(void **state)
{
    static const struct {
        int64_t answered, held;
    } rows[] = {{0, NOW + 3600}, {NOW + 7200, NOW + 7200}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asked asked;
        const unsigned before = fake_api_count();
        alice_types(&asked, "sshd", i ? "654321" : "123456");
        give(before, i ? BOUGHT "_too" : BOUGHT, i ? "tok_lt_2" : "tok_lt_1", rows[i].answered);
        turns();
        assert_int_equal(held_until(), rows[i].held);
        finished(&asked);
    }
}

static void the_time_of_each_step_is_told(void **state)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    struct asked asked;
    (void)state;
    begin(&asked, &request);
    fake_boot_ms += 3000;
    secret_takes_ms = 5;
    type(&asked, "lt_0123456789");
    secret_takes_ms = 0;
    fake_boot_ms += 200;
    give(0, token_for("c2m_alice", "tok1", GOOD), "tok1", NOW + LIFE);
    fake_boot_ms += 7;
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    static const int64_t wanted[STEP_COUNT] = {
        [STEP_HERE] = 5000, [STEP_PROMPT] = 3000000, [STEP_API] = 200000, [STEP_COMMIT] = 7000};
    assert_memory_equal(asked.outcome.spent_us, wanted, sizeof wanted);
    finished(&asked);
}

static void a_code_is_the_prompt_where_nothing_else_is_accepted(void **state)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    struct asked asked;
    (void)state;
    world.policy.login.accept[POLICY_LOCAL] = 1u << C2M_FORM_CODE;
    begin(&asked, &request);
    assert_int_equal(asked.prompt.prompt, C2M_TEXT_ASK_CODE);
    finished(&asked);
    for (enum c2m_credential_form form = C2M_FORM_SHORT; form <= C2M_FORM_LONG; form++) {
        world.policy.login.accept[POLICY_LOCAL] = 1u << C2M_FORM_CODE | 1u << form;
        begin(&asked, &request);
        assert_int_equal(asked.prompt.prompt, C2M_TEXT_ASK_TOKEN_OR_CODE);
        finished(&asked);
        world.policy.login.accept[POLICY_LOCAL] = 1u << form;
        begin(&asked, &request);
        assert_int_equal(asked.prompt.prompt, C2M_TEXT_ASK_TOKEN);
        finished(&asked);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, login_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_memory_or_a_timer_there_is_no_login),
        TEST(an_answer_for_which_there_is_no_memory_is_an_outage),
        TEST(without_memory_to_hold_a_token_none_is_obtained),
        TEST(a_bought_token_that_cannot_be_written_down_is_revoked),
        TEST(a_pasted_token_that_cannot_be_held_is_an_outage),
        TEST(a_grant_that_cannot_wait_for_its_commit_is_taken_back),
        TEST(a_code_that_cannot_be_sent_is_an_outage),
        TEST(what_was_bought_and_cannot_be_exchanged_is_revoked),
        TEST(a_life_that_the_answer_does_not_name_is_an_hour),
        TEST(the_time_of_each_step_is_told),
        TEST(a_code_is_the_prompt_where_nothing_else_is_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
