/* The strict filter: what it lets through is what every later step may rely on. */
// link: -Wl,--wrap=members_read tests/unit/tokens.c
#include "token/jwt_text.h"
#include "tokens.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAYLOAD "{\"sub\":\"c2m_a\"}"
#define LETTERS_127 \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" \
    "012345678901234567890123456"
#define HEADER "{\"alg\":\"RS256\"}"

static struct token_key *key; /* any: signatures are not looked at here */

static int make_key(void **state)
{
    (void)state;
    key = token_key_hmac("0123456789abcdef0123456789abcdef", 32);
    return 0;
}

static int free_key(void **state)
{
    (void)state;
    token_key_free(key);
    return 0;
}

static enum reason parse(const char *token, struct jwt_text *out)
{
    struct jwt_text ignored;
    return jwt_text_parse(token, strlen(token), out ? out : &ignored);
}

static enum reason judge(const char *header, const char *payload)
{
    char *token = token_mint(key, "HS256", header, payload);
    enum reason reason = parse(token, NULL);
    free(token);
    return reason;
}

static void an_honest_token_is_taken_apart(void **state)
{
    (void)state;
    struct jwt_text text;
    char *token = token_mint(
        key, "HS256", "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"k-1\"}", "{\"token_type\":\"long\"}");
    assert_int_equal(parse(token, &text), REASON_NONE);
    assert_string_equal(text.algorithm, "HS256");
    assert_string_equal(text.key_id, "k-1");
    assert_string_equal(text.token_type, "long");
    assert_int_equal(text.signature_length, 32);
    assert_int_equal(text.length, strlen(token));
    assert_int_equal(text.signed_length, strrchr(token, '.') - token);
    size_t length;
    uint8_t *signature = token_signature(key, "HS256", token, text.signed_length, &length);
    assert_memory_equal(signature, text.signature, length);
    free(signature);
    free(token);
}

