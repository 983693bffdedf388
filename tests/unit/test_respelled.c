// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c tests/unit/respellings.c
/*
 * A revoked token in 10,000 spellings, typed at the login that ships: refused at once, after a restart, and after a
 * crash. How many of them are still genuine, and would be let in without the deny list, is counted beside it.
 */
#include "login_world.h"
#include "login/throttle.h"
#include "respellings.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SPELLINGS = 10000 };
#define LONG_TEXT "lt_4Zq8Tn0wXb2LkYp6RsVdHc9JmGfUeAoI3Bv7Ny5CtSh1WxDiKzQrPjElMgFuO-_Zq8Tn0wXb2LkYp6Rs"

/* What became of them all. */
struct count {
    unsigned granted, denied, revoked, asked, open;
};

static void prompted(void *argument, const struct c2m_prompt *prompt)
{
    (void)argument;
    (void)prompt;
}

static void judged(void *argument, const struct outcome *outcome)
{
    *(struct outcome *)argument = *outcome;
}

/* Who guesses so often is not judged any more: here each is among the first. */
static void forget_guesses(void)
{
    throttle_free(world.parts.throttle);
    assert_int_equal(throttle_new(&world.parts.throttle), 0);
}

/* The API refuses what it is asked about: it knows that the token is dead, and no other. */
static void api_refuses(struct count *count)
{
    const struct api_token refused = {.outcome = API_REFUSED, .reason = REASON_API_REFUSED, .status = 401};
    int waiting = fake_api_waiting();
    if (waiting < 0)
        return;
    count->asked++;
    fake_api_issue((unsigned)waiting, NULL, &refused);
    fake_api_reset();
}

static void type_one(const struct login_request *request, const char *typed, struct count *count)
{
    struct outcome outcome = {.verdict = 0};
    const struct login_peer peer = {.prompt = prompted, .verdict = judged, .argument = &outcome};
    struct login *login;
    assert_int_equal(login_new(&world.parts, request, &peer, &login), 0);
    login_answer(login, typed, strlen(typed));
    api_refuses(count);
    assert_int_equal(loop_turn(world.loop, 0), 0);
    count->granted += outcome.verdict == C2M_GRANTED;
    count->denied += outcome.verdict == C2M_DENIED;
    count->revoked += outcome.verdict == C2M_DENIED && outcome.reason == REASON_REVOKED;
    count->open += outcome.verdict == 0;
    if (outcome.verdict != C2M_DENIED)
        print_error("%s: %s\n", reason_word(outcome.reason), typed);
    login_free(login);
}

static void type_all(const struct respellings *all, struct count *count)
{
    struct person person = arrives();
    const struct login_request request =
        request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    *count = (struct count){.granted = 0};
    for (size_t i = 0; i < all->count; i++) {
        if (i % 4 == 0)
            forget_guesses();
        type_one(&request, all->texts[i], count);
    }
    forget_log();
    fake_api_reset();
}

static unsigned genuine(const struct respellings *all)
{
    unsigned count = 0;
    for (size_t i = 0; i < all->count; i++)
        count += verifying_check(world.parts.verifier, all->texts[i], NULL) == REASON_NONE;
    return count;
}

static void deny(const char *token, const char *id)
{
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash(token, strlen(token), hash);
    assert_int_equal(deny_list_add(world.parts.deny_list, id, hash, fake_wall + LIFE, DENY_REVOKED), 0);
    turns();
}

