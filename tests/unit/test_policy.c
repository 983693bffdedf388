// Which genuine token may log in: accept, scopes, audience, age.
#include "login/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { NOW = 1800000000 };

static struct policy policy;
static struct claims claims;

static int fresh(void **state)
{
    (void)state;
    const unsigned forms = 1u << C2M_FORM_SHORT | 1u << C2M_FORM_LONG;
    policy = (struct policy){.login = {.accept = {forms, forms}}};
    scopes_parse(&policy.login.required, "login:web1", 10);
    claims = (struct claims){.subject = "c2m_alice", .issued = NOW - 60, .expires = NOW + 840};
    scopes_parse(&claims.scopes, "jobs:read login:web1", 20);
    return 0;
}

static enum reason judged_from(enum policy_origin origin, enum c2m_credential_form form)
{
    return policy_judge(&policy, policy_rule_for(&policy, "sshd"), origin, &claims, form, NOW);
}

static enum reason judged(enum c2m_credential_form form)
{
    return judged_from(POLICY_REMOTE, form);
}

static void a_token_that_holds_every_required_scope_may(void **state)
{
    (void)state;
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_NONE);
}

static void a_token_without_the_login_scope_may_not(void **state)
{
    (void)state;
    claims.scopes = (struct scopes){.text = "jobs:read"};
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_SCOPE);
}

static void all_required_scopes_are_needed_not_one_of_them(void **state)
{
    (void)state;
    policy.login.required = (struct scopes){.text = ""};
    scopes_parse(&policy.login.required, "login:web1 admin:web1", 21);
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_SCOPE);
}

static void a_rule_that_asks_for_nothing_lets_nobody_in(void **state)
{
    (void)state;
    policy.login.required = (struct scopes){.text = ""};
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_SCOPE);
}

static void any_is_said_on_purpose(void **state)
{
    (void)state;
    policy.login.required = (struct scopes){.text = ""};
    policy.login.any_scope = true;
    claims.scopes = (struct scopes){.text = ""};
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_NONE);
}

static void the_audience_must_be_carried(void **state)
{
    (void)state;
    strcpy(policy.login.audience, "hosts");
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_AUDIENCE);
    strcpy(claims.audiences, "api\nhosts\n");
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_NONE);
    strcpy(claims.audiences, "hosts2\n");
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_AUDIENCE);
}

static void an_audience_of_one_letter_is_one(void **state)
{
    (void)state;
    strcpy(policy.login.audience, "h");
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_AUDIENCE);
    policy.login.required = (struct scopes){.text = ""};
    strcpy(claims.audiences, "h\n");
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_NONE);
}

static void scopes_count_without_their_prefix_where_there_is_one(void **state)
{
    (void)state;
    claims.scopes = (struct scopes){.text = ""};
    scopes_parse(&claims.scopes, "c2m-api/login:web1", 18);
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_SCOPE);
    strcpy(policy.prefix, "c2m-api/");
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_NONE);
}

static void an_audience_alone_is_enough_where_no_scope_is_asked_for(void **state)
{
    (void)state;
    policy.login.required = (struct scopes){.text = ""};
    strcpy(policy.login.audience, "hosts");
    strcpy(claims.audiences, "hosts\n");
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_NONE);
}

static void a_form_that_accept_does_not_list_is_refused(void **state)
{
    (void)state;
    policy.login.accept[POLICY_REMOTE] = 1u << C2M_FORM_SHORT;
    assert_int_equal(judged(C2M_FORM_LONG), REASON_FORM_NOT_ACCEPTED);
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_NONE);
}

static void what_is_accepted_depends_on_where_it_is_typed(void **state)
{
    (void)state;
    policy.login.accept[POLICY_LOCAL] = 1u << C2M_FORM_LONG;
    policy.login.accept[POLICY_REMOTE] = 1u << C2M_FORM_SHORT;
    assert_int_equal(judged_from(POLICY_LOCAL, C2M_FORM_LONG), REASON_NONE);
    assert_int_equal(judged_from(POLICY_LOCAL, C2M_FORM_SHORT), REASON_FORM_NOT_ACCEPTED);
    assert_int_equal(judged_from(POLICY_REMOTE, C2M_FORM_LONG), REASON_FORM_NOT_ACCEPTED);
    assert_int_equal(judged_from(POLICY_REMOTE, C2M_FORM_SHORT), REASON_NONE);
}

