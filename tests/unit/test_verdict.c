/* From verdicts to PAM codes: what grants, and that nothing else does. */
#include "verdict.h"

#include <security/_pam_types.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int code_of(uint32_t verdict, uint16_t operation, unsigned prompted, bool reuse)
{
    struct c2m_verdict value = {.verdict = verdict, .operation = operation, .prompted = prompted};
    return verdict_code(&value, operation, prompted, reuse);
}

static void each_verdict_has_the_code_of_the_manual(void **state)
{
    (void)state;
    static const struct {
        uint32_t verdict;
        int authenticate, account, session;
    } rows[] = {
        {C2M_GRANTED, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS},
        {C2M_DENIED, PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_SESSION_ERR},
        {C2M_FORBIDDEN, PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_SESSION_ERR},
        {C2M_EXHAUSTED, PAM_MAXTRIES, PAM_PERM_DENIED, PAM_SESSION_ERR},
        {C2M_ENDED, PAM_AUTH_ERR, PAM_ACCT_EXPIRED, PAM_SESSION_ERR},
        {C2M_UNAVAILABLE, PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL, PAM_SESSION_ERR},
        {C2M_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(code_of(rows[i].verdict, C2M_AUTHENTICATE, 1, false), rows[i].authenticate);
        assert_int_equal(code_of(rows[i].verdict, C2M_ACCOUNT, 0, false), rows[i].account);
        assert_int_equal(code_of(rows[i].verdict, C2M_OPEN, 0, false), rows[i].session);
        assert_int_equal(code_of(rows[i].verdict, C2M_CLOSE, 0, false), rows[i].session);
    }
}

static void a_grant_that_nobody_was_asked_for_is_refused(void **state)
{
    (void)state;
    assert_int_equal(code_of(C2M_GRANTED, C2M_AUTHENTICATE, 0, false), PAM_AUTH_ERR);
    struct c2m_verdict verdict = {.verdict = C2M_GRANTED, .operation = C2M_AUTHENTICATE, .prompted = 1};
    assert_int_equal(verdict_code(&verdict, C2M_AUTHENTICATE, 0, false), PAM_AUTH_ERR);
    verdict.prompted = 0;
    assert_int_equal(verdict_code(&verdict, C2M_AUTHENTICATE, 1, false), PAM_AUTH_ERR);
}

static void with_reuse_presence_is_enough(void **state)
{
    (void)state;
    assert_int_equal(code_of(C2M_GRANTED, C2M_AUTHENTICATE, 0, true), PAM_SUCCESS);
}

static void a_verdict_on_another_operation_grants_nothing(void **state)
{
    (void)state;
    static const uint16_t operations[] = {C2M_AUTHENTICATE, C2M_ACCOUNT, C2M_OPEN, C2M_CLOSE};
    for (int asked = 0; asked < 4; asked++) {
        for (uint32_t answered = 0; answered < 130; answered++) {
            struct c2m_verdict verdict = {.verdict = C2M_GRANTED, .operation = answered, .prompted = 1};
            int code = verdict_code(&verdict, operations[asked], 1, true);
            assert_int_equal(
                code, answered == operations[asked] ? PAM_SUCCESS : verdict_outage(operations[asked]));
        }
    }
}

/* Every code one or two flipped bits away from a verdict, and some more. */
static void what_is_no_verdict_is_an_outage(void **state)
{
    (void)state;
    static const uint32_t others[] = {0, 1, UINT32_MAX, 0xa5a5a5a5, 0xfdfdfdfd};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(code_of(others[i], C2M_AUTHENTICATE, 1, true), PAM_AUTHINFO_UNAVAIL);
    for (int i = 0; i < 32; i++) {
        for (int k = 0; k < 32; k++) {
            uint32_t flipped = C2M_GRANTED ^ (1U << i) ^ (k == i ? 0 : 1U << k);
            assert_int_equal(code_of(flipped, C2M_AUTHENTICATE, 1, true), PAM_AUTHINFO_UNAVAIL);
            assert_int_equal(code_of(flipped, C2M_ACCOUNT, 0, false), PAM_AUTHINFO_UNAVAIL);
        }
    }
}

static void an_outage_is_neither_success_nor_ignore(void **state)
{
    (void)state;
    assert_int_equal(verdict_outage(C2M_AUTHENTICATE), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(verdict_outage(C2M_ACCOUNT), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(verdict_outage(C2M_OPEN), PAM_SESSION_ERR);
    assert_int_equal(verdict_outage(C2M_CLOSE), PAM_SESSION_ERR);
}

static void an_operation_that_has_no_verdict_fails(void **state)
{
    (void)state;
    assert_int_equal(code_of(C2M_GRANTED, C2M_STATUS, 1, true), PAM_SYSTEM_ERR);
    assert_int_equal(code_of(C2M_GRANTED, 0, 1, true), PAM_SYSTEM_ERR);
}

static void words_are_those_of_the_log(void **state)
{
    (void)state;
    assert_string_equal(verdict_word(C2M_GRANTED), "granted");
    assert_string_equal(verdict_word(C2M_UNAVAILABLE), "unavailable");
    assert_string_equal(verdict_word(0), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verdict_has_the_code_of_the_manual),
        cmocka_unit_test(a_grant_that_nobody_was_asked_for_is_refused),
        cmocka_unit_test(with_reuse_presence_is_enough),
        cmocka_unit_test(a_verdict_on_another_operation_grants_nothing),
        cmocka_unit_test(what_is_no_verdict_is_an_outage),
        cmocka_unit_test(an_outage_is_neither_success_nor_ignore),
        cmocka_unit_test(an_operation_that_has_no_verdict_fails),
        cmocka_unit_test(words_are_those_of_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
