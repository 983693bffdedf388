// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=secret_new,--wrap=secret_new_empty,--wrap=secret_copy,--wrap=secret_free tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* What was typed, or bought with it, is wiped before the verdict is told: whoever is told may take his time. */
#include "login_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int alive; /* secrets in the memory of this program, but for what is sealed */

int __real_secret_new(const void *bytes, size_t length, struct secret **out);
int __wrap_secret_new(const void *bytes, size_t length, struct secret **out)
{
    alive++;
    return __real_secret_new(bytes, length, out);
}

int __real_secret_new_empty(size_t length, struct secret **out);
int __wrap_secret_new_empty(size_t length, struct secret **out)
{
    alive++;
    return __real_secret_new_empty(length, out);
}

int __real_secret_copy(const struct secret *from, struct secret **out);
int __wrap_secret_copy(const struct secret *from, struct secret **out)
{
    alive++;
    return __real_secret_copy(from, out);
}

void __real_secret_free(struct secret *secret);
void __wrap_secret_free(struct secret *secret)
{
    alive -= secret != NULL;
    __real_secret_free(secret);
}

/* Of one login: the secrets beyond those that were there before. */
static struct counted {
    struct login *login;
    int before;
    int told; /* -1: nothing yet */
} counted;

static int tear_down(void **state)
{
    login_free(counted.login);
    counted.login = NULL;
    return login_world_tear_down(state);
}

static void prompted(void *argument, const struct c2m_prompt *prompt)
{
    (void)argument, (void)prompt;
}

static void judged(void *argument, const struct outcome *outcome)
{
    (void)argument, (void)outcome;
    counted.told = alive - counted.before;
}

static void she_types(const char *typed)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    const struct login_peer peer = {.prompt = prompted, .verdict = judged};
    counted = (struct counted){.before = alive, .told = -1};
    assert_int_equal(login_new(&world.parts, &request, &peer, &counted.login), 0);
    assert_true(login_answer(counted.login, typed, strlen(typed)));
    turns();
}

static void goes(void)
{
    login_free(counted.login);
    counted.login = NULL;
}

static void nothing_is_left(void)
{
    turns();
    assert_int_equal(counted.told, 0);
    goes();
    assert_int_equal(alive, counted.before);
}

static void a_token_that_is_judged_here_is_wiped(void **state)
{
    (void)state;
    she_types(forged_for("c2m_alice", "tok1"));
    nothing_is_left();
    she_types(token_for("c2m_alice", "tok1", GOOD));
    nothing_is_left();
}

static void answer(unsigned index, const char *token, enum reason reason)
{
    const struct api_token answer = {.outcome = token ? API_OK : API_REFUSED,
        .reason = reason,
        .token_id = "tok1",
        .expires = NOW + LIFE,
        .retry_after = -1};
    fake_api_issue(index, token, &answer);
}

static void a_long_token_is_wiped(void **state)
{
    (void)state;
    she_types("lt_0123456789");
    assert_int_equal(counted.told, -1);
    answer(0, NULL, REASON_API_REFUSED);
    nothing_is_left();
    she_types("lt_another");
    answer(1, token_for("c2m_alice", "tok1", GOOD), REASON_NONE);
    nothing_is_left();
}

static void a_code_and_what_it_bought_are_wiped(void **state)
{
    (void)state;
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE;
    she_types("123456");
    answer(0, "lt_bought_with_a_code", REASON_NONE);
    assert_int_equal(alive, counted.before + 2);
    answer(1, NULL, REASON_API_REFUSED);
    nothing_is_left();
}

/* "lt_0123456789" in two parts. */
static void she_types_parts(unsigned count)
{
    char part[32], tag[9];
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash("lt_0123456789", 13, hash);
    vault_hash_text(hash, tag);
    snprintf(part, sizeof part, "c2m 1/2 %s:lt_012", tag);
    she_types(part);
    snprintf(part, sizeof part, "c2m 2/2 %s:3456789", tag);
    if (count == 2)
        assert_true(login_answer(counted.login, part, strlen(part)));
}

static void parts_and_what_they_make_are_wiped(void **state)
{
    (void)state;
    she_types_parts(1);
    login_abandon(counted.login, REASON_DEADLINE);
    nothing_is_left();
    she_types_parts(2);
    assert_int_equal(fake_api_count(), 1);
    assert_int_equal(alive, counted.before + 1); /* the whole, which the API is asked about */
    answer(0, NULL, REASON_API_REFUSED);
    nothing_is_left();
}

static void who_goes_without_a_verdict_leaves_nothing(void **state)
{
    (void)state;
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE;
    she_types_parts(1);
    goes();
    assert_int_equal(alive, counted.before);
    she_types("123456");
    answer(0, "lt_bought_with_a_code", REASON_NONE);
    goes();
    turns();
    assert_int_equal(counted.told, -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_that_is_judged_here_is_wiped),
        TEST(a_long_token_is_wiped),
        TEST(a_code_and_what_it_bought_are_wiped),
        TEST(parts_and_what_they_make_are_wiped),
        TEST(who_goes_without_a_verdict_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
