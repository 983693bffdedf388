// fakes: clock api http
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/let_in.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* A login while the published keys change: it waits for the new ones, and an outage is told apart from a refusal. */
#include "let_in.h"

#include "base/cleanup.h"
#include "login/enroll.h"
#include "login/renewal.h"

#include "fakes/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LONG_TOKEN "lt_0123456789abcdef"

static struct token_key *fresh; /* what the service signs with after its rotation */
static char *old_set, *new_set;

static void take(void *argument, struct keyset *keyset)
{
    (void)argument;
    verifier_set_keyset(world.parts.verifier, keyset);
}

static char *set_of(const char *one, const char *two)
{
    char *text = NULL;
    assert_true(asprintf(&text, "{\"keys\":[%s%s%s]}", one, two ? "," : "", two ? two : "") > 0);
    return text;
}

static int set_up(void **state)
{
    login_world_set_up(state);
    fake_http_reset();
    fresh = token_key_ed25519();
    char *a = token_public_jwk(world.key, ",'kid':'old'"), *b = token_public_jwk(fresh, ",'kid':'new'");
    old_set = set_of(a, NULL);
    new_set = set_of(b, a);
    free(a);
    free(b);
    assert_int_equal(jwks_new(world.loop, NULL, world.parts.store, "https://id.example.com/jwks.json",
                         "EdDSA", &world.parts.jwks),
        0);
    jwks_start(world.parts.jwks, take, NULL);
    turns();
    fake_http_answer(200, old_set, -1);
    turns();
    return 0;
}

static int tear_down(void **state)
{
    jwks_free(world.parts.jwks);
    token_key_free(fresh);
    free(old_set);
    free(new_set);
    return login_world_tear_down(state);
}

static const char *signed_by(const struct token_key *key, const char *key_id, const char *id)
{
    char header[64];
    snprintf(header, sizeof header, "{\"alg\":\"EdDSA\",\"kid\":\"%s\"}", key_id);
    char *payload = token_payload("c2m_alice", id, fake_wall - 10, fake_wall + LIFE, GOOD);
    char *token = token_mint(key, "EdDSA", header, payload);
    free(payload);
    return kept(token);
}

static void a_token_of_a_known_key_waits_for_nothing(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", signed_by(world.key, "old", "tok1"));
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_int_equal(fake_http_count(), 1);
    finished(&asked);
}

static void a_new_key_is_waited_for(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", signed_by(fresh, "new", "tok1"));
    assert_int_equal(asked.verdicts, 0);
    assert_int_equal(fake_http_count(), 2);
    fake_boot_ms += 250;
    fake_http_answer(200, new_set, -1);
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_int_equal(asked.outcome.spent_us[STEP_KEYS], 250000);
    finished(&asked);
    alice_types(&asked, "sshd", signed_by(world.key, "old", "tok2")); /* which overlaps */
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
}

static void a_key_that_is_not_published_either_is_a_refusal(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", signed_by(fresh, "forged", "tok1"));
    assert_int_equal(asked.verdicts, 0);
    fake_http_answer(200, new_set, -1);
    turns();
    expect_verdict(&asked, C2M_DENIED, REASON_UNKNOWN_KEY, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
    alice_types(&asked, "sshd", signed_by(fresh, "forged", "tok2")); /* within the minute nobody is asked */
    expect_verdict(&asked, C2M_DENIED, REASON_UNKNOWN_KEY, C2M_TEXT_NOT_ACCEPTED);
    assert_int_equal(fake_http_count(), 2);
    finished(&asked);
}

static void a_published_key_does_not_make_a_forged_token_genuine(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", signed_by(world.key, "new", "tok1"));
    fake_http_answer(200, new_set, -1);
    turns();
    expect_verdict(&asked, C2M_DENIED, REASON_SIGNATURE, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
}

static void where_nobody_can_be_asked_it_is_an_outage(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", signed_by(fresh, "new", "tok1"));
    fake_http_fail(HTTP_TIMEOUT);
    turns();
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_NO_KEYS, C2M_TEXT_UNREACHABLE);
    finished(&asked);
    alice_types(&asked, "sshd", signed_by(fresh, "new", "tok2")); /* at once: who asked a moment ago knows */
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_NO_KEYS, C2M_TEXT_UNREACHABLE);
    finished(&asked);
    alice_types(&asked, "sshd", signed_by(world.key, "old", "tok3")); /* the last good set serves */
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
}

