// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* A token that comes in parts: asked for one by one, judged as a whole; nothing is granted or sent before. */
#include "login_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { EACH = 100 };

static struct asked asked;

static unsigned parts_of(const char *token)
{
    return (unsigned)((strlen(token) + EACH - 1) / EACH);
}

/* What c2m-askpass would answer for part NUMBER, with TAGGED's tag. */
static void answer_as(unsigned number, unsigned count, const char *token, const char *tagged)
{
    char typed[512], tag[9];
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash(tagged, strlen(tagged), hash);
    vault_hash_text(hash, tag);
    size_t from = (number - 1) * EACH;
    snprintf(typed, sizeof typed, "c2m %u/%u %s:%.*s", number, count, tag, from < strlen(token) ? EACH : 1,
        from < strlen(token) ? token + from : "x");
    assert_true(login_answer(asked.login, typed, strlen(typed)));
    turns();
}

static void answer_part(unsigned number, const char *token)
{
    answer_as(number, parts_of(token), token, token);
}

static void alice_is_asked(const char *service)
{
    struct person person = arrives();
    struct login_request request =
        request_of(service, "alice", ALICE, &person.authenticator, &person.monitor);
    begin(&asked, &request);
    assert_int_equal(asked.prompt.prompt, C2M_TEXT_ASK_TOKEN);
}

static void expect_asked_for(unsigned number, unsigned count)
{
    assert_int_equal(asked.verdicts, 0);
    assert_int_equal(asked.prompts, number);
    assert_int_equal(asked.prompt.prompt, C2M_TEXT_ASK_PART);
    assert_int_equal(asked.prompt.reason, C2M_TEXT_NONE);
    assert_int_equal(asked.prompt.prompt_argument[0], number);
    assert_int_equal(asked.prompt.prompt_argument[1], count);
    assert_memory_equal(asked.prompt.reference, login_reference(asked.login), C2M_REFERENCE_SIZE);
}

static void refused(enum reason reason, enum c2m_text text)
{
    expect_verdict(&asked, C2M_DENIED, reason, text);
    assert_false(login_answer(asked.login, "c2m 1/1 01234567:a", 18));
    finished(&asked);
    assert_int_equal(tokens_held(), 0);
    assert_int_equal(rows_of("sessions"), 0);
    assert_int_equal(fake_api_count(), 0);
}

static void a_short_token_in_parts_is_granted_after_the_last_one(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    (void)state;
    alice_is_asked("sshd");
    assert_true(parts_of(token) > 2);
    for (unsigned number = 1; number < parts_of(token); number++) {
        answer_part(number, token);
        expect_asked_for(number + 1, parts_of(token));
    }
    answer_part(parts_of(token), token);
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_int_equal(asked.prompts, parts_of(token));
    finished(&asked);
    assert_int_equal(tokens_held(), 1);
}

static const char *long_token(size_t length)
{
    static char token[2048];
    memset(token, 'a', length);
    memcpy(token, "lt_", 3);
    token[length] = '\0';
    return token;
}

static void a_long_token_in_parts_is_exchanged_once_it_is_whole(void **state)
{
    const char *token = long_token(900);
    struct api_token answer = {
        .outcome = API_OK, .retry_after = -1, .token_id = "tok1", .expires = NOW + LIFE};
    (void)state;
    alice_is_asked("sshd");
    for (unsigned number = 1; number <= parts_of(token); number++) {
        assert_int_equal(fake_api_count(), 0);
        answer_part(number, token);
    }
    assert_int_equal(fake_api_count(), 1);
    assert_string_equal(fake_api_request(0)->bearer, token);
    fake_api_issue(0, token_for("c2m_alice", "tok1", GOOD), &answer);
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
}

static void parts_that_do_not_belong_together_are_refused(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD), *other = token_for("c2m_alice", "tok2", GOOD);
    (void)state;
    assert_int_equal(parts_of(token), parts_of(other));
    alice_is_asked("sshd");
    answer_part(1, token);
    answer_part(2, other); /* two tokens mixed */
    refused(REASON_PARTS, C2M_TEXT_NOT_ACCEPTED);
    alice_is_asked("sshd");
    answer_part(1, token);
    answer_part(3, token); /* one lost */
    refused(REASON_PARTS, C2M_TEXT_NOT_ACCEPTED);
    alice_is_asked("sshd");
    answer_part(2, token); /* out of order */
    refused(REASON_PARTS, C2M_TEXT_NOT_ACCEPTED);
    alice_is_asked("sshd");
    answer_part(1, token);
    answer_part(2, token);
    answer_part(2, token); /* one repeated */
    refused(REASON_PARTS, C2M_TEXT_NOT_ACCEPTED);
    alice_is_asked("sshd");
    answer_as(1, 33, token, token);
    refused(REASON_PARTS, C2M_TEXT_NOT_ACCEPTED);
}

