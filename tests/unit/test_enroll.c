// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* How a long token comes to be kept; and whatever fails, nothing is left alive that was obtained. */
#include "login_world.h"

#include "base/cleanup.h"
#include "login/enroll.h"
#include "login/rotation.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 24 * 3600 };

static struct enrolled *enrolled;
static struct host_options host;
static struct enroll *enroll;
static unsigned told;
static enum reason reason;

static int set_up(void **state)
{
    int r = login_world_set_up(state);
    host = (struct host_options){.client = "c2m_host", .ttl = 30 * DAY};
    world.parts.host = &host;
    told = 0;
    return r ? r : enrolled_new(world.parts.store, world.vault, world.parts.ledger, &enrolled);
}

static int tear_down(void **state)
{
    enroll_free(STEAL(enroll));
    enrolled_free(STEAL(enrolled));
    return login_world_tear_down(state);
}

static void tell(void *argument, enum reason why, int64_t retry_after)
{
    (void)argument, (void)retry_after;
    told++;
    reason = why;
    enroll_free(STEAL(enroll));
}

static void start(const char *owner, enum c2m_enroll_way way, const char *credential)
{
    struct secret *secret SECRET_CLEANUP = NULL;
    assert_int_equal(secret_new(credential, strlen(credential), &secret), 0);
    const struct enroll_request request = {.owner = owner, .client = "", .way = way, .credential = secret};
    assert_int_equal(enroll_new(&world.parts, enrolled, &request, tell, NULL, &enroll), 0);
    turns();
}

static void rotate(const char *owner)
{
    assert_int_equal(enroll_rotate(&world.parts, enrolled, owner, tell, NULL, &enroll), 0);
    turns();
}

static void give(const char *token, const char *token_id, int64_t life)
{
    struct api_token answer = {.outcome = API_OK, .reason = REASON_CREDENTIAL, .retry_after = -1};
    snprintf(answer.token_id, sizeof answer.token_id, "%s", token_id);
    answer.expires = NOW + life;
    answer.is_long = life > LIFE;
    fake_api_issue((unsigned)fake_api_waiting(), token, &answer);
}

static void refuse(enum api_outcome outcome, enum reason why)
{
    const struct api_token answer = {.outcome = outcome, .reason = why, .retry_after = -1};
    fake_api_issue((unsigned)fake_api_waiting(), NULL, &answer);
    turns();
}

/* Kept for OWNER: by the secret, the token LT of id ID; what tried it is revoked. */
static void keep(const char *owner, const char *client, const char *lt, const char *id)
{
    start(owner, C2M_ENROLL_SECRET, "the secret");
    give(lt, id, 30 * DAY);
    turns();
    give(token_for(client, "tried", GOOD), "tried", LIFE);
    turns();
    assert_int_equal(reason, REASON_CREDENTIAL);
    while (fake_api_waiting() >= 0)
        fake_api_answer((unsigned)fake_api_waiting(), &(struct api_revocation){.status = 204});
    turns();
}

static void kept_is(const char *owner, const char *text)
{
    struct secret *token SECRET_CLEANUP = NULL;
    assert_int_equal(enrolled_token(enrolled, owner, &token), 0);
    assert_string_equal(secret_bytes(token), text);
}

static void nothing_is_kept(const char *owner)
{
    assert_null(enrolled_find(enrolled, owner));
    assert_int_equal(tokens_held(), 0);
    assert_int_equal(rows_of("enrolled"), 0);
}

static void it_is_issued_held_tried_and_then_kept(void **state)
{
    (void)state;
    start("", C2M_ENROLL_SECRET, "the secret");
    assert_int_equal(fake_api_request(0)->kind, FAKE_ISSUE);
    assert_true(fake_api_request(0)->by_secret);
    assert_string_equal(fake_api_request(0)->client_id, "c2m_host");
    give("lt_1", "tok_lt_1", 30 * DAY);
    turns();
    assert_int_equal(rows_of("tokens"), 1); /* on disk before it is of use to anybody */
    assert_int_equal(fake_api_request(1)->kind, FAKE_EXCHANGE);
    assert_string_equal(fake_api_request(1)->bearer, "lt_1");
    assert_null(enrolled_find(enrolled, ""));
    give(token_for("c2m_host", "tried", GOOD), "tried", LIFE);
    turns();
    assert_int_equal(told, 1);
    assert_int_equal(reason, REASON_CREDENTIAL);
    kept_is("", "lt_1");
    assert_int_equal(enrolled_find(enrolled, "")->expires, NOW + 30 * DAY);
    assert_true(revocation_asked("tried"));
    assert_false(revocation_asked("tok_lt_1"));
    assert_int_equal(denied("tok_lt_1"), DENY_OURS);
}

