/* What an administrator may write as the API's base, and what is asked for then. */
#include "token/api_url.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *base, *joined;
} good[] = {
    {"https://api.example.com", "https://api.example.com/auth/tokens/short"},
    {"https://api.example.com/", "https://api.example.com/auth/tokens/short"},
    {"https://api.example.com/v1", "https://api.example.com/v1/auth/tokens/short"},
    {"https://api.example.com/v1/", "https://api.example.com/v1/auth/tokens/short"},
    {"https://api.example.com/auth", "https://api.example.com/auth/tokens/short"},
    {"https://api.example.com/v2/auth/", "https://api.example.com/v2/auth/tokens/short"},
    {"https://api.example.com/auth/v2", "https://api.example.com/auth/v2/auth/tokens/short"},
    {"https://api.example.com/oauth", "https://api.example.com/oauth/auth/tokens/short"},
    {"https://id.execute-api.eu-west-1.amazonaws.com/prod",
        "https://id.execute-api.eu-west-1.amazonaws.com/prod/auth/tokens/short"},
    {"https://127.0.0.1:8443", "https://127.0.0.1:8443/auth/tokens/short"},
    {"https://[::1]:65535/a.b/c~d_e-f", "https://[::1]:65535/a.b/c~d_e-f/auth/tokens/short"},
    {"https://localhost:1/", "https://localhost:1/auth/tokens/short"},
};

static void a_base_with_or_without_a_slash_gives_the_same_url(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char base[API_URL_SIZE], url[API_URL_SIZE];
        if (api_url_base(good[i].base, base) != 0)
            fail_msg("%s was refused", good[i].base);
        api_url_exchange(base, url);
        assert_string_equal(url, good[i].joined);
        assert_null(strstr(url, "//auth"));
        assert_null(strstr(url, "/auth/auth"));
    }
}

static void what_is_no_base_of_an_api_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "api.example.com", "http://api.example.com",
        "HTTPS://api.example.com", "https:/api.example.com", "https://", "https:///v1", "https://:443",
        "https://user@api.example.com", "https://user:word@api.example.com",
        "https://api.example.com:", "https://api.example.com:0", "https://api.example.com:65536",
        "https://api.example.com:443443", "https://api.example.com:44x", "https://api.example.com?x=1",
        "https://api.example.com/v1?x=1", "https://api.example.com/#v1", "https://api.example.com//",
        "https://api.example.com//v1", "https://api.example.com/v1//", "https://api.example.com/./v1",
        "https://api.example.com/../v1", "https://api.example.com/v1/..", "https://api.example.com/%2e%2e/v1",
        "https://api.example.com/v 1", " https://api.example.com", "https://api.example.com ",
        "https://api.example.com\n", "https://api.example.com\\v1", "https://api.example.com/v1/auth/tokens",
        "https://api.example.com/auth/tokens/short", "https://api.example.com/auth/auth", "https://[::1",
        "https://[]", "https://[::1]x", "https://::1", "https://b\303\274cher.example"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char base[API_URL_SIZE];
        if (api_url_base(bad[i], base) != -EINVAL)
            fail_msg("%s was taken", bad[i]);
    }
}

static void a_base_beyond_512_characters_is_refused(void **state)
{
    (void)state;
    char text[API_URL_SIZE] = "https://api.example.com/", base[API_URL_SIZE];
    memset(text + strlen(text), 'x', 512 - strlen(text));
    assert_int_equal(api_url_base(text, base), 0);
    strcat(text, "x");
    assert_int_equal(api_url_base(text, base), -EINVAL);
}

static void a_token_id_is_one_segment_of_the_path(void **state)
{
    (void)state;
    char url[API_URL_SIZE];
    assert_int_equal(api_url_revoke("https://h/v1", "tok_st_A1~b.c-d", url), 0);
    assert_string_equal(url, "https://h/v1/auth/tokens/tok_st_A1~b.c-d/revoke");
    assert_int_equal(api_url_revoke("https://h", "...", url), 0);
}

static void a_token_id_made_for_a_path_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", ".", "..", "../long", "a/b", "a?c", "a#c", "a%2fb", "a b", "a\nb", "a:b", "a;b", "\xc3\xa9"};
    char url[API_URL_SIZE], longest[130];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (api_url_revoke("https://h", bad[i], url) != -EINVAL)
            fail_msg("%s was taken", bad[i]);
    }
    memset(longest, 'x', sizeof longest);
    longest[128] = '\0';
    assert_int_equal(api_url_revoke("https://h", longest, url), -EINVAL);
    longest[127] = '\0';
    assert_int_equal(api_url_revoke("https://h", longest, url), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_base_with_or_without_a_slash_gives_the_same_url),
        cmocka_unit_test(what_is_no_base_of_an_api_is_refused),
        cmocka_unit_test(a_base_beyond_512_characters_is_refused),
        cmocka_unit_test(a_token_id_is_one_segment_of_the_path),
        cmocka_unit_test(a_token_id_made_for_a_path_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