static void a_whole_that_its_tag_does_not_name_is_refused(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD), *other = token_for("c2m_alice", "tok2", GOOD);
    (void)state;
    alice_is_asked("sshd");
    for (unsigned number = 1; number <= parts_of(token); number++)
        answer_as(number, parts_of(token), token, other);
    refused(REASON_PARTS, C2M_TEXT_NOT_ACCEPTED);
}

static void after_a_part_a_whole_token_is_no_answer(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    (void)state;
    alice_is_asked("sshd");
    answer_part(1, token);
    assert_true(login_answer(asked.login, token, strlen(token)));
    turns();
    refused(REASON_PARTS, C2M_TEXT_NOT_ACCEPTED);
}

static void the_password_method_is_told_what_to_use_instead(void **state)
{
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    (void)state;
    alice_is_asked("sshd");
    answer_part(1, token);
    answer_part(1, token);
    assert_int_equal(asked.outcome.text_argument[0], 0);
    refused(REASON_PART_AGAIN, C2M_TEXT_PART_AGAIN);
}

static void a_forged_token_in_parts_is_refused(void **state)
{
    const char *token = forged_for("c2m_alice", "tok1");
    (void)state;
    alice_is_asked("sshd");
    for (unsigned number = 1; number <= parts_of(token); number++)
        answer_part(number, token);
    refused(REASON_SIGNATURE, C2M_TEXT_NOT_ACCEPTED);
}

static void a_unix_password_in_parts_stays_here(void **state)
{
    (void)state;
    alice_is_asked("sshd");
    answer_part(1, "correct-horse-battery-staple");
    refused(REASON_NOT_CREDENTIAL, C2M_TEXT_NOT_ACCEPTED);
}

static void alice_types_half_a_token_in_parts(void)
{
    char broken[1024];
    memset(broken, 'A', sizeof broken - 1);
    memcpy(broken, "eyJhbGciOiJSUzI1NiJ9.", 21);
    broken[1023] = '\0';
    alice_is_asked("sshd");
    for (unsigned number = 1; number <= parts_of(broken); number++)
        answer_part(number, broken);
    refused(REASON_MALFORMED, C2M_TEXT_NOT_ACCEPTED);
}

static void what_the_parts_make_is_no_guess_when_it_is_no_token(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        alice_types_half_a_token_in_parts();
    alice_types(&asked, "sshd", token_for("c2m_alice", "tok1", GOOD));
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
}

/* 1,023 characters are where ssh cuts, but not when they came in parts. */
static void a_token_in_parts_is_never_called_cut(void **state)
{
    static const struct api_token no = {
        .outcome = API_REFUSED, .reason = REASON_API_REFUSED, .retry_after = -1};
    (void)state;
    alice_types_half_a_token_in_parts();
    const char *token = long_token(1023);
    alice_is_asked("sshd");
    for (unsigned number = 1; number <= parts_of(token); number++)
        answer_part(number, token);
    fake_api_issue(0, NULL, &no);
    turns();
    expect_verdict(&asked, C2M_DENIED, REASON_API_REFUSED, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
}

static void who_is_not_mapped_is_asked_for_the_parts_too(void **state)
{
    const char *token = token_for("c2m_mallory", "tok1", GOOD);
    struct person person = arrives();
    struct login_request request =
        request_of("sshd", "mallory", MALLORY, &person.authenticator, &person.monitor);
    (void)state;
    world.options.unmapped_deny = true;
    begin(&asked, &request);
    answer_part(1, token);
    expect_asked_for(2, parts_of(token));
    for (unsigned number = 2; number <= parts_of(token); number++)
        answer_part(number, token);
    refused(REASON_UNMAPPED, C2M_TEXT_NOT_ACCEPTED);
}

static void a_peer_that_goes_between_the_parts_leaves_nothing(void **state)
{
    (void)state;
    alice_is_asked("sshd");
    answer_part(1, token_for("c2m_alice", "tok1", GOOD));
    finished(&asked);
    assert_int_equal(asked.verdicts, 0);
    assert_int_equal(tokens_held(), 0);
    alice_is_asked("sshd");
    answer_part(1, token_for("c2m_alice", "tok1", GOOD));
    login_abandon(asked.login, REASON_DEADLINE);
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_DEADLINE, C2M_TEXT_UNREACHABLE);
    finished(&asked);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_short_token_in_parts_is_granted_after_the_last_one),
        TEST(a_long_token_in_parts_is_exchanged_once_it_is_whole),
        TEST(parts_that_do_not_belong_together_are_refused),
        TEST(a_whole_that_its_tag_does_not_name_is_refused),
        TEST(after_a_part_a_whole_token_is_no_answer),
        TEST(the_password_method_is_told_what_to_use_instead),
        TEST(a_forged_token_in_parts_is_refused),
        TEST(a_unix_password_in_parts_stays_here),
        TEST(what_the_parts_make_is_no_guess_when_it_is_no_token),
        TEST(a_token_in_parts_is_never_called_cut),
        TEST(who_is_not_mapped_is_asked_for_the_parts_too),
        TEST(a_peer_that_goes_between_the_parts_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
