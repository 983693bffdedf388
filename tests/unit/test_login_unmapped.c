// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message,--wrap=loop_timer_set_us tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* A user without a line in the map: not ours, or refused so that nobody learns who has one. */
#include "login_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FLOOR_MS = 40, SLOWLY = 5 };

static int64_t delay_us; /* of the last refusal that was held back */

/* The loop's clock is the real one: a turn on a busy machine takes no time beside it. */
void __real_loop_timer_set_us(struct loop_timer *timer, int64_t delay);
void __wrap_loop_timer_set_us(struct loop_timer *timer, int64_t delay)
{
    delay_us = delay;
    __real_loop_timer_set_us(timer, SLOWLY * delay);
}

static void user_types(
    struct asked *asked, const char *user, uint32_t uid, const char *service, const char *typed)
{
    struct person person = arrives();
    struct login_request request = request_of(service, user, uid, &person.authenticator, &person.monitor);
    begin(asked, &request);
    type(asked, typed);
}

static void who_is_not_mapped_is_not_ours(void **state)
{
    struct person person = arrives();
    struct login_request request =
        request_of("sshd", "mallory", MALLORY, &person.authenticator, &person.monitor);
    struct asked asked;
    (void)state;
    begin(&asked, &request);
    assert_int_equal(asked.prompts, 0);
    expect_verdict(&asked, C2M_IGNORE, REASON_UNMAPPED, C2M_TEXT_NONE);
    finished(&asked);
}