static void one_whose_trial_is_refused_is_revoked(void **state)
{
    (void)state;
    start("", C2M_ENROLL_SECRET, "the secret");
    give("lt_1", "tok_lt_1", 30 * DAY);
    turns();
    refuse(API_UNAVAILABLE, REASON_API_TIMEOUT);
    assert_int_equal(reason, REASON_API_TIMEOUT);
    assert_true(revocation_asked("tok_lt_1"));
    nothing_is_kept("");
}

static void what_is_not_genuine_or_another_clients_is_revoked_with_what_it_yielded(void **state)
{
    (void)state;
    const char *const yields[] = {forged_for("c2m_host", "tried1"), token_for("c2m_bob", "tried2", GOOD)};
    const enum reason why[] = {REASON_SIGNATURE, REASON_SUBJECT};
    for (int i = 0; i < 2; i++) {
        char id[16], lt[16], tried[16];
        snprintf(lt, sizeof lt, "lt_%d", i);
        snprintf(id, sizeof id, "tok_lt_%d", i);
        snprintf(tried, sizeof tried, "tried%d", i + 1);
        start("", C2M_ENROLL_SECRET, "the secret");
        give(lt, id, 30 * DAY);
        turns();
        give(yields[i], tried, LIFE);
        turns();
        assert_int_equal(reason, why[i]);
        assert_true(revocation_asked(tried));
        while (fake_api_waiting() >= 0) {
            fake_api_answer((unsigned)fake_api_waiting(), &(struct api_revocation){.status = 204});
            turns();
        }
        assert_true(revocation_asked(id));
        nothing_is_kept("");
    }
}

static void a_token_that_was_given_and_is_anothers_lives_on(void **state)
{
    (void)state;
    uint8_t hash[VAULT_HASH_SIZE];
    start("alice", C2M_ENROLL_TOKEN, "lt_of_bob");
    give(token_for("c2m_bob", "tried", GOOD), "tried", LIFE);
    turns();
    assert_int_equal(reason, REASON_SUBJECT);
    assert_true(revocation_asked("tried"));
    assert_int_equal(fake_api_count(), 2); /* and nothing else */
    vault_hash("lt_of_bob", strlen("lt_of_bob"), hash);
    assert_int_equal(deny_list_find(world.parts.deny_list, "", hash), DENY_NOT);
    nothing_is_kept("alice");
}

static void whose_asker_is_gone_it_is_given_up(void **state)
{
    (void)state;
    start("", C2M_ENROLL_SECRET, "the secret");
    give("lt_1", "tok_lt_1", 30 * DAY);
    turns();
    enroll_free(STEAL(enroll));
    turns();
    assert_int_equal(told, 0);
    assert_int_equal(denied("tok_lt_1"), DENY_REVOKED);
    nothing_is_kept("");
}

static void while_nothing_can_be_written_nothing_is_issued(void **state)
{
    (void)state;
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    start("", C2M_ENROLL_SECRET, "the secret");
    disk_fails_from = 0;
    if (fake_api_count() > 0) { /* the disk filled up a moment later */
        disk_fails_from = disk_calls + 1;
        give("lt_1", "tok_lt_1", 30 * DAY);
        turns();
        if (fake_api_waiting() >= 0)
            give(token_for("c2m_host", "tried", GOOD), "tried", LIFE);
        turns();
        disk_fails_from = 0;
        assert_int_equal(denied("tok_lt_1"), DENY_REVOKED);
    }
    assert_int_equal(told, 1);
    assert_int_equal(reason, REASON_STORE);
    assert_null(enrolled_find(enrolled, ""));
}

static void nobody_says_which_client_and_nothing_is_sent(void **state)
{
    (void)state;
    host.client[0] = '\0';
    start("", C2M_ENROLL_SECRET, "the secret");
    assert_int_equal(reason, REASON_NO_CLIENT);
    start("mallory", C2M_ENROLL_SECRET, "the secret");
    assert_int_equal(reason, REASON_UNMAPPED);
    rotate("");
    assert_int_equal(reason, REASON_NOT_ENROLLED);
    start("", C2M_ENROLL_ASSERTION, "");
    assert_int_equal(reason, REASON_NO_CLIENT);
    assert_int_equal(fake_api_count(), 0);
}

static void rotated_by_the_secret_the_former_dies_when_the_next_one_is_good(void **state)
{
    (void)state;
    keep("", "c2m_host", "lt_1", "tok_lt_1");
    rotate("");
    assert_true(fake_api_request(fake_api_count() - 1)->by_secret);
    assert_string_equal(fake_api_request(fake_api_count() - 1)->bearer, "the secret");
    give("lt_2", "tok_lt_2", 30 * DAY);
    turns();
    kept_is("", "lt_1");
    give(token_for("c2m_host", "tried2", GOOD), "tried2", LIFE);
    turns();
    kept_is("", "lt_2");
    turns();
    assert_true(revocation_asked("tok_lt_1") || denied("tok_lt_1") == DENY_REVOKED);
}