static void harmless_headers_pass(void **state)
{
    (void)state;
    static const char *const headers[] = {HEADER, "{\"alg\":\"PS256\",\"typ\":\"JWT\"}",
        "{\"typ\":\"at+jwt\",\"alg\":\"x\"}", "{\"typ\":\"jwt\",\"alg\":\"x\"}",
        "{\"alg\":\"x\",\"kid\":\"\"}", " {\"alg\" : \"x\" , \"cty\":\"text\"} ",
        "{\"alg\":\"x\",\"other\":{\"crit\":[1]}}", "{\"alg\":\"fifteen letters\"}",
        "{\"alg\":\"x\",\"kid\":\"" LETTERS_127 "\"}"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        if (judge(headers[i], PAYLOAD) != REASON_NONE)
            fail_msg("%s", headers[i]);
}

struct refusal {
    const char *header, *payload;
    enum reason reason;
};

#define LONG_40 "0123456789012345678901234567890123456789"
static const struct refusal refusals[] = {
    {"{\"alg\":\"x\",\"crit\":[\"exp\"]}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"crit\":null}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"\\u0063rit\":[]}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"b64\":false}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"b64\":true}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"jwk\":{\"kty\":\"oct\"}}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"jku\":\"https://attacker.example/\"}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"x5u\":\"https://attacker.example/\"}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"x5c\":[\"MIIB\"]}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"zip\":\"DEF\"}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"typ\":\"JWE\"}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"typ\":\"dpop+jwt\"}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"typ\":1}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"typ\":null}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"typ\":\"\"}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"typ\":\"JWT" LONG_40 "\"}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"typ\":\"application/jwt\"}", PAYLOAD, REASON_HEADER}, /* as long as it may be */
    {"{\"alg\":\"x\",\"typ\":\"application/jwts\"}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"kid\":7}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"kid\":\"" LETTERS_127 "7\"}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"kid\":[\"a\"]}", PAYLOAD, REASON_HEADER},
    {"{\"alg\":\"x\",\"kid\":\"" LONG_40 LONG_40 LONG_40 LONG_40 "\"}", PAYLOAD, REASON_HEADER},
    {"{}", PAYLOAD, REASON_ALGORITHM},
    {"{\"alg\":\"\"}", PAYLOAD, REASON_ALGORITHM},
    {"{\"alg\":null}", PAYLOAD, REASON_ALGORITHM},
    {"{\"alg\":256}", PAYLOAD, REASON_ALGORITHM},
    {"{\"alg\":[\"RS256\"]}", PAYLOAD, REASON_ALGORITHM},
    {"{\"Alg\":\"RS256\"}", PAYLOAD, REASON_ALGORITHM},
    {"{\"alg\":\"RS256" LONG_40 "\"}", PAYLOAD, REASON_ALGORITHM},
    {"{\"alg\":\"sixteen letters!\"}", PAYLOAD, REASON_ALGORITHM},
    {"{\"alg\":\"none\",\"alg\":\"RS256\"}", PAYLOAD, REASON_JSON},
    {"{\"alg\":\"RS256\",\"\\u0061lg\":\"none\"}", PAYLOAD, REASON_JSON},
    {"[\"alg\"]", PAYLOAD, REASON_JSON},
    {"\"alg\"", PAYLOAD, REASON_JSON},
    {"null", PAYLOAD, REASON_JSON},
    {"{\"alg\":\"RS256\"", PAYLOAD, REASON_JSON},
    {"{\"alg\":\"RS256\"}}", PAYLOAD, REASON_JSON},
    {"{\"alg\":\"RS256\"}{}", PAYLOAD, REASON_JSON},
    {"{'alg':'RS256'}", PAYLOAD, REASON_JSON},
    {"{\"alg\":\"RS\\u0000256\"}", PAYLOAD, REASON_JSON},
    {"{\"alg\":\"RS256\",\"kid\":\"\xff\"}", PAYLOAD, REASON_JSON},
    {"{\"alg\":\"RS256\",\"kid\":\"\xed\xa0\x80\"}", PAYLOAD, REASON_JSON},
    {"{\"alg\":\"RS256\",\"kid\":\"a\nb\"}", PAYLOAD, REASON_JSON},
    {"\xef\xbb\xbf{\"alg\":\"RS256\"}", PAYLOAD, REASON_JSON},
    {HEADER, "{\"sub\":\"a\",\"sub\":\"b\"}", REASON_JSON},
    {HEADER, "{\"a\":{\"b\":1,\"b\":2}}", REASON_JSON},
    {HEADER, "[1,2]", REASON_JSON},
    {HEADER, "7", REASON_JSON},
    {HEADER, "{\"sub\":\"a\\u0000b\"}", REASON_JSON},
    {HEADER, "{\"s\\u0000ub\":\"a\"}", REASON_JSON},
    {HEADER, "{\"sub\":\"\\ud800\"}", REASON_JSON},
    {HEADER, "{\"exp\":NaN}", REASON_JSON},
    {HEADER, "{\"exp\":Infinity}", REASON_JSON},
    {HEADER, "{\"exp\":1.}", REASON_JSON},
    {HEADER, "{\"exp\":01}", REASON_JSON},
    {HEADER, "{\"exp\":9223372036854775808}", REASON_JSON},
    {HEADER, "{\"exp\":1e999}", REASON_JSON},
    {HEADER, "{\"exp\":1,}", REASON_JSON},
    {HEADER, "{\"exp\":1}//", REASON_JSON},
    {HEADER, "{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}", REASON_JSON},
};

static void hostile_headers_and_payloads_are_refused_with_their_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        enum reason reason = judge(refusals[i].header, refusals[i].payload);
        if (reason != refusals[i].reason)
            fail_msg("%s . %s: %d", refusals[i].header, refusals[i].payload, reason);
    }
}

static void a_nul_in_the_decoded_text_does_not_end_it(void **state)
{
    (void)state;
    char *token = token_mint_bytes(key, "HS256", HEADER "\0{", sizeof HEADER + 1, PAYLOAD, strlen(PAYLOAD));
    assert_int_equal(parse(token, NULL), REASON_JSON);
    free(token);
    token = token_mint_bytes(key, "HS256", HEADER, strlen(HEADER), PAYLOAD "\0x", sizeof PAYLOAD + 1);
    assert_int_equal(parse(token, NULL), REASON_JSON);
    free(token);
}

static void parts_are_three_and_none_is_empty(void **state)
{
    (void)state;
    static const char *const rows[] = {"", ".", "..", "...", "eyJhbGciOiJ4In0", "eyJhbGciOiJ4In0.e30",
        "eyJhbGciOiJ4In0.e30.", "eyJhbGciOiJ4In0..AAAA", ".e30.AAAA", "eyJhbGciOiJ4In0.e30.AAAA.",
        "eyJhbGciOiJ4In0.e30.AAAA.AAAA", "eyJhbGciOiJ4In0.e30.AAAA.!!!!",
        "eyJhbGciOiJ4In0.e30.AAAA=", "eyJhbGciOiJ4In0.e30.AA==", "eyJhbGciOiJ4In0.e30.AAAA\n",
        " eyJhbGciOiJ4In0.e30.AAAA", "eyJhbGciOiJ4In0 .e30.AAAA", "eyJhbGciOiJ4In0.e30.AB",
        "eyJhbGciOiJ4In0.e31.AAAA", "eyJhbGciOiJ4In1.e30.AAAA", "eyJhbGciOiJ4In0.e30.A",
        "eyJhbGciOiJ4In0.e30.A+/A", "eyJhbGciOiJ4In0.e30.AAA\x80"};
    assert_int_equal(parse("eyJhbGciOiJ4In0.e30.AAAA", NULL), REASON_NONE); /* which the rows spoil */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (parse(rows[i], NULL) != REASON_MALFORMED)
            fail_msg("%s", rows[i]);
    assert_int_equal(
        jwt_text_parse("eyJhbGciOiJ4In0.e30.AA\0A", 24, &(struct jwt_text){0}), REASON_MALFORMED);
}

