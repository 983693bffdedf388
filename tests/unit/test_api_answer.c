/* What an exchange's answer means: each shape that a server, a gateway, a firewall or an attacker may send. */
#include "token/api_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOW = 1700000000 };

static struct http_answer answer_of(long status, bool json, const char *body)
{
    return (struct http_answer){.status = status,
        .json = json,
        .body = body,
        .body_length = strlen(body),
        .retry_after = -1,
        .cache_max_age = -1,
        .sent = true};
}

static struct api_token judged(const struct http_answer *answer)
{
    struct api_token token;
    api_answer_token(answer, NOW, &token);
    return token;
}

static void the_status_decides_and_the_code_refines(void **state)
{
    (void)state;
    static const struct {
        long status;
        const char *body;
        enum api_outcome outcome;
        enum reason reason;
    } rows[] = {
        {401, "{\"code\":\"invalid_token\",\"message\":\"m\"}", API_REFUSED, REASON_API_REFUSED},
        {401, "{\"code\":\"token_expired\",\"message\":\"m\"}", API_REFUSED, REASON_API_REFUSED},
        {401, "{\"code\":\"invalid_grant\",\"message\":\"m\"}", API_REFUSED, REASON_API_REFUSED},
        {401, "{\"errorCode\":\"EXPIRED_TOKEN\",\"errorType\":\"x\",\"errorMessage\":\"m\"}", API_REFUSED,
            REASON_API_REFUSED},
        {401, "{\"message\":\"Unauthorized\"}", API_REFUSED, REASON_API_REFUSED},
        {401, "", API_REFUSED, REASON_API_REFUSED},
        {400, "{\"code\":\"invalid_grant\",\"message\":\"m\"}", API_REFUSED, REASON_API_REFUSED},
        {400, "{\"error\":\"invalid_grant\"}", API_REFUSED, REASON_API_REFUSED},
        {400, "{\"code\":\"INVALID_GRANT\",\"message\":\"m\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {400, "{\"code\":\"invalid_request\",\"message\":\"m\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {400, "{\"code\":[\"invalid_grant\"]}", API_UNAVAILABLE, REASON_API_ERROR},
        {400, "{\"message\":\"invalid_grant\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {400, "{\"code\":\"x\",\"code\":\"invalid_grant\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {403, "{\"code\":\"insufficient_scope\",\"message\":\"m\"}", API_FORBIDDEN, REASON_API_FORBIDDEN},
        {403, "{\"code\":\"access_denied\",\"message\":\"m\"}", API_FORBIDDEN, REASON_API_FORBIDDEN},
        {403, "{\"errorCode\":\"ACCOUNT_SUSPENDED\",\"errorMessage\":\"m\"}", API_FORBIDDEN,
            REASON_SUSPENDED},
        {403, "{\"code\":\"ACCOUNT_SUSPENDED\",\"message\":\"m\"}", API_FORBIDDEN, REASON_SUSPENDED},
        {403, "{\"errorCode\":403,\"errorType\":\"Forbidden\"}", API_FORBIDDEN, REASON_API_FORBIDDEN},
        {403, "{\"message\":\"Forbidden\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {403, "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403}", API_UNAVAILABLE,
            REASON_API_ERROR},
        {403, "{\"code\":403}", API_UNAVAILABLE, REASON_API_ERROR},
        {403, "{\"code\":\"a b\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {403, "{\"code\":\"rate_limited\"}", API_UNAVAILABLE, REASON_API_LIMITED},
        {403, "", API_UNAVAILABLE, REASON_API_ERROR},
        {429, "{\"code\":\"rate_limited\",\"message\":\"retry after 60 seconds\"}", API_UNAVAILABLE,
            REASON_API_LIMITED},
        {429, "{\"code\":\"invalid_grant\"}", API_UNAVAILABLE, REASON_API_LIMITED},
        {429, "", API_UNAVAILABLE, REASON_API_LIMITED},
        {404, "{\"code\":\"not_found\",\"message\":\"m\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {405, "", API_UNAVAILABLE, REASON_API_ERROR},
        {407, "", API_UNAVAILABLE, REASON_API_ERROR},
        {500, "{\"code\":\"invalid_grant\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {502, "", API_UNAVAILABLE, REASON_API_ERROR},
        {503, "{\"code\":\"ACCOUNT_SUSPENDED\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {504, "{\"message\":\"Endpoint request timed out\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {599, "", API_UNAVAILABLE, REASON_API_ERROR},
        {600, "", API_UNAVAILABLE, REASON_API_NONSENSE},
        {101, "", API_UNAVAILABLE, REASON_API_NONSENSE},
        {202, "{\"access_token\":\"a.b.c\"}", API_UNAVAILABLE, REASON_API_NONSENSE},
        {204, "", API_UNAVAILABLE, REASON_API_NONSENSE},
        {301, "", API_UNAVAILABLE, REASON_API_NONSENSE},
        {307, "{\"access_token\":\"a.b.c\"}", API_UNAVAILABLE, REASON_API_NONSENSE},
        {0, "", API_UNAVAILABLE, REASON_API_NONSENSE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_answer answer = answer_of(rows[i].status, true, rows[i].body);
        struct api_token token = judged(&answer);
        if (token.outcome != rows[i].outcome || token.reason != rows[i].reason || token.token)
            fail_msg(
                "%ld %s: %d, %s", rows[i].status, rows[i].body, token.outcome, reason_word(token.reason));
    }
}

static void what_does_not_say_that_it_is_json_has_no_code(void **state)
{
    (void)state;
    struct http_answer answer = answer_of(403, false, "{\"code\":\"access_denied\"}");
    assert_int_equal(judged(&answer).reason, REASON_API_ERROR);
    answer = answer_of(403, false, "<html><h1>403</h1></html>");
    assert_int_equal(judged(&answer).reason, REASON_API_ERROR);
    assert_int_equal(judged(&answer).why, C2M_API_NOT_JSON);
    answer = answer_of(503, false, "");
    assert_int_equal(judged(&answer).why, C2M_API_WELL);
    answer = answer_of(401, false, "<html>");
    assert_int_equal(judged(&answer).why, C2M_API_WELL);
    answer = answer_of(200, false, "{\"access_token\":\"a.b.c\"}");
    assert_int_equal(judged(&answer).reason, REASON_API_NONSENSE);
}

static void no_answer_is_never_a_verdict_about_the_credential(void **state)
{
    (void)state;
    static const enum reason reasons[] = {[HTTP_NAME] = REASON_API_UNREACHABLE,
        [HTTP_UNREACHABLE] = REASON_API_UNREACHABLE,
        [HTTP_PROXY] = REASON_API_UNREACHABLE,
        [HTTP_TIMEOUT] = REASON_API_TIMEOUT,
        [HTTP_CERTIFICATE] = REASON_API_TLS,
        [HTTP_CERTIFICATE_NAME] = REASON_API_TLS,
        [HTTP_CERTIFICATE_DATES] = REASON_API_TLS,
        [HTTP_TLS] = REASON_API_TLS,
        [HTTP_BROKEN] = REASON_API_NONSENSE,
        [HTTP_TOO_LARGE] = REASON_API_NONSENSE,
        [HTTP_INTERNAL] = REASON_INTERNAL};
    for (int error = HTTP_NAME; error <= HTTP_INTERNAL; error++) {
        struct http_answer answer = {.error = (enum http_error)error, .body = "", .retry_after = -1};
        struct api_token token = judged(&answer);
        assert_int_equal(token.outcome, API_UNAVAILABLE);
        assert_int_equal(token.reason, reasons[error]);
        assert_int_equal(token.retry_after, -1);
        assert_int_equal(api_why_word(token.why) == NULL, error == HTTP_INTERNAL);
    }
}

static void every_good_answer_yields_its_token(void **state)
{
    (void)state;
    static const struct {
        long status;
        const char *body, *id, *scopes;
        int64_t expires;
    } rows[] = {
        {201,
            "{\"token_type\":\"Bearer\",\"access_token\":\"a.b-c_d\",\"expires_in\":900,\"expires_at\":"
            "\"2025-01-01T00:00:00Z\","
            "\"scopes\":[\"jobs:read\",\"tokens:revoke\"],\"token_id\":\"tok_st_1\"}",
            "tok_st_1", "jobs:read tokens:revoke", NOW + 900},
        {200, "{\"token_type\":\"bearer\",\"access_token\":\"a.b-c_d\",\"expires_in\":3600}", "", "",
            NOW + 3600},
        {200, "{\"access_token\":\"a.b-c_d\"}", "", "", 0},
        {201, "{\"access_token\":\"a.b-c_d\",\"scope\":\"jobs:read  jobs:submit\"}", "",
            "jobs:read jobs:submit", 0},
        {201, "{\"access_token\":\"a.b-c_d\",\"scopes\":\"jobs:read\"}", "", "jobs:read", 0},
        {201, "{\"access_token\":\"a.b-c_d\",\"scopes\":[]}", "", "", 0},
        {201, "{\"access_token\":\"a.b-c_d\",\"scopes\":null,\"scope\":\"jobs:read\"}", "", "jobs:read", 0},
        {201,
            "{\"access_token\":\"a.b-c_d\",\"token_id\":null,\"expires_in\":null,\"token_type\":null,"
            "\"expires_at\":null}",
            "", "", 0},
        {201, "{\"access_token\":\"a.b-c_d\",\"token_id\":\"\"}", "", "", 0},
        {201, "{\"access_token\":\"a.b-c_d\",\"refresh_token\":{\"x\":[1.5]},\"code\":\"ok\",\"n\":1e300}",
            "", "", 0},
        {201, " \n{ \"access_token\" : \"a.b-c_d\" }\n", "", "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_answer answer = answer_of(rows[i].status, true, rows[i].body);
        struct api_token token = judged(&answer);
        if (token.outcome != API_OK)
            fail_msg("%s: %s", rows[i].body, reason_word(token.reason));
        assert_string_equal(secret_bytes(token.token), "a.b-c_d");
        assert_string_equal(token.token_id, rows[i].id);
        assert_string_equal(token.scopes.text, rows[i].scopes);
        assert_int_equal(token.expires, rows[i].expires);
        secret_free(token.token);
    }
}

static void the_bodys_identifier_goes_before_the_headers(void **state)
{
    (void)state;
    struct http_answer answer = answer_of(201, true, "{\"access_token\":\"t\",\"token_id\":\"body\"}");
    strcpy(answer.token_id, "header");
    struct api_token token = judged(&answer);
    assert_string_equal(token.token_id, "body");
    secret_free(token.token);
    answer.body = "{\"access_token\":\"t\"}";
    answer.body_length = strlen(answer.body);
    token = judged(&answer);
    assert_string_equal(token.token_id, "header");
    secret_free(token.token);
}

static void an_answer_without_a_sound_token_is_nonsense(void **state)
{
    (void)state;
    static const char *const bodies[] = {"", "[]", "null", "{}", "{\"access_token\":null}",
        "{\"access_token\":\"\"}", "{\"access_token\":1}", "{\"access_token\":[\"a.b.c\"]}",
        "{\"access_token\":\"a b\"}", "{\"access_token\":\"a\\nb\"}", "{\"access_token\":\"a\\u0000b\"}",
        "{\"access_token\":\"a\\r\\nX: y\"}", "{\"access_token\":\"\\u00e9\"}",
        "{\"access_token\":\"a\\\"b\"}", "{\"access_token\":\"a\",\"access_token\":\"b\"}",
        "{\"access_token\":\"a\"} x", "{\"access_token\":\"a\"",
        "{\"code\":\"invalid_token\",\"message\":\"m\"}", "<html></html>", "{\"token\":\"a\"}"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct http_answer answer = answer_of(201, true, bodies[i]);
        struct api_token token = judged(&answer);
        if (token.outcome != API_UNAVAILABLE || token.reason != REASON_API_NONSENSE || token.token)
            fail_msg("%s: %s", bodies[i], reason_word(token.reason));
    }
}

static void wrong_types_are_nonsense_and_the_token_is_still_known(void **state)
{
    (void)state;
    static const char *const members[] = {"\"expires_in\":\"900\"", "\"expires_in\":\"standard\"",
        "\"expires_in\":900.0", "\"expires_in\":true", "\"expires_in\":0", "\"expires_in\":-1",
        "\"expires_in\":1000000001", "\"expires_in\":[900]", "\"expires_at\":1700000900",
        "\"token_type\":\"MAC\"", "\"token_type\":1", "\"token_type\":\"Bearer \"", "\"scopes\":[1]",
        "\"scopes\":[\"a b\"]", "\"scopes\":{\"a\":1}", "\"scopes\":true", "\"scope\":7", "\"scopes\":[\"\"]",
        "\"scopes\":[\"a\\u001b\"]", "\"token_id\":7", "\"token_id\":\"../long\"", "\"token_id\":\"a/b?c\"",
        "\"token_id\":\".\"", "\"token_id\":\"a\\u0000b\""};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        char body[256];
        snprintf(body, sizeof body, "{\"access_token\":\"t\",%s}", members[i]);
        struct http_answer answer = answer_of(201, true, body);
        struct api_token token = judged(&answer);
        bool whole = strstr(body, "u0000") == NULL; /* then the body is no JSON of ours at all */
        if (token.outcome != API_UNAVAILABLE || token.reason != REASON_API_NONSENSE || !!token.token != whole)
            fail_msg("%s: %s", body, reason_word(token.reason));
        secret_free(token.token);
    }
}

static void a_token_of_8_kib_is_taken_and_a_longer_one_is_not(void **state)
{
    (void)state;
    char *body = malloc(9000);
    memset(body, 'x', 9000);
    memcpy(body, "{\"access_token\":\"", 17);
    memcpy(body + 17 + 8192, "\"}", 3);
    struct http_answer answer = answer_of(201, true, body);
    struct api_token token = judged(&answer);
    assert_int_equal(token.outcome, API_OK);
    assert_int_equal(secret_length(token.token), 8192);
    secret_free(token.token);
    memcpy(body + 17 + 8192, "x\"}", 4);
    answer = answer_of(201, true, body);
    assert_int_equal(judged(&answer).reason, REASON_API_NONSENSE);
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_status_decides_and_the_code_refines),
        cmocka_unit_test(what_does_not_say_that_it_is_json_has_no_code),
        cmocka_unit_test(no_answer_is_never_a_verdict_about_the_credential),
        cmocka_unit_test(every_good_answer_yields_its_token),
        cmocka_unit_test(the_bodys_identifier_goes_before_the_headers),
        cmocka_unit_test(an_answer_without_a_sound_token_is_nonsense),
        cmocka_unit_test(wrong_types_are_nonsense_and_the_token_is_still_known),
        cmocka_unit_test(a_token_of_8_kib_is_taken_and_a_longer_one_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
