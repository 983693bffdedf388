// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* The gate: alive, the user's own, allowed; the first objection is the reason. */
#include "login/gate.h"
#include "login_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct claims made_claims(const char *subject, const char *client)
{
    struct claims claims = {.token_id = "tok1", .issued = NOW - 10, .expires = NOW + LIFE};
    snprintf(claims.subject, sizeof claims.subject, "%s", subject);
    snprintf(claims.client, sizeof claims.client, "%s", client);
    assert_int_equal(scopes_add(&claims.scopes, "login:web1", 10), 0);
    return claims;
}

static const uint8_t hash[VAULT_HASH_SIZE] = {7};

static enum reason judged(const struct claims *claims, bool ours, bool *mine)
{
    struct login_request request = {.service = "sshd", .user = "alice", .uid = ALICE};
    const struct gate_token token = {.claims = claims, .hash = hash, .form = C2M_FORM_SHORT, .ours = ours};
    return gate_judge(&world.parts, &request, &token, mine);
}

static void expect(const struct claims *claims, bool ours, enum reason reason, bool mine)
{
    bool told;
    assert_string_equal(reason_word(judged(claims, ours, &told)), reason_word(reason));
    assert_int_equal(told, mine);
}

static void the_users_own_token_passes(void **state)
{
    struct claims by_subject = made_claims("c2m_alice", ""), by_both = made_claims("c2m_alice", "c2m_alice");
    (void)state;
    expect(&by_subject, false, REASON_NONE, true);
    expect(&by_both, false, REASON_NONE, true);
}

static void a_client_stands_beside_the_subject_never_instead_of_another(void **state)
{
    struct claims a = made_claims("c2m_bob", "c2m_alice"), b = made_claims("c2m_alice", "c2m_bob"),
                  only = made_claims("", "c2m_alice"), none = made_claims("", ""),
                  letter = made_claims("c2m_alice", "c");
    (void)state;
    expect(&letter, false, REASON_SUBJECT, false);
    expect(&a, false, REASON_SUBJECT, false);
    expect(&b, false, REASON_SUBJECT, false);
    expect(&only, false, REASON_SUBJECT, false);
    expect(&none, false, REASON_SUBJECT, false);
}

static void without_an_id_it_could_not_be_revoked(void **state)
{
    struct claims claims = made_claims("c2m_alice", "");
    (void)state;
    claims.token_id[0] = '\0';
    expect(&claims, true, REASON_NO_TOKEN_ID, false);
}

static void ours_is_no_proof_unless_it_was_obtained_for_this(void **state)
{
    struct claims claims = made_claims("c2m_alice", "");
    (void)state;
    deny_list_add(world.parts.deny_list, "tok1", hash, NOW + LIFE, DENY_OURS);
    expect(&claims, false, REASON_OURS, false);
    expect(&claims, true, REASON_NONE, true);
}

static void a_revoked_one_passes_for_nobody(void **state)
{
    struct claims claims = made_claims("c2m_alice", "");
    (void)state;
    deny_list_add(world.parts.deny_list, "tok1", hash, NOW + LIFE, DENY_REVOKED);
    expect(&claims, false, REASON_REVOKED, false);
    expect(&claims, true, REASON_REVOKED, false);
}

static void it_is_revoked_by_its_text_under_any_id(void **state)
{
    struct claims claims = made_claims("c2m_alice", "");
    (void)state;
    deny_list_add(world.parts.deny_list, "another", hash, NOW + LIFE, DENY_REVOKED);
    expect(&claims, true, REASON_REVOKED, false);
}

static void only_to_its_owner_a_refusal_is_explained(void **state)
{
    struct claims mine = made_claims("c2m_alice", ""), other = made_claims("c2m_bob", "");
    (void)state;
    mine.scopes.text[0] = other.scopes.text[0] = '\0';
    expect(&mine, false, REASON_SCOPE, true);
    expect(&other, false, REASON_SUBJECT, false);
}

static void a_sessions_token_is_judged_alike_and_may_have_run_out(void **state)
{
    struct person person = logged_in("alice", ALICE, token_for("c2m_alice", "tok1", GOOD), 77);
    struct login_request request = {.service = "sudo", .user = "alice", .uid = ALICE};
    (void)state;
    assert_int_equal(gate_judge_session(&world.parts, &request, person.session), REASON_NONE);
    snprintf(request.user, sizeof request.user, "bob");
    assert_int_equal(gate_judge_session(&world.parts, &request, person.session), REASON_SUBJECT);
    snprintf(request.user, sizeof request.user, "alice");
    snprintf(request.service, sizeof request.service, "ops");
    assert_int_equal(gate_judge_session(&world.parts, &request, person.session), REASON_SCOPE);
    snprintf(request.service, sizeof request.service, "sudo");
    fake_boot_ms += (int64_t)(LIFE + 60) * 1000; /* the wall clock was set back meanwhile */
    assert_int_equal(gate_judge_session(&world.parts, &request, person.session), REASON_EXPIRED);
}

static void a_session_is_judged_as_who_logged_in_where_and_from_where(void **state)
{
    struct person person = logged_in("alice", ALICE, token_for("c2m_alice", "tok1", GOOD), 77);
    struct login_request request;
    (void)state;
    free(person.session->rhost);
    person.session->rhost = strdup("192.0.2.7");
    gate_request_of(person.session, &request);
    assert_true(request.root_door);
    assert_int_equal(request.uid, ALICE);
    assert_string_equal(request.service, "sshd");
    assert_string_equal(request.user, "alice");
    assert_string_equal(request.rhost, "192.0.2.7");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_users_own_token_passes),
        TEST(a_client_stands_beside_the_subject_never_instead_of_another),
        TEST(without_an_id_it_could_not_be_revoked),
        TEST(ours_is_no_proof_unless_it_was_obtained_for_this),
        TEST(a_revoked_one_passes_for_nobody),
        TEST(it_is_revoked_by_its_text_under_any_id),
        TEST(only_to_its_owner_a_refusal_is_explained),
        TEST(a_sessions_token_is_judged_alike_and_may_have_run_out),
        TEST(a_session_is_judged_as_who_logged_in_where_and_from_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
