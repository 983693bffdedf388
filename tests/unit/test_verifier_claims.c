/* Tokens of the pinned key itself: what their payload says is all that is wrong, and enough. */
// fakes: clock
// link: tests/unit/tokens.c tests/unit/verifying.c
#include "token/verifier.h"
#include "tokens.h"
#include "verifying.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TIMES "'iat':1700000000,'exp':1700000900"
#define ISSUER "'iss':'c2m-api',"
#define NAMES "'sub':'c2m_a','jti':'tok_1',"
#define GOOD "{" ISSUER NAMES TIMES "}"
#define CLAIMS(times) "{" ISSUER NAMES times "}"

/* ' is a quote. */
static const struct {
    const char *payload;
    enum reason reason;
} rows[] = {
    /* what the other rows spoil */
    {GOOD, REASON_NONE},
    {CLAIMS(TIMES ",'nbf':1700000000,'token_type':'short'"), REASON_NONE},
    /* genuine signatures under payloads that are none */
    {"[1,2]", REASON_JSON},
    {"'c2m_a'", REASON_JSON},
    {GOOD "{}", REASON_JSON},
    {"{'sub':'c2m_b'," ISSUER NAMES TIMES "}", REASON_JSON},
    {"{'\\u0073ub':'c2m_b'," ISSUER NAMES TIMES "}", REASON_JSON},
    {CLAIMS(TIMES ",'exp':4102444800"), REASON_JSON},
    {CLAIMS("'iat':1700000000,'exp':9223372036854775808"), REASON_JSON},
    {CLAIMS("'iat':1700000000,'exp':NaN"), REASON_JSON},
    {CLAIMS("'iat':1700000000"), REASON_CLAIM},
    {CLAIMS("'iat':1700000000,'exp':1700000900.0"), REASON_CLAIM},
    {CLAIMS("'iat':1700000000,'exp':17000009e2"), REASON_CLAIM},
    {CLAIMS("'iat':1700000000,'exp':'1700000900'"), REASON_CLAIM},
    {CLAIMS("'iat':1700000000,'exp':null"), REASON_CLAIM},
    {CLAIMS("'iat':1700000000,'exp':true"), REASON_CLAIM},
    {CLAIMS("'iat':1700000000,'exp':[1700000900]"), REASON_CLAIM},
    {CLAIMS("'iat':1700000000,'exp':-1"), REASON_CLAIM},
    {CLAIMS("'iat':1700000000,'exp':9223372036854775807"), REASON_CLAIM},
    {CLAIMS("'exp':1700000900"), REASON_CLAIM},
    {CLAIMS("'iat':0,'exp':1700000900"), REASON_CLAIM},
    {CLAIMS("'iat':'1700000000','exp':1700000900"), REASON_CLAIM},
    {CLAIMS(TIMES ",'nbf':'1700000000'"), REASON_CLAIM},
    {CLAIMS(TIMES ",'nbf':4102444800.5"), REASON_CLAIM},
    {"{" ISSUER TIMES "}", REASON_CLAIM},
    {"{" ISSUER TIMES ",'sub':['c2m_a']}", REASON_CLAIM},
    {"{" ISSUER TIMES ",'sub':'c2m_a\\nc2m_b'}", REASON_CLAIM},
    {"{" ISSUER TIMES ",'sub':'c2m_a\\u0000'}", REASON_JSON},
    {"{" ISSUER TIMES ",'sub':'c2m_a','jti':'../long'}", REASON_CLAIM},
    /* genuine, and not for us or not for now */
    {"{" NAMES TIMES "}", REASON_ISSUER},
    {"{'iss':'C2M-API'," NAMES TIMES "}", REASON_ISSUER},
    {"{'iss':'c2m-api-v2'," NAMES TIMES "}", REASON_ISSUER},
    {"{'iss':'c2m-ap'," NAMES TIMES "}", REASON_ISSUER},
    {"{'iss':'c2m-api '," NAMES TIMES "}", REASON_ISSUER},
    {"{'iss':['c2m-api']," NAMES TIMES "}", REASON_CLAIM},
    {CLAIMS("'iat':1,'exp':1"), REASON_EXPIRED},
    {CLAIMS("'iat':1699999000,'exp':1699999900"), REASON_EXPIRED},
    {CLAIMS(TIMES ",'nbf':4102444800"), REASON_NOT_YET},
    {CLAIMS("'iat':4102444800,'exp':4102445700"), REASON_NOT_YET},
    {CLAIMS(TIMES ",'token_type':'long'"), REASON_TOKEN_TYPE},
    {CLAIMS(TIMES ",'token_type':'SHORT'"), REASON_TOKEN_TYPE},
    {CLAIMS(TIMES ",'token_type':''"), REASON_TOKEN_TYPE},
    {CLAIMS(TIMES ",'token_type':null"), REASON_CLAIM},
    {CLAIMS("'iat':1700000000,'exp':1700003601"), REASON_LIFETIME},
    {CLAIMS("'iat':1700000000,'exp':1702592000"), REASON_LIFETIME},
    {CLAIMS("'iat':1700000010,'exp':1700000010"), REASON_LIFETIME},
};

static void each_payload_is_judged_for_what_it_says(void **state)
{
    (void)state;
    struct token_key *key = token_key_rsa(2048);
    struct verifier *verifier = verifying_new("RS256", key);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *payload = token_json(rows[i].payload);
        char *token = token_mint(key, "RS256", "{\"alg\":\"RS256\",\"typ\":\"JWT\"}", payload);
        for (int again = 0; again < 2; again++) {
            enum reason reason = verifying_check(verifier, token, NULL);
            if (reason != rows[i].reason)
                fail_msg("%s: %d", payload, reason);
        }
        free(token);
        free(payload);
    }
    verifier_free(verifier);
    token_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_payload_is_judged_for_what_it_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
