/* Claims by type: nothing is converted, nothing is cut, nothing is guessed. */
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

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static enum reason read(const char *payload)
{
    struct claims claims;
    struct token_key *key = token_key_hmac("k", 1);
    char *token = token_mint(key, "HS256", "{\"alg\":\"RS256\"}", payload);
    struct jwt_text text;
    if (jwt_text_parse(token, strlen(token), &text) != REASON_NONE)
        fail_msg("the filter refuses %s", payload);
    enum reason reason = claims_read(&text, &claims);
    free(token);
    token_key_free(key);
    return reason;
}

/* ' is a quote; an honest rest for a row that is about one claim. */
#define NAME "'sub':'c2m_a'"
#define MORE ",'iss':'c2m-api','jti':'tok_1','iat':1699999000,'exp':1700000000"
static const char *const bad[] = {
    "{'exp':1}",
    "{'sub':'','exp':1}",
    "{'sub':null,'exp':1}",
    "{'sub':7,'exp':1}",
    "{'sub':['c2m_a'],'exp':1}",
    "{'sub':{'a':'b'},'exp':1}",
    "{'sub':true,'exp':1}",
    "{'sub':'c2m a','exp':1}",
    "{'sub':'c2m_a\\n','exp':1}",
    "{'sub':'\\u001b[2Jroot','exp':1}",
    "{'sub':'c2m_\\u0430','exp':1}",
    "{'sub':' c2m_a','exp':1}",
    "{'sub':'a%00b','exp':1}",
    "{'sub':'a\\\\b','exp':1}",
    "{'sub':'" HUNDRED TEN TEN TEN "','exp':1}",
    "{'Sub':'c2m_a','exp':1}",
    "{" NAME MORE ",'client_id':7}",
    "{" NAME MORE ",'client_id':''}",
    "{" NAME MORE ",'client_id':null}",
    "{" NAME MORE ",'client_id':'a b'}",
    "{" NAME "}",
    "{" NAME ",'exp':null}",
    "{" NAME ",'exp':0}",
    "{" NAME ",'exp':-1}",
    "{" NAME ",'exp':'1700000000'}",
    "{" NAME ",'exp':1700000000.0}",
    "{" NAME ",'exp':1.7e9}",
    "{" NAME ",'exp':17E8}",
    "{" NAME ",'exp':true}",
    "{" NAME ",'exp':[1700000000]}",
    "{" NAME ",'exp':{}}",
    "{" NAME ",'exp':1099511627776}",
    "{" NAME ",'exp':9223372036854775807}",
    "{" NAME ",'exp':-9223372036854775808}",
    "{" NAME ",'Exp':1700000000}",
    "{" NAME ",'exp':1,'iat':'1'}",
    "{" NAME ",'exp':1,'iat':1.0}",
    "{" NAME ",'exp':1,'iat':null}",
    "{" NAME ",'exp':1,'iat':-1}",
    "{" NAME ",'exp':1,'iat':1099511627776}",
    "{" NAME ",'exp':1,'nbf':'1'}",
    "{" NAME ",'exp':1,'nbf':1e0}",
    "{" NAME ",'exp':1,'nbf':false}",
    "{" NAME ",'exp':1,'nbf':null}",
    "{" NAME ",'exp':1,'iss':['c2m-api']}",
    "{" NAME ",'exp':1,'iss':null}",
    "{" NAME ",'exp':1,'iss':''}",
    "{" NAME ",'exp':1,'iss':'a\\u0007'}",
    "{" NAME ",'exp':1,'iss':'" HUNDRED HUNDRED HUNDRED "'}",
    "{" NAME ",'exp':1,'jti':7}",
    "{" NAME ",'exp':1,'jti':''}",
    "{" NAME ",'exp':1,'jti':null}",
    "{" NAME ",'exp':1,'jti':'.'}",
    "{" NAME ",'exp':1,'jti':'..'}",
    "{" NAME ",'exp':1,'jti':'../long'}",
    "{" NAME ",'exp':1,'jti':'a/b'}",
    "{" NAME ",'exp':1,'jti':'a?c'}",
    "{" NAME ",'exp':1,'jti':'a#c'}",
    "{" NAME ",'exp':1,'jti':'a%2fb'}",
    "{" NAME ",'exp':1,'jti':'a b'}",
    "{" NAME ",'exp':1,'jti':'a\\r\\nb'}",
    "{" NAME ",'exp':1,'jti':'" HUNDRED TEN TEN TEN "'}",
    "{" NAME ",'exp':1,'jti':['a']}",
    "{" NAME ",'exp':1,'token_id':'..'}",
    "{" NAME ",'exp':1,'token_id':7}",
    "{" NAME MORE ",'aud':7}",
    "{" NAME MORE ",'aud':null}",
    "{" NAME MORE ",'aud':''}",
    "{" NAME MORE ",'aud':['']}",
    "{" NAME MORE ",'aud':[7]}",
    "{" NAME MORE ",'aud':[['a']]}",
    "{" NAME MORE ",'aud':{'a':1}}",
    "{" NAME MORE ",'aud':'a\\nb'}",
    "{" NAME MORE ",'aud':['a','x\\nhost']}",
    "{" NAME MORE ",'aud':['" HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
    "','" HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED TEN TEN TEN "']}",
    "{" NAME MORE ",'scopes':'a b'}",
    "{" NAME MORE ",'scopes':[7]}",
    "{" NAME MORE ",'scopes':['a b']}",
    "{" NAME MORE ",'scopes':['']}",
    "{" NAME MORE ",'scopes':[null]}",
    "{" NAME MORE ",'scopes':{}}",
    "{" NAME MORE ",'scopes':null}",
    "{" NAME MORE ",'scope':['a']}",
    "{" NAME MORE ",'scope':7}",
    "{" NAME MORE ",'scope':'a\\tb'}",
    "{" NAME MORE ",'scopes':['a'],'scope':7}",
    "{" NAME MORE ",'token_type':7}",
    "{" NAME MORE ",'token_type':null}",
    "{" NAME MORE ",'token_type':['short']}",
};

static void the_rest_of_the_rows_is_accepted(void **state)
{
    (void)state;
    char *payload = token_json("{" NAME MORE "}");
    assert_int_equal(read(payload), REASON_NONE);
    free(payload);
}

static void claims_of_a_wrong_type_or_alphabet_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *payload = token_json(bad[i]);
        enum reason reason = read(payload);
        if (reason != REASON_CLAIM)
            fail_msg("%s: %d", payload, reason);
        free(payload);
    }
}

static void too_many_scopes_are_refused_not_cut(void **state)
{
    (void)state;
    char payload[2000] = "{\"sub\":\"a\",\"exp\":1,\"scope\":\"";
    for (int i = 0; i < SCOPES_MAX + 1; i++)
        snprintf(payload + strlen(payload), sizeof payload - strlen(payload), "s%d ", i);
    assert_int_equal(strlen(payload) < sizeof payload - 4, 1);
    strcat(payload, "\"}");
    assert_int_equal(read(payload), REASON_CLAIM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rest_of_the_rows_is_accepted),
        cmocka_unit_test(claims_of_a_wrong_type_or_alphabet_are_refused),
        cmocka_unit_test(too_many_scopes_are_refused_not_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
