/* Claims as an honest issuer writes them, in all their forms; the others are test_claims_refused.c's. */
// link: tests/unit/tokens.c
#include "token/claims.h"
#include "tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An honest rest for a row that is about one claim. */
#define REST ",\"iss\":\"c2m-api\",\"jti\":\"tok_1\",\"iat\":1699999000,\"exp\":1700000000"
#define SUB "\"sub\":\"c2m_a\""

static enum reason read_under(const char *header, const char *payload, struct claims *out)
{
    struct claims ignored;
    struct jwt_text text;
    struct token_key *key = token_key_hmac("k", 1);
    char *token = token_mint(key, "HS256", header, payload);
    enum reason reason = jwt_text_parse(token, strlen(token), &text);
    if (reason != REASON_NONE)
        fail_msg("the filter refuses %s", payload);
    reason = claims_read(&text, out ? out : &ignored);
    free(token);
    token_key_free(key);
    return reason;
}

static enum reason read(const char *payload, struct claims *out)
{
    return read_under("{\"alg\":\"RS256\"}", payload, out);
}

static void every_claim_is_read(void **state)
{
    (void)state;
    struct claims claims;
    assert_int_equal(
        read("{\"sub\":\"c2m_abc123\",\"client_id\":\"c2m_x\",\"iss\":\"https://id.example/"
             "\",\"jti\":\"tok_st_1\","
             "\"token_id\":\"other\",\"aud\":[\"a\",\"b c\"],\"scopes\":[\"jobs:read\",\"login:web1\"],"
             "\"exp\":1700000900,\"iat\":1700000000,\"nbf\":1699999990,\"token_type\":\"short\",\"x\":1.5}",
            &claims),
        REASON_NONE);
    assert_string_equal(claims.subject, "c2m_abc123");
    assert_string_equal(claims.client, "c2m_x");
    assert_string_equal(claims.issuer, "https://id.example/");
    assert_string_equal(claims.token_id, "tok_st_1");
    assert_string_equal(claims.audiences, "a\nb c\n");
    assert_string_equal(claims.scopes.text, "jobs:read login:web1");
    assert_int_equal(claims.expires, 1700000900);
    assert_int_equal(claims.issued, 1700000000);
    assert_int_equal(claims.not_before, 1699999990);
    assert_int_equal(claims.type, CLAIMS_TYPE_SHORT);
}

static void what_is_optional_may_be_absent(void **state)
{
    (void)state;
    struct claims claims;
    assert_int_equal(read("{\"sub\":\"c2m_a\",\"exp\":1}", &claims), REASON_NONE);
    const struct claims expected = {.subject = "c2m_a", .expires = 1};
    assert_memory_equal(&claims, &expected, sizeof claims);
}

static void headers_that_libjwt_does_not_know_are_no_obstacle(void **state)
{
    (void)state;
    static const char *const headers[] = {"{\"alg\":\"PS256\"}", "{\"alg\":\"EdDSA\"}",
        "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", "{\"alg\":\"anything\",\"kid\":\"k\"}"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        if (read_under(headers[i], "{" SUB REST "}", NULL) != REASON_NONE)
            fail_msg("%s", headers[i]);
}

static void scopes_and_audiences_come_in_two_forms(void **state)
{
    (void)state;
    struct claims claims;
    assert_int_equal(
        read(
            "{" SUB REST ",\"scope\":\"c2m-api/jobs:read login:web1\",\"aud\":\"c2m-api-clients\"}", &claims),
        REASON_NONE);
    assert_string_equal(claims.scopes.text, "c2m-api/jobs:read login:web1");
    assert_true(claims_has_audience(&claims, "c2m-api-clients"));
    assert_int_equal(read("{" SUB REST ",\"scope\":\"\",\"aud\":[]}", &claims), REASON_NONE);
    assert_true(scopes_empty(&claims.scopes));
    assert_int_equal(read("{" SUB REST ",\"scopes\":[\"a\"],\"scope\":\"b\"}", &claims), REASON_NONE);
    assert_string_equal(claims.scopes.text, "a");
    assert_int_equal(read("{" SUB REST ",\"scopes\":[],\"scope\":\"b\"}", &claims), REASON_NONE);
    assert_true(scopes_empty(&claims.scopes));
}

static void audiences_are_compared_whole(void **state)
{
    (void)state;
    struct claims claims;
    assert_int_equal(read("{" SUB REST ",\"aud\":[\"host-a\",\"host-bc\"]}", &claims), REASON_NONE);
    assert_true(claims_has_audience(&claims, "host-a"));
    assert_true(claims_has_audience(&claims, "host-bc"));
    static const char *const others[] = {"host-b", "host-bcd", "ost-a", "HOST-A", "", "host"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(claims_has_audience(&claims, others[i]));
    assert_int_equal(read("{" SUB REST "}", &claims), REASON_NONE);
    assert_false(claims_has_audience(&claims, ""));
    assert_false(claims_has_audience(&claims, "host-a"));
}

static void the_type_is_exact(void **state)
{
    (void)state;
    struct claims claims;
    static const struct {
        const char *claim;
        enum claims_type type;
    } rows[] = {{"short", CLAIMS_TYPE_SHORT}, {"long", CLAIMS_TYPE_LONG}, {"Short", CLAIMS_TYPE_OTHER},
        {"", CLAIMS_TYPE_OTHER}, {"short ", CLAIMS_TYPE_OTHER}, {"refresh", CLAIMS_TYPE_OTHER}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char payload[300];
        snprintf(payload, sizeof payload, "{" SUB REST ",\"token_type\":\"%s\"}", rows[i].claim);
        assert_int_equal(read(payload, &claims), REASON_NONE);
        assert_int_equal(claims.type, rows[i].type);
    }
}

static void the_token_id_is_jti_or_else_token_id(void **state)
{
    (void)state;
    struct claims claims;
    assert_int_equal(read("{" SUB ",\"exp\":1,\"token_id\":\"stk_1\"}", &claims), REASON_NONE);
    assert_string_equal(claims.token_id, "stk_1");
    assert_int_equal(read("{" SUB ",\"exp\":1,\"jti\":\"...\"}", &claims), REASON_NONE);
    assert_string_equal(claims.token_id, "...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_claim_is_read),
        cmocka_unit_test(what_is_optional_may_be_absent),
        cmocka_unit_test(headers_that_libjwt_does_not_know_are_no_obstacle),
        cmocka_unit_test(scopes_and_audiences_come_in_two_forms),
        cmocka_unit_test(audiences_are_compared_whole),
        cmocka_unit_test(the_type_is_exact),
        cmocka_unit_test(the_token_id_is_jti_or_else_token_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