/* Whole, and by chance of the length at which ssh cuts. */
static const char *of_1023_characters(void)
{
    for (int blanks = 0; blanks < 3; blanks++) {
        for (int pad = 500; pad < 600; pad++) {
            char header[64], more[700];
            snprintf(header, sizeof header, "{\"alg\":\"EdDSA\",\"kid\":\"new\"}%*s", blanks, "");
            snprintf(more, sizeof more, "%s,\"pad\":\"%0*d\"", GOOD, pad, 0);
            char *payload = token_payload("c2m_alice", "tok1", fake_wall - 10, fake_wall + LIFE, more);
            char *token = token_mint(fresh, "EdDSA", header, payload);
            free(payload);
            if (strlen(token) == 1023)
                return kept(token);
            free(token);
        }
    }
    fail_msg("no token is 1023 characters long");
    return NULL;
}

static void an_outage_of_the_keys_is_not_called_a_cut_token(void **state)
{
    struct asked asked;
    (void)state;
    alice_types(&asked, "sshd", of_1023_characters());
    fake_http_fail(HTTP_TIMEOUT);
    turns();
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_NO_KEYS, C2M_TEXT_UNREACHABLE);
    finished(&asked);
}

/* A pasted long token, exchanged for one that a new key signed. */
static void exchange(struct asked *asked, const char *token)
{
    static const struct api_token issued = {
        .outcome = API_OK, .reason = REASON_CREDENTIAL, .retry_after = -1, .token_id = "tok1"};
    alice_types(asked, "sshd", LONG_TOKEN);
    fake_api_issue(0, token, &issued);
    turns();
}

static void an_exchanged_token_waits_for_its_key_too(void **state)
{
    struct asked asked;
    (void)state;
    exchange(&asked, signed_by(fresh, "new", "tok1"));
    assert_int_equal(asked.verdicts, 0);
    fake_http_answer(200, new_set, -1);
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    assert_int_equal(asked.outcome.form, C2M_FORM_LONG);
    assert_int_equal(tokens_held(), 2);
    finished(&asked);
}

static void what_was_bought_dies_with_who_waits_for_its_key(void **state)
{
    struct api_token answer = {
        .outcome = API_OK, .reason = REASON_CREDENTIAL, .expires = NOW + LIFE, .retry_after = -1};
    struct asked asked;
    (void)state;
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE;
    alice_types(&asked, "sshd", "123456");
    snprintf(answer.token_id, sizeof answer.token_id, "tok_lt_1");
    fake_api_issue(0, "lt_bought_with_a_code", &answer);
    snprintf(answer.token_id, sizeof answer.token_id, "tok1");
    fake_api_issue(1, signed_by(fresh, "new", "tok1"), &answer);
    assert_int_equal(asked.verdicts, 0);
    finished(&asked);
    turns();
    assert_int_equal(denied("tok1"), DENY_REVOKED);
    assert_int_equal(denied("tok_lt_1"), DENY_REVOKED);
    assert_int_equal(tokens_held(), 0);
}

static void an_exchanged_token_that_nobody_can_verify_is_revoked(void **state)
{
    struct asked asked;
    (void)state;
    exchange(&asked, signed_by(fresh, "new", "tok1"));
    assert_false(revocation_asked("tok1"));
    fake_http_fail(HTTP_UNREACHABLE);
    turns();
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_NO_KEYS, C2M_TEXT_UNREACHABLE);
    assert_true(revocation_asked("tok1"));
    assert_int_equal(tokens_held(), 0);
    finished(&asked);
}

static void who_is_gone_while_it_waits_leaves_nothing(void **state)
{
    struct asked asked;
    (void)state;
    exchange(&asked, signed_by(fresh, "new", "tok1"));
    finished(&asked);
    turns();
    assert_true(revocation_asked("tok1"));
    assert_int_equal(tokens_held(), 0);
    fake_http_answer(200, new_set, -1); /* for nobody */
    turns();
    assert_int_equal(asked.verdicts, 0);
    assert_int_equal(rows_of("sessions"), 0);
}

static void a_deadline_that_passes_while_it_waits_is_an_outage(void **state)
{
    struct asked asked;
    (void)state;
    exchange(&asked, signed_by(fresh, "new", "tok1"));
    login_abandon(asked.login, REASON_DEADLINE);
    turns();
    expect_verdict(&asked, C2M_UNAVAILABLE, REASON_DEADLINE, C2M_TEXT_UNREACHABLE);
    assert_true(revocation_asked("tok1"));
    fake_http_answer(200, new_set, -1);
    turns();
    assert_int_equal(asked.verdicts, 1);
    finished(&asked);
}