static void one_that_was_given_lends_a_short_one_that_issues_the_next(void **state)
{
    (void)state;
    start("", C2M_ENROLL_TOKEN, "lt_given");
    give(token_for("c2m_host", "tried", GOOD), "tried", LIFE);
    turns();
    assert_int_equal(reason, REASON_CREDENTIAL);
    fake_api_answer((unsigned)fake_api_waiting(), &(struct api_revocation){.status = 204});
    rotate("");
    assert_string_equal(fake_api_request(2)->bearer, "lt_given");
    assert_string_equal(fake_api_request(2)->scopes.text, ""); /* all that it has: no more can be issued */
    give(token_for("c2m_host", "lent", GOOD), "lent", LIFE);
    turns();
    assert_true(fake_api_request(3)->by_bearer);
    refuse(API_FORBIDDEN, REASON_API_FORBIDDEN);
    assert_int_equal(reason, REASON_API_FORBIDDEN);
    kept_is("", "lt_given");
    assert_true(revocation_asked("lent"));
    assert_int_equal(denied("lent"), DENY_REVOKED);
}

static void less_than_was_asked_for_is_taken_and_said(void **state)
{
    struct api_token answer = {.outcome = API_OK, .retry_after = -1, .is_long = true, .expires = NOW + DAY};
    (void)state;
    host.scopes = (struct scopes){.text = "jobs:read tokens:revoke"};
    answer.scopes = (struct scopes){.text = "jobs:read"};
    start("", C2M_ENROLL_SECRET, "the secret");
    assert_string_equal(fake_api_request(0)->scopes.text, "jobs:read tokens:revoke");
    fake_api_issue(0, "lt_1", &answer);
    turns();
    assert_true(said("a life of 86400 s where [host] ttl asks for 2592000"));
    assert_true(said("fewer scopes than [host] scopes asks for: jobs:read"));
    give(token_for("c2m_host", "tried", GOOD), "tried", LIFE);
    turns();
    assert_int_equal(reason, REASON_CREDENTIAL);
    assert_int_equal(enrolled_find(enrolled, "")->expires, NOW + DAY);
}

/* What it begins is sent when its mark is on disk. */
static void look(struct rotation *rotation)
{
    rotation_look(rotation);
    turns();
}

static void it_is_rotated_by_itself_before_it_runs_out(void **state)
{
    struct rotation *rotation;
    (void)state;
    keep("", "c2m_host", "lt_1", "tok_lt_1");
    assert_int_equal(rotation_new(&world.parts, enrolled, &rotation), 0);
    unsigned before = fake_api_count();
    fake_wall = NOW + 24 * DAY - 1;
    look(rotation);
    assert_int_equal(fake_api_count(), before);
    fake_wall = NOW + 24 * DAY;
    look(rotation);
    assert_int_equal(fake_api_count(), before + 1);
    look(rotation); /* one is under way */
    assert_int_equal(fake_api_count(), before + 1);
    refuse(API_UNAVAILABLE, REASON_API_TIMEOUT);
    assert_true(said("event=rotation "));
    assert_true(said("reason=api_timeout"));
    look(rotation); /* not at once */
    assert_int_equal(fake_api_count(), before + 1);
    fake_boot_ms += 5 * 60 * 1000;
    look(rotation);
    assert_int_equal(fake_api_count(), before + 2);
    rotation_free(rotation);
    kept_is("", "lt_1");
}

static void what_is_no_long_token_is_not_sent(void **state)
{
    const char *given[] = {
        "a-unix-password", "123456", token_for("c2m_alice", "tok1", GOOD), "lt_ with blanks"};
    (void)state;
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        start("alice", C2M_ENROLL_TOKEN, given[i]);
        turns();
        assert_int_equal(reason, REASON_FORM_NOT_ACCEPTED);
        reason = REASON_NONE;
    }
    assert_int_equal(fake_api_count(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_issued_held_tried_and_then_kept),
        TEST(one_whose_trial_is_refused_is_revoked),
        TEST(what_is_not_genuine_or_another_clients_is_revoked_with_what_it_yielded),
        TEST(a_token_that_was_given_and_is_anothers_lives_on),
        TEST(what_is_no_long_token_is_not_sent),
        TEST(whose_asker_is_gone_it_is_given_up),
        TEST(while_nothing_can_be_written_nothing_is_issued),
        TEST(nobody_says_which_client_and_nothing_is_sent),
        TEST(rotated_by_the_secret_the_former_dies_when_the_next_one_is_good),
        TEST(one_that_was_given_lends_a_short_one_that_issues_the_next),
        TEST(less_than_was_asked_for_is_taken_and_said),
        TEST(it_is_rotated_by_itself_before_it_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