/* A helper of another process, which revokes it and is killed with everything open. */
static void deny_and_die(const char *token, const char *id)
{
    int status;
    login_world_stop();
    pid_t pid = fork();
    if (pid == 0) {
        if (login_world_start() == 0) {
            deny(token, id);
            raise(SIGKILL);
        }
        _exit(1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(login_world_start(), 0);
}

static void expect_refused(
    const char *what, const char *when, const struct respellings *all, unsigned revoked, unsigned asked)
{
    struct count count;
    type_all(all, &count);
    printf("%s, %s: %zu spellings, %u denied, of which %u as revoked, %u by the API's word\n", what, when,
        all->count, count.denied, count.revoked, count.asked);
    assert_int_equal(count.granted, 0);
    assert_int_equal(count.open, 0);
    assert_int_equal(count.denied, all->count);
    assert_int_equal(count.revoked, revoked);
    assert_true(asked ? count.asked > 0 : count.asked == 0);
}

static void begin_anew(void)
{
    login_world_stop();
    disk_remove(world.folder);
    snprintf(world.folder, sizeof world.folder, "%s", disk_folder());
    assert_int_equal(login_world_start(), 0);
}

static void in_each_life(const char *what, const char *token, const char *id, const struct respellings *all,
    unsigned revoked, unsigned asked)
{
    deny(token, id);
    expect_refused(what, "at once", all, revoked, asked);
    login_world_stop();
    assert_int_equal(login_world_start(), 0);
    expect_refused(what, "after a restart", all, revoked, asked);
    begin_anew();
    deny_and_die(token, id);
    expect_refused(what, "after a crash", all, revoked, asked);
}

static void a_short_one(struct token_key *key, const char *algorithm, unsigned alive)
{
    struct respellings all;
    char header[64];
    verifier_free(world.parts.verifier);
    world.parts.verifier = verifying_new(algorithm, key);
    char *payload = token_payload("c2m_alice", "tok_1", NOW - 10, NOW + LIFE, GOOD);
    snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", algorithm);
    char *token = token_mint(key, algorithm, header, payload);
    respellings_make(&all, token, strcmp(algorithm, "ES256") == 0, SPELLINGS);
    assert_int_equal(genuine(&all), alive);
    in_each_life(algorithm, token, "tok_1", &all, alive, 0);
    respellings_free(&all);
    free(token);
    free(payload);
    token_key_free(key);
}

static void a_revoked_rs256_token_is_refused_in_ten_thousand_spellings(void **state)
{
    (void)state;
    a_short_one(token_key_rsa(2048), "RS256", 1);
}

/* The twin of the signature is as genuine as the first one: another text, the same id. */
static void a_revoked_es256_token_and_its_twin_are_refused_in_ten_thousand_spellings(void **state)
{
    (void)state;
    a_short_one(token_key_ec("P-256"), "ES256", 2);
}

/* What it says of itself is enough, though nobody here can verify it: all that is a JWT at all. */
static void a_dead_long_jwt_is_refused_in_ten_thousand_spellings(void **state)
{
    struct respellings all;
    struct token_key *key = token_key_ec("P-256");
    char payload[256];
    (void)state;
    snprintf(payload, sizeof payload,
        "{\"sub\":\"c2m_alice\",\"iss\":\"c2m-api\",\"jti\":\"long_1\",\"iat\":%d,\"exp\":%d,\"token_type\":"
        "\"long\"}",
        NOW - 10, NOW + LIFE);
    char *token = token_mint(key, "ES256", "{\"alg\":\"ES256\"}", payload);
    respellings_make(&all, token, true, SPELLINGS);
    struct count count;
    deny(token, "long_1");
    type_all(&all, &count);
    begin_anew();
    in_each_life("a long JWT", token, "long_1", &all, count.revoked, count.asked);
    assert_true(count.revoked > 2);
    respellings_free(&all);
    free(token);
    token_key_free(key);
}

/* Another text is another token, which the API alone knows: it is asked, and this one not. */
static void a_dead_opaque_token_is_refused_in_ten_thousand_spellings(void **state)
{
    struct respellings all;
    (void)state;
    respellings_make(&all, LONG_TEXT, false, SPELLINGS);
    in_each_life("opaque", LONG_TEXT, "", &all, 1, 1);
    respellings_free(&all);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_revoked_rs256_token_is_refused_in_ten_thousand_spellings),
        TEST(a_revoked_es256_token_and_its_twin_are_refused_in_ten_thousand_spellings),
        TEST(a_dead_long_jwt_is_refused_in_ten_thousand_spellings),
        TEST(a_dead_opaque_token_is_refused_in_ten_thousand_spellings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