static void what_is_kept_serves_where_anything_is_accepted(void **state)
{
    (void)state;
    policy.login.accept[POLICY_LOCAL] = 0;
    assert_int_equal(judged_from(POLICY_LOCAL, C2M_FORM_STORED), REASON_FORM_NOT_ACCEPTED);
    assert_int_equal(judged_from(POLICY_REMOTE, C2M_FORM_STORED), REASON_NONE);
}

static void a_token_older_than_max_age_is_refused_at_the_second(void **state)
{
    (void)state;
    policy.login.max_age = 60;
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_NONE);
    claims.issued--;
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_TOO_OLD);
}

static void an_age_of_a_second_is_one(void **state)
{
    (void)state;
    policy.login.max_age = 1;
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_TOO_OLD);
    claims.issued = NOW - 1;
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_NONE);
}

static void a_token_without_iat_has_no_age_to_show(void **state)
{
    (void)state;
    policy.login.max_age = 60;
    claims.issued = 0;
    assert_int_equal(judged(C2M_FORM_SHORT), REASON_TOO_OLD);
    /* not even where a clock without a battery begins */
    assert_int_equal(
        policy_judge(&policy, &policy.login, POLICY_REMOTE, &claims, C2M_FORM_SHORT, 30), REASON_TOO_OLD);
    claims.issued = 1;
    assert_int_equal(
        policy_judge(&policy, &policy.login, POLICY_REMOTE, &claims, C2M_FORM_SHORT, 30), REASON_NONE);
}

static void a_service_of_its_own_is_judged_by_its_own_rule(void **state)
{
    (void)state;
    policy.count = 1;
    strcpy(policy.services[0].name, "su");
    policy.services[0].rule = (struct policy_rule){.max_age = 7};
    assert_int_equal(policy_rule_for(&policy, "su")->max_age, 7);
    assert_ptr_equal(policy_rule_for(&policy, "su-l"), &policy.login);
    strcpy(policy.services[1].name, "sudo"); /* left from another configuration */
    assert_ptr_equal(policy_rule_for(&policy, "sudo"), &policy.login);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_token_that_holds_every_required_scope_may, fresh),
        cmocka_unit_test_setup(a_token_without_the_login_scope_may_not, fresh),
        cmocka_unit_test_setup(all_required_scopes_are_needed_not_one_of_them, fresh),
        cmocka_unit_test_setup(a_rule_that_asks_for_nothing_lets_nobody_in, fresh),
        cmocka_unit_test_setup(any_is_said_on_purpose, fresh),
        cmocka_unit_test_setup(the_audience_must_be_carried, fresh),
        cmocka_unit_test_setup(an_audience_of_one_letter_is_one, fresh),
        cmocka_unit_test_setup(scopes_count_without_their_prefix_where_there_is_one, fresh),
        cmocka_unit_test_setup(an_audience_alone_is_enough_where_no_scope_is_asked_for, fresh),
        cmocka_unit_test_setup(a_form_that_accept_does_not_list_is_refused, fresh),
        cmocka_unit_test_setup(what_is_accepted_depends_on_where_it_is_typed, fresh),
        cmocka_unit_test_setup(what_is_kept_serves_where_anything_is_accepted, fresh),
        cmocka_unit_test_setup(a_token_older_than_max_age_is_refused_at_the_second, fresh),
        cmocka_unit_test_setup(an_age_of_a_second_is_one, fresh),
        cmocka_unit_test_setup(a_token_without_iat_has_no_age_to_show, fresh),
        cmocka_unit_test_setup(a_service_of_its_own_is_judged_by_its_own_rule, fresh),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