static void denied_he_is_asked_and_refused_without_a_request(void **state)
{
    struct asked asked;
    (void)state;
    world.options.unmapped_deny = true;
    user_types(&asked, "mallory", MALLORY, "sshd", "lt_0123456789");
    expect_verdict(&asked, C2M_DENIED, REASON_UNMAPPED, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
    user_types(&asked, "mallory", MALLORY, "sshd", token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_DENIED, REASON_UNMAPPED, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
    assert_int_equal(fake_api_count(), 0);
    assert_int_equal(tokens_held(), 0);
}

/* No Unix user has that name, whatever the map says of it: the module could let nobody in. */
static void who_does_not_exist_is_refused_as_who_is_not_mapped(void **state)
{
    struct person person = arrives();
    struct login_request request =
        request_of("sshd", "alice", C2M_NO_UID, &person.authenticator, &person.monitor);
    struct asked asked;
    (void)state;
    begin(&asked, &request);
    expect_verdict(&asked, C2M_IGNORE, REASON_UNMAPPED, C2M_TEXT_NONE);
    finished(&asked);
    world.options.unmapped_deny = true;
    user_types(&asked, "alice", C2M_NO_UID, "sshd", token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_DENIED, REASON_UNMAPPED, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
    assert_false(names_known(world.parts.names, "alice", C2M_NO_UID));
    assert_int_equal(tokens_held(), 0);
}

/* The same typed for alice, who is mapped, and for mallory, who is not. */
static void reads_the_same(const char *service, const char *typed)
{
    struct asked mapped, unmapped;
    user_types(&mapped, "alice", ALICE, service, typed);
    user_types(&unmapped, "mallory", MALLORY, service, typed);
    assert_int_equal(mapped.verdicts, 1);
    assert_int_equal(unmapped.verdicts, 1);
    assert_string_equal(outcome_word(mapped.outcome.verdict), outcome_word(unmapped.outcome.verdict));
    assert_int_equal(mapped.outcome.text, unmapped.outcome.text);
    assert_int_equal(mapped.outcome.text_argument[0], unmapped.outcome.text_argument[0]);
    assert_int_equal(mapped.prompt.prompt, unmapped.prompt.prompt);
    finished(&mapped);
    finished(&unmapped);
}

static void denied_he_reads_what_others_read(void **state)
{
    char cut[1024], password[4096];
    (void)state;
    world.options.unmapped_deny = true;
    memset(cut, 'a', sizeof cut);
    memcpy(cut, "eyJ", 3);
    cut[1023] = '\0';
    memset(password, 'x', sizeof password);
    password[4095] = '\0';
    reads_the_same("sshd", "hunter2");
    reads_the_same("sshd", "");
    reads_the_same("sshd", password);
    reads_the_same("sshd", "123456");
    reads_the_same("sshd", cut);
    reads_the_same("sshd", forged_for("c2m_alice", "tok1"));
    reads_the_same("sshd", token_for("c2m_bob", "tok2", GOOD));
    reads_the_same("short", "lt_0123456789");
    reads_the_same("long", token_for("c2m_bob", "tok3", GOOD));
}

static void wait_for(const struct asked *asked, unsigned verdicts)
{
    for (int i = 0; i < 1000 && asked->verdicts < verdicts; i++)
        assert_int_equal(loop_turn(world.loop, 10), 0);
    assert_int_equal(asked->verdicts, verdicts);
}

static void no_refusal_is_faster_than_the_floor(void **state)
{
    static const char *const users[] = {"alice", "mallory"};
    struct asked asked;
    (void)state;
    world.options.unmapped_deny = true;
    world.options.refusal_floor_ms = FLOOR_MS;
    for (int i = 0; i < 2; i++) {
        user_types(&asked, users[i], i ? MALLORY : ALICE, "sshd", "hunter2");
        assert_int_equal(asked.verdicts, 0);
        login_abandon(asked.login, REASON_DEADLINE); /* it is decided: nothing changes it any more */
        assert_int_equal(asked.verdicts, 0);
        wait_for(&asked, 1);
        assert_int_equal(asked.outcome.verdict, C2M_DENIED);
        finished(&asked);
    }
}

static void refused_by_the_api_after(int ms, struct asked *asked)
{
    const struct api_token refusal = {
        .outcome = API_REFUSED, .reason = REASON_API_REFUSED, .retry_after = -1};
    world.options.unmapped_deny = true;
    world.options.refusal_floor_ms = FLOOR_MS;
    user_types(asked, "alice", ALICE, "sshd", "lt_0123456789");
    fake_boot_ms += ms;
    fake_api_issue(0, NULL, &refusal);
}

/* Whatever took time, and be it the part of it that the floor leaves. */
static void the_floor_is_counted_from_what_was_typed(void **state)
{
    struct asked asked;
    (void)state;
    refused_by_the_api_after(FLOOR_MS - 1, &asked);
    assert_int_equal(asked.verdicts, 0);
    assert_int_equal(delay_us, 1000);
    finished(&asked);
}

static void what_took_longer_than_the_floor_is_not_delayed(void **state)
{
    struct asked asked;
    (void)state;
    refused_by_the_api_after(FLOOR_MS, &asked);
    expect_verdict(&asked, C2M_DENIED, REASON_API_REFUSED, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
}

/* Nobody is asked about his: he reads at once what others read when the API does not know their part of a token. */
static void denied_his_cut_token_is_told_apart(void **state)
{
    char cut[1024];
    struct asked asked;
    (void)state;
    world.options.unmapped_deny = true;
    memset(cut, 'a', sizeof cut);
    memcpy(cut, "lt_", 3);
    cut[1023] = '\0';
    user_types(&asked, "mallory", MALLORY, "sshd", cut);
    expect_verdict(&asked, C2M_DENIED, REASON_CUT, C2M_TEXT_CUT);
    assert_int_equal(asked.outcome.text_argument[0], 1023);
    assert_int_equal(fake_api_count(), 0);
    finished(&asked);
}

static void a_peer_that_goes_during_the_delay_hears_nothing(void **state)
{
    struct asked asked;
    (void)state;
    world.options.unmapped_deny = true;
    world.options.refusal_floor_ms = FLOOR_MS;
    user_types(&asked, "mallory", MALLORY, "sshd", "hunter2");
    finished(&asked);
    usleep((SLOWLY * FLOOR_MS + 50) * 1000);
    turns();
    assert_int_equal(asked.verdicts, 0);
}

static void a_grant_is_not_delayed(void **state)
{
    struct asked asked;
    (void)state;
    world.options.unmapped_deny = true;
    world.options.refusal_floor_ms = FLOOR_MS;
    user_types(&asked, "alice", ALICE, "sshd", token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
}

static void denied_without_a_conversation_he_is_not_ours(void **state)
{
    struct person person = arrives();
    struct login_request request =
        request_of("sshd", "mallory", MALLORY, &person.authenticator, &person.monitor);
    struct asked asked;
    (void)state;
    world.options.unmapped_deny = true;
    request.can_ask = false;
    begin(&asked, &request);
    expect_verdict(&asked, C2M_IGNORE, REASON_UNMAPPED, C2M_TEXT_NONE);
    finished(&asked);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(who_is_not_mapped_is_not_ours),
        TEST(denied_he_is_asked_and_refused_without_a_request),
        TEST(who_does_not_exist_is_refused_as_who_is_not_mapped),
        TEST(denied_he_reads_what_others_read),
        TEST(no_refusal_is_faster_than_the_floor),
        TEST(the_floor_is_counted_from_what_was_typed),
        TEST(what_took_longer_than_the_floor_is_not_delayed),
        TEST(denied_his_cut_token_is_told_apart),
        TEST(a_peer_that_goes_during_the_delay_hears_nothing),
        TEST(a_grant_is_not_delayed),
        TEST(denied_without_a_conversation_he_is_not_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
