// What was typed: only what looks like a credential leaves this host.
#include "login/credential.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* {"alg":"RS256"} . {"sub":"a"} . four bytes */
#define SHORT_JWT "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.AAAAAA"
/* {"alg":"RS256"} . {"token_type":"long"} */
#define LONG_JWT "eyJhbGciOiJSUzI1NiJ9.eyJ0b2tlbl90eXBlIjoibG9uZyJ9.AAAAAA"

static struct credential told(const char *typed)
{
    struct credential credential;
    credential_tell(typed, strlen(typed), "lt_ ltk_", &credential);
    return credential;
}

static void a_jwt_is_short_unless_it_says_long(void **state)
{
    (void)state;
    assert_int_equal(told(SHORT_JWT).form, C2M_FORM_SHORT);
    assert_int_equal(told(SHORT_JWT).reason, REASON_NONE);
    assert_int_equal(told(LONG_JWT).form, C2M_FORM_LONG);
}

static void opaque_tokens_are_told_by_their_prefix(void **state)
{
    (void)state;
    assert_int_equal(told("lt_0123456789abcdef").form, C2M_FORM_LONG);
    assert_int_equal(told("ltk_0123").form, C2M_FORM_LONG);
    assert_int_equal(told("lt_").form, 0);
    assert_int_equal(told("lt_with blank").form, 0);
    assert_int_equal(told("xlt_0123456789").form, 0);
}

static void five_parts_are_a_jwe_and_long(void **state)
{
    (void)state;
    assert_int_equal(told("eyJhbGciOiJkaXIifQ..AAAA.BBBB.CCCC").form, C2M_FORM_LONG);
}

static void six_to_ten_digits_are_a_code(void **state)
{
    (void)state;
    assert_int_equal(told("12345").form, 0);
    assert_int_equal(told("123456").form, C2M_FORM_CODE);
    assert_int_equal(told("1234567890").form, C2M_FORM_CODE);
    assert_int_equal(told("12345678901").form, 0);
    assert_int_equal(told("x123456").form, 0);
    assert_int_equal(told("123456x").form, 0);
}

static void a_unix_password_is_no_credential(void **state)
{
    (void)state;
    static const char *const passwords[] = {"correct horse battery staple", "Tr0ub4dor&3", "a.b.c d",
        "hunter2", "12 34 56", "\xc3\xa4\xc3\xb6", "\b\n\r\177INCORRECT"};
    for (size_t i = 0; i < sizeof passwords / sizeof passwords[0]; i++) {
        assert_int_equal(told(passwords[i]).form, 0);
        assert_int_equal(told(passwords[i]).reason, REASON_NOT_CREDENTIAL);
    }
}

static void nothing_typed_is_said_so(void **state)
{
    (void)state;
    assert_int_equal(told("").reason, REASON_EMPTY);
}

static void a_malformed_jwt_is_refused_on_the_spot(void **state)
{
    (void)state;
    assert_int_equal(told("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.AAAAA=").reason, REASON_MALFORMED);
    assert_int_equal(told("eyJhbGciOiJSUzI1NiJ9.eyJzdWI").reason, REASON_MALFORMED);
}

static void a_token_cut_where_programs_cut_is_told_apart(void **state)
{
    (void)state;
    char typed[1200];
    memset(typed, 'A', sizeof typed);
    memcpy(typed, "eyJhbGciOiJSUzI1NiJ9.", 21);
    typed[1023] = '\0';
    assert_int_equal(told(typed).reason, REASON_CUT);
    typed[1022] = '\0';
    assert_int_equal(told(typed).reason, REASON_MALFORMED);
    assert_true(credential_cut_length(4095));
    assert_false(credential_cut_length(1024));
    assert_false(credential_cut_length(4096));
}

/* HEAD, and its signature up to LENGTH characters in all. */
static struct credential told_at(const char *head, size_t length)
{
    static char typed[1200];
    memset(typed, 'A', sizeof typed);
    memcpy(typed, head, strlen(head));
    typed[length] = '\0';
    return told(typed);
}

/* One character beyond a multiple of four is no base64url; what is whole at that length is taken as it is. */
static void a_token_cut_within_its_signature_is_told_apart(void **state)
{
    (void)state;
    static const char *const head = "eyJhbGciOiJSUzI1NiJ9.eyJ0b2tlbl90eXBlIjoibG9uZyJ9.";
    assert_int_equal(told_at(head, 1023).reason, REASON_CUT);
    assert_int_equal(told_at(head, 1027).reason, REASON_MALFORMED);
    assert_int_equal(told_at(head, 1024).reason, REASON_NONE);
    assert_int_equal(told_at(head, 1024).form, C2M_FORM_LONG);
    assert_int_equal(told_at("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.", 1023).reason, REASON_NONE);
}