static void what_a_key_signed_that_is_gone_is_forgotten(void **state)
{
    struct asked asked;
    const char *token = signed_by(world.key, "old", "tok1");
    char *jwk = token_public_jwk(fresh, ",'kid':'new'"), *set = set_of(jwk, NULL);
    (void)state;
    alice_types(&asked, "sshd", token);
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
    jwks_miss(world.parts.jwks);
    fake_http_answer(200, set, -1);
    turns();
    alice_types(&asked, "sshd", token);
    expect_verdict(&asked, C2M_DENIED, REASON_UNKNOWN_KEY, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
    free(jwk);
    free(set);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* The exchange of alice's long token yields one that the new key signed. */
static void a_renewed_token_of_a_new_key_waits_for_it(void **state)
{
    struct renewal *renewal;
    (void)state;
    struct person alice = let_in("sshd", ALICE, "lt_0123456789", "tok1");
    assert_int_equal(renewal_new(&world.parts, &renewal), 0);
    time_passes(LIFE - 60);
    renewal_look(renewal);
    unsigned asked = fake_http_count();
    api_gives(fake_api_count() - 1, signed_by(fresh, "new", "tok2"), "tok2");
    assert_int_equal(fake_http_count(), asked + 1);
    assert_string_equal(alice.session->token_id, "tok1");
    assert_false(revocation_asked("tok2"));
    fake_http_answer(200, new_set, -1);
    turns();
    assert_string_equal(alice.session->token_id, "tok2");
    assert_true(revocation_asked("tok1"));
    renewal_free(renewal);
}

/* Nor does it live on when its session ends meanwhile. */
static void a_renewed_token_that_waits_for_a_key_dies_with_its_session(void **state)
{
    struct renewal *renewal;
    (void)state;
    struct person alice = let_in("sshd", ALICE, "lt_0123456789", "tok1");
    assert_int_equal(renewal_new(&world.parts, &renewal), 0);
    time_passes(LIFE - 60);
    renewal_look(renewal);
    api_gives(fake_api_count() - 1, signed_by(fresh, "new", "tok2"), "tok2");
    renewal_forget(renewal, alice.session->reference);
    turns();
    assert_true(revocation_asked("tok2"));
    renewal_free(renewal);
}

static void told(void *argument, enum reason why, int64_t retry_after)
{
    (void)retry_after;
    *(enum reason *)argument = why;
}

/* alice's long token is tried, and yields one that the new key signed. */
static struct enroll *enroll_a_long_token(struct enrolled **enrolled, enum reason *reason)
{
    struct secret *credential SECRET_CLEANUP = NULL;
    struct enroll *enroll;
    *reason = REASON_NONE;
    assert_int_equal(enrolled_new(world.parts.store, world.vault, world.parts.ledger, enrolled), 0);
    assert_int_equal(secret_new("lt_0123456789", 13, &credential), 0);
    const struct enroll_request request = {
        .owner = "alice", .client = "", .way = C2M_ENROLL_TOKEN, .credential = credential};
    assert_int_equal(enroll_new(&world.parts, *enrolled, &request, told, reason, &enroll), 0);
    turns();
    api_gives(fake_api_count() - 1, signed_by(fresh, "new", "tok1"), "tok1");
    return enroll;
}

static void what_is_enrolled_waits_for_a_new_key_too(void **state)
{
    struct enrolled *enrolled;
    enum reason reason;
    (void)state;
    struct enroll *enroll = enroll_a_long_token(&enrolled, &reason);
    assert_int_equal(reason, REASON_NONE);
    assert_false(revocation_asked("tok1"));
    fake_http_answer(200, new_set, -1);
    turns();
    assert_int_equal(reason, REASON_CREDENTIAL);
    enroll_free(enroll);
    enrolled_free(enrolled);
}

static void who_enrolls_and_is_gone_leaves_no_token_that_waits_for_a_key(void **state)
{
    struct enrolled *enrolled;
    enum reason reason;
    (void)state;
    enroll_free(enroll_a_long_token(&enrolled, &reason));
    turns();
    assert_true(revocation_asked("tok1"));
    enrolled_free(enrolled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_of_a_known_key_waits_for_nothing),
        TEST(a_new_key_is_waited_for),
        TEST(a_key_that_is_not_published_either_is_a_refusal),
        TEST(a_published_key_does_not_make_a_forged_token_genuine),
        TEST(where_nobody_can_be_asked_it_is_an_outage),
        TEST(an_outage_of_the_keys_is_not_called_a_cut_token),
        TEST(an_exchanged_token_waits_for_its_key_too),
        TEST(what_was_bought_dies_with_who_waits_for_its_key),
        TEST(an_exchanged_token_that_nobody_can_verify_is_revoked),
        TEST(who_is_gone_while_it_waits_leaves_nothing),
        TEST(a_deadline_that_passes_while_it_waits_is_an_outage),
        TEST(what_a_key_signed_that_is_gone_is_forgotten),
        TEST(a_renewed_token_of_a_new_key_waits_for_it),
        TEST(a_renewed_token_that_waits_for_a_key_dies_with_its_session),
        TEST(what_is_enrolled_waits_for_a_new_key_too),
        TEST(who_enrolls_and_is_gone_leaves_no_token_that_waits_for_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