/* What is decoded to a byte is a part, and judged as one. */
static void a_part_of_one_byte_is_no_empty_one(void **state)
{
    (void)state;
    struct jwt_text text;
    assert_int_equal(parse("ew.e30.AAAA", NULL), REASON_JSON);
    assert_int_equal(parse("eyJhbGciOiJ4In0.ew.AAAA", NULL), REASON_JSON);
    assert_int_equal(parse("eyJhbGciOiJ4In0.e30.AA", &text), REASON_NONE);
    assert_int_equal(text.signature_length, 1);
}

static void a_token_is_bounded_before_anything_is_read(void **state)
{
    (void)state;
    struct jwt_text text;
    char *token = malloc(9000000);
    memset(token, 'A', 9000000);
    assert_int_equal(jwt_text_parse(token, JWT_TEXT_MAX, &text), REASON_MALFORMED);
    assert_int_equal(jwt_text_parse(token, JWT_TEXT_MAX + 1, &text), REASON_TOO_LONG);
    assert_int_equal(jwt_text_parse(token, 9000000, &text), REASON_TOO_LONG);
    memcpy(token, "eyJhbGciOiJ4In0.e30.", 20);
    assert_int_equal(jwt_text_parse(token, 20 + 1364, &text), REASON_NONE); /* 1,023 bytes of signature */
    assert_int_equal(text.signature_length, 1023);
    assert_int_equal(jwt_text_parse(token, 20 + 1368, &text), REASON_MALFORMED);
    free(token);
}

/* The call of members_read that finds no memory, counted down; 0: none. */
static int starved;

int __real_members_read(const char *encoded, size_t length, struct members **out);
int __wrap_members_read(const char *encoded, size_t length, struct members **out)
{
    return starved > 0 && --starved == 0 ? -ENOMEM : __real_members_read(encoded, length, out);
}

static void a_lack_of_memory_is_no_fault_of_the_token(void **state)
{
    (void)state;
    for (int call = 1; call <= 2; call++) {
        starved = call;
        assert_int_equal(judge(HEADER, PAYLOAD), REASON_INTERNAL);
    }
    assert_int_equal(judge(HEADER, PAYLOAD), REASON_NONE);
}

static void shapes_are_told_without_judging(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int parts;
        bool alike;
    } rows[] = {{"a.b.c", 3, true}, {"eyJ9.e30.AAAA", 3, true}, {"a.b", 3, false}, {"a.b.c.d", 3, false},
        {"a..c", 3, false}, {".b.c", 3, false}, {"a.b.", 3, false}, {"a.b.c d", 3, false},
        {"a.b.c=", 3, false}, {"eyJhbGci.b.c.d.e", 5, true}, {"eyJhbGci..c.d.e", 5, true},
        {"eyJhbGci.b..d.e", 5, false}, {"eyJhbGci.b.c.d.", 5, false}, {"my.pass.word.is.long", 5, false},
        {"eyJ9.e30.AAAA", 5, false}, {"", 3, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (jwt_text_looks_like(rows[i].text, strlen(rows[i].text), rows[i].parts) != rows[i].alike)
            fail_msg("%s", rows[i].text);
}

static void no_other_character_is_one_of_a_token(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int byte = 0; byte < 256; byte++) {
        const char text[] = {'a', '.', 'b', (char)byte, '.', 'c'};
        bool wanted = byte != 0 && strchr(alphabet, byte) != NULL;
        if (jwt_text_looks_like(text, sizeof text, 3) != wanted)
            fail_msg("%02x", (unsigned)byte);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_token_is_taken_apart),
        cmocka_unit_test(harmless_headers_pass),
        cmocka_unit_test(hostile_headers_and_payloads_are_refused_with_their_reason),
        cmocka_unit_test(a_nul_in_the_decoded_text_does_not_end_it),
        cmocka_unit_test(parts_are_three_and_none_is_empty),
        cmocka_unit_test(a_part_of_one_byte_is_no_empty_one),
        cmocka_unit_test(a_token_is_bounded_before_anything_is_read),
        cmocka_unit_test(a_lack_of_memory_is_no_fault_of_the_token),
        cmocka_unit_test(shapes_are_told_without_judging),
        cmocka_unit_test(no_other_character_is_one_of_a_token),
    };
    return cmocka_run_group_tests(tests, make_key, free_key);
}
