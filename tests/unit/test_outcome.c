// From a reason to a verdict: only nine reasons open a door, and what is not listed is refused.
#include "login/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void only_what_was_proved_grants(void **state)
{
    (void)state;
    for (enum reason reason = REASON_NONE; reason <= REASON_COUNT; reason++) {
        struct outcome outcome = {.verdict = C2M_GRANTED};
        outcome_set(&outcome, reason, true, 0);
        bool proved = reason == REASON_CREDENTIAL || reason == REASON_SESSION || reason == REASON_TERMINAL ||
                      reason == REASON_LIVE || reason == REASON_OPENED || reason == REASON_LOGOUT ||
                      reason == REASON_ENDED || reason == REASON_GIVEN_UP || reason == REASON_ADOPTED;
        assert_int_equal(outcome.verdict == C2M_GRANTED, proved);
    }
}

static void an_outage_is_told_apart_from_a_refusal(void **state)
{
    (void)state;
    static const enum reason outages[] = {REASON_API_UNREACHABLE, REASON_API_TIMEOUT, REASON_API_TLS,
        REASON_API_ERROR, REASON_API_NONSENSE, REASON_API_LIMITED, REASON_NO_KEYS, REASON_STORE,
        REASON_DEADLINE, REASON_FULL, REASON_INTERNAL, REASON_PEER_GONE, REASON_PROTOCOL,
        REASON_FOREIGN_NAMESPACE};
    for (size_t i = 0; i < sizeof outages / sizeof outages[0]; i++) {
        struct outcome outcome = {.verdict = C2M_GRANTED};
        outcome_set(&outcome, outages[i], false, 0);
        assert_int_equal(outcome.verdict, C2M_UNAVAILABLE);
    }
}

/* What anybody may know, whose token it is or is not. */
static void other_refusals_say_what_they_are(void **state)
{
    (void)state;
    static const struct {
        enum reason reason;
        enum c2m_verdict_code verdict;
        enum c2m_text text;
    } rows[] = {
        {REASON_SUBJECT, C2M_FORBIDDEN, C2M_TEXT_NOT_ACCEPTED},
        {REASON_API_FORBIDDEN, C2M_FORBIDDEN, C2M_TEXT_NOT_ACCEPTED},
        {REASON_SUSPENDED, C2M_FORBIDDEN, C2M_TEXT_NOT_ACCEPTED},
        {REASON_SCOPE, C2M_FORBIDDEN, C2M_TEXT_NOT_ACCEPTED},
        {REASON_AUDIENCE, C2M_FORBIDDEN, C2M_TEXT_NOT_ACCEPTED},
        {REASON_THROTTLED, C2M_EXHAUSTED, C2M_TEXT_WAIT},
        {REASON_SESSION_CLOSED, C2M_ENDED, C2M_TEXT_ENDED},
        {REASON_CUT, C2M_DENIED, C2M_TEXT_CUT},
        {REASON_PART_AGAIN, C2M_DENIED, C2M_TEXT_PART_AGAIN},
        {REASON_FORM_NOT_ACCEPTED, C2M_DENIED, C2M_TEXT_UNSUPPORTED},
        {REASON_NOT_SET_ASIDE, C2M_DENIED, C2M_TEXT_NOT_SET_ASIDE},
        {REASON_NOT_ALLOWED, C2M_DENIED, C2M_TEXT_NOT_ROOT},
        {REASON_FOREIGN_NAMESPACE, C2M_UNAVAILABLE, C2M_TEXT_CONTAINER},
        {REASON_SIGNATURE, C2M_DENIED, C2M_TEXT_NOT_ACCEPTED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outcome outcome = {.verdict = C2M_GRANTED};
        outcome_set(&outcome, rows[i].reason, false, 0);
        assert_int_equal(outcome.verdict, rows[i].verdict);
        assert_int_equal(outcome.text, rows[i].text);
        assert_int_equal(outcome.reason, rows[i].reason);
    }
}

static void ignore_never_comes_from_an_error(void **state)
{
    (void)state;
    static const enum reason ours[] = {REASON_UNMAPPED, REASON_SERVICE_OFF, REASON_NO_CONVERSATION,
        REASON_NO_LOGIN, REASON_NOT_STANDING, REASON_UNKNOWN_NAME, REASON_RAN_OUT};
    for (enum reason reason = REASON_NONE; reason <= REASON_COUNT; reason++) {
        struct outcome outcome = {.verdict = C2M_GRANTED};
        bool listed = false;
        for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
            listed |= ours[i] == reason;
        outcome_set(&outcome, reason, false, 0);
        assert_int_equal(outcome.verdict == C2M_IGNORE, listed);
    }
}

static void a_stranger_learns_nothing_of_a_genuine_token(void **state)
{
    (void)state;
    static const enum reason secrets[] = {REASON_EXPIRED, REASON_SCOPE, REASON_AUDIENCE, REASON_TOO_OLD,
        REASON_SUBJECT, REASON_REVOKED, REASON_OURS, REASON_SIGNATURE, REASON_ISSUER, REASON_NOT_CREDENTIAL,
        REASON_API_REFUSED};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        struct outcome outcome = {.verdict = C2M_GRANTED};
        outcome_set(&outcome, secrets[i], false, 5);
        assert_int_equal(outcome.text, C2M_TEXT_NOT_ACCEPTED);
    }
}

static void its_owner_is_told_what_helps_him(void **state)
{
    (void)state;
    struct outcome outcome = {.verdict = C2M_GRANTED};
    outcome_set(&outcome, REASON_EXPIRED, true, 12);
    assert_int_equal(outcome.text, C2M_TEXT_EXPIRED);
    assert_int_equal(outcome.text_argument[0], 12);
    outcome_set(&outcome, REASON_SCOPE, true, 0);
    assert_int_equal(outcome.text, C2M_TEXT_SCOPE);
    outcome_set(&outcome, REASON_AUDIENCE, true, 0);
    assert_int_equal(outcome.text, C2M_TEXT_SCOPE);
    outcome_set(&outcome, REASON_TOO_OLD, true, 3);
    assert_int_equal(outcome.text, C2M_TEXT_TOO_OLD);
    assert_int_equal(outcome.text_argument[0], 3);
    outcome_set(&outcome, REASON_SIGNATURE, true, 7); /* which has no text with a number */
    assert_int_equal(outcome.text_argument[0], 0);
}

/* What the log's readers search for. */
static void each_verdict_has_its_word(void **state)
{
    (void)state;
    assert_string_equal(outcome_word(C2M_GRANTED), "granted");
    assert_string_equal(outcome_word(C2M_DENIED), "denied");
    assert_string_equal(outcome_word(C2M_FORBIDDEN), "forbidden");
    assert_string_equal(outcome_word(C2M_EXHAUSTED), "exhausted");
    assert_string_equal(outcome_word(C2M_ENDED), "ended");
    assert_string_equal(outcome_word(C2M_UNAVAILABLE), "unavailable");
    assert_string_equal(outcome_word(C2M_IGNORE), "ignore");
    assert_string_equal(outcome_word((enum c2m_verdict_code)0), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_proved_grants),
        cmocka_unit_test(an_outage_is_told_apart_from_a_refusal),
        cmocka_unit_test(other_refusals_say_what_they_are),
        cmocka_unit_test(ignore_never_comes_from_an_error),
        cmocka_unit_test(a_stranger_learns_nothing_of_a_genuine_token),
        cmocka_unit_test(its_owner_is_told_what_helps_him),
        cmocka_unit_test(each_verdict_has_its_word),
    };
    return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
