/* What a revocation's answer says, before the revoker decides what follows from it. */
#include "token/api_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct api_revocation judged(long status, bool json, const char *body)
{
    const struct http_answer answer = {.status = status,
        .json = json,
        .body = body,
        .body_length = strlen(body),
        .retry_after = 7,
        .sent = true};
    struct api_revocation revocation;
    api_answer_revocation(&answer, &revocation);
    assert_int_equal(revocation.status, status);
    assert_int_equal(revocation.retry_after, 7);
    assert_false(revocation.lost);
    assert_false(revocation.limited);
    return revocation;
}

static void a_204_or_a_200_with_an_object_without_an_error_is_a_success(void **state)
{
    (void)state;
    static const struct {
        long status;
        bool json;
        const char *body;
        bool revoked;
    } rows[] = {
        {204, false, "", true},
        {200, true, "{}", true},
        {200, true, "{\"revoked\":true,\"message\":\"done\"}", true},
        {200, true, "{\"error\":null,\"code\":null}", true},
        {200, true, "{\"code\":\"invalid_token\"}", false},
        {200, true, "{\"code\":0}", false},
        {200, true, "{\"error\":false}", false},
        {200, true, "{\"error\":{\"x\":1}}", false},
        {200, true, "{\"errors\":[]}", false},
        {200, true, "{\"errorType\":\"x\"}", false},
        {200, true, "{\"errorMessage\":\"x\"}", false},
        {200, true, "{\"errorCode\":1}", false},
        {200, true, "[]", false},
        {200, true, "null", false},
        {200, true, "", false},
        {200, true, "{\"a\":1,\"a\":2}", false},
        {200, false, "{}", false},
        {200, false, "<html>Sign in to the network</html>", false},
        {200, false, "", false},
        {201, true, "{}", false},
        {202, true, "{}", false},
        {302, false, "", false},
        {404, true, "{\"code\":\"not_found\"}", false},
        {500, true, "{}", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct api_revocation revocation = judged(rows[i].status, rows[i].json, rows[i].body);
        if (api_answer_revoked(&revocation) != rows[i].revoked ||
            (revocation.reason == REASON_DONE) != rows[i].revoked)
            fail_msg("%ld %s", rows[i].status, rows[i].body);
    }
}

static void every_other_answer_has_its_code_and_reason(void **state)
{
    (void)state;
    static const struct {
        long status;
        const char *body, *code;
        enum reason reason;
    } rows[] = {
        {404, "{\"code\":\"not_found\",\"message\":\"m\"}", "not_found", REASON_API_ERROR},
        {404, "{\"message\":\"no route\"}", "", REASON_API_ERROR},
        {401, "{\"code\":\"invalid_token\",\"message\":\"m\"}", "invalid_token", REASON_API_REFUSED},
        {401, "{\"errorCode\":\"EXPIRED_TOKEN\"}", "EXPIRED_TOKEN", REASON_API_REFUSED},
        {401, "{\"code\":7,\"errorCode\":\"EXPIRED_TOKEN\"}", "EXPIRED_TOKEN", REASON_API_REFUSED},
        {401, "", "", REASON_API_REFUSED},
        {403, "{\"code\":\"insufficient_scope\"}", "insufficient_scope", REASON_INSUFFICIENT_SCOPE},
        {403, "{\"error\":\"insufficient_scope\"}", "insufficient_scope", REASON_INSUFFICIENT_SCOPE},
        {403, "{\"errorCode\":\"ACCOUNT_SUSPENDED\"}", "ACCOUNT_SUSPENDED", REASON_SUSPENDED},
        {403, "{\"message\":\"insufficient_scope\"}", "", REASON_API_ERROR},
        {401, "{\"code\":\"insufficient_scope\"}", "insufficient_scope", REASON_API_REFUSED},
        {429, "{\"code\":\"rate_limited\"}", "rate_limited", REASON_API_LIMITED},
        {503, "", "", REASON_API_ERROR},
        {403, "{\"code\":\"a\\nevent=login verdict=granted\"}", "", REASON_API_ERROR},
        {403, "{\"code\":\"0123456789012345678901234567890123456789012345678901234567890123\"}", "",
            REASON_API_ERROR},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct api_revocation revocation = judged(rows[i].status, true, rows[i].body);
        assert_string_equal(revocation.code, rows[i].code);
        if (revocation.reason != rows[i].reason)
            fail_msg("%ld %s: %s", rows[i].status, rows[i].body, reason_word(revocation.reason));
    }
}

static void only_a_request_that_may_have_arrived_is_lost(void **state)
{
    (void)state;
    for (int error = HTTP_NAME; error <= HTTP_INTERNAL; error++) {
        for (int sent = 0; sent < 2; sent++) {
            const struct http_answer answer = {
                .error = (enum http_error)error, .sent = sent, .body = "", .retry_after = -1};
            struct api_revocation revocation;
            api_answer_revocation(&answer, &revocation);
            assert_int_equal(revocation.lost, sent);
            assert_int_equal(revocation.status, 0);
            assert_false(api_answer_revoked(&revocation));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_204_or_a_200_with_an_object_without_an_error_is_a_success),
        cmocka_unit_test(every_other_answer_has_its_code_and_reason),
        cmocka_unit_test(only_a_request_that_may_have_arrived_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