/* A blank too many in the configuration makes no word of no letters, with which everything begins. */
static void prefixes_are_words_and_a_token_is_longer_than_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *prefixes;
        unsigned form;
    } rows[] = {{"password", " lt_", 0}, {"password", "lt_  ltk_ ", 0}, {"password", "", 0},
        {"ltk_0123", " lt_  ltk_ ", C2M_FORM_LONG}, {"lt_0", "lt_", C2M_FORM_LONG},
        {"k0123", "lt_ k", C2M_FORM_LONG}, {"ltk_", "x ltk_", 0}, {"lt_0123\x7f", "lt_", 0},
        {"lt_0123\x80", "lt_", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct credential credential;
        credential_tell(rows[i].typed, strlen(rows[i].typed), rows[i].prefixes, &credential);
        if (credential.form != rows[i].form)
            fail_msg("%s by %s: %d", rows[i].typed, rows[i].prefixes, (int)credential.form);
    }
}

static void a_begun_jwt_has_a_fourth_letter(void **state)
{
    (void)state;
    assert_int_equal(told("eyJ").reason, REASON_NOT_CREDENTIAL);
    assert_int_equal(told("eyJh").reason, REASON_MALFORMED);
    assert_int_equal(told("eyJh").form, C2M_FORM_SHORT);
    assert_int_equal(told("eyKh").reason, REASON_NOT_CREDENTIAL);
    assert_int_equal(told("eyJh !").reason, REASON_NOT_CREDENTIAL);
}

static bool taken(const char *typed, size_t length)
{
    struct credential credential = {.reason = REASON_NOT_CREDENTIAL};
    credential_take_secret(typed, length, &credential);
    assert_int_equal(credential.reason, credential.form ? REASON_NONE : REASON_NOT_CREDENTIAL);
    return credential.form == C2M_FORM_SECRET;
}

static void a_secret_is_eight_to_512_visible_characters_and_nothing_else(void **state)
{
    (void)state;
    char typed[513];
    memset(typed, 's', sizeof typed);
    assert_false(taken(typed, 7));
    assert_true(taken(typed, 8));
    assert_true(taken(typed, 512));
    assert_false(taken(typed, 513));
    assert_true(taken("a-secret", 8));
    for (int byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at < 8; at += 7) {
            memset(typed, 's', 8);
            typed[at] = (char)byte;
            if (taken(typed, 8) != (byte > ' ' && byte < 0x7f))
                fail_msg("%02x", (unsigned)byte);
        }
    }
    struct credential credential = {.form = C2M_FORM_CODE};
    credential_take_secret("1234567890", 10, &credential);
    assert_int_equal(credential.form, C2M_FORM_CODE);
}

static void what_is_longer_than_any_token_is_refused(void **state)
{
    (void)state;
    static char typed[C2M_TOKEN_MAX + 2];
    struct credential credential;
    memset(typed, 'A', sizeof typed);
    credential_tell(typed, C2M_TOKEN_MAX + 1, "lt_", &credential);
    assert_int_equal(credential.reason, REASON_TOO_LONG);
    credential_tell(typed, C2M_TOKEN_MAX, "lt_", &credential);
    assert_int_equal(credential.reason, REASON_NOT_CREDENTIAL);
}

static void a_nul_inside_is_part_of_no_credential(void **state)
{
    (void)state;
    struct credential credential;
    credential_tell("lt_abc\0def", 10, "lt_", &credential);
    assert_int_equal(credential.form, 0);
    credential_tell("123456\0", 7, "lt_", &credential);
    assert_int_equal(credential.form, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jwt_is_short_unless_it_says_long),
        cmocka_unit_test(opaque_tokens_are_told_by_their_prefix),
        cmocka_unit_test(five_parts_are_a_jwe_and_long),
        cmocka_unit_test(six_to_ten_digits_are_a_code),
        cmocka_unit_test(a_unix_password_is_no_credential),
        cmocka_unit_test(nothing_typed_is_said_so),
        cmocka_unit_test(a_malformed_jwt_is_refused_on_the_spot),
        cmocka_unit_test(a_token_cut_where_programs_cut_is_told_apart),
        cmocka_unit_test(a_token_cut_within_its_signature_is_told_apart),
        cmocka_unit_test(prefixes_are_words_and_a_token_is_longer_than_its_own),
        cmocka_unit_test(a_begun_jwt_has_a_fourth_letter),
        cmocka_unit_test(a_secret_is_eight_to_512_visible_characters_and_nothing_else),
        cmocka_unit_test(what_is_longer_than_any_token_is_refused),
        cmocka_unit_test(a_nul_inside_is_part_of_no_credential),
    };
    return cmocka_run_group_tests_name("credential", tests, NULL, NULL);
}
