// authd.conf: what is wrong in it is said with file, line, the nearest name and the cure.
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define GOOD \
    "[api]\nurl = https://api.example.com/v2\n[verify]\nissuer = c2m-api\nkey = /etc/c2m/key.pem\n" \
    "[login]\nrequired_scopes = login:web1\n"

static char said[8192];
static struct config config;

static void collect(void *argument, const char *sentence)
{
    (void)argument;
    strncat(said, sentence, sizeof said - strlen(said) - 2);
    strcat(said, "\n");
}

static int load(const char *text)
{
    char file[] = "/tmp/c2m-config-XXXXXX";
    int fd = mkstemp(file);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    said[0] = '\0';
    int errors = config_load(file, &config, collect, NULL);
    unlink(file);
    return errors;
}

static void says(const char *text, const char *expected)
{
    assert_true(load(text) > 0);
    if (!strstr(said, expected))
        fail_msg("expected \"%s\" in:\n%s", expected, said);
}

static void a_good_file_is_read(void **state)
{
    (void)state;
    assert_int_equal(load(GOOD), 0);
    assert_string_equal(said, "");
    assert_string_equal(config.api_url, "https://api.example.com/v2");
    assert_int_equal(config.requests_per_minute, 60);
    assert_int_equal(config.policy.login.accept, 1u << C2M_FORM_SHORT | 1u << C2M_FORM_LONG);
    assert_int_equal(config.tolerance, 30);
    assert_int_equal(config.max_lifetime, 3600);
    assert_string_equal(config.seal_key, "/etc/c2m/seal.key");
    assert_string_equal(config.users, "/tmp/users");
}

static void what_is_unknown_is_named_with_the_nearest_known_name(void **state)
{
    (void)state;
    says(GOOD "[sevice sudo]\nreuse = 5m\n", ":8: unknown section [sevice sudo]: [service NAME]?");
    says(GOOD "[service]\nreuse = 5m\n", ":8: [service] needs a name");
    says("x = y\n" GOOD, ":1: \"x\" stands before the first [section]");
    says(GOOD "[verfy]\nkey = /x\n", ":8: unknown section [verfy]: [verify]?");
    says("[verify]\nissuser = x\n", ":2: unknown key \"issuser\" in [verify]: issuer?");
    says(GOOD "zzzzzzzzz = 1\n", ":8: unknown key \"zzzzzzzzz\" in [login]");
    assert_null(strstr(said, "zzzzzzzzz\" in [login]:"));
}

static void a_bad_value_is_named_with_what_would_be_right(void **state)
{
    (void)state;
    says("[api]\nurl = http://api.example.com\n", ":2: url = http://api.example.com: only https://");
    says("[verify]\nalgorithm = HS256\n",
        "algorithm = HS256: not an algorithm that is known here: RS256 PS256 ES256 EdDSA");
    says("[verify]\ntolerance = 30\n", "a duration is wanted, such as 30s, 5m or 1h");
    says("[verify]\ntolerance = 1h\n", "out of range");
    says("[api]\nrequests_per_minute = 0\n", "out of range");
    says("[api]\nrequests_per_minute = 10x\n", "a number is wanted");

    says("[login]\nunmapped = maybe\n", "not one of the words that are known here: ignore deny");
    says("[verify]\nkey = key.pem\n", "a path begins with /");
}

static void a_key_that_stands_twice_is_an_error(void **state)
{
    (void)state;
    says(GOOD "required_scopes = login:web2\n", ":8: required_scopes stands in line 7 already");
}

static void what_must_be_there_is_missed(void **state)
{
    (void)state;
    says("[login]\nrequired_scopes = login:web1\n", "[api] url is missing");
    assert_non_null(strstr(said, "[verify] issuer is missing"));
    assert_non_null(strstr(said, "[verify] key is missing"));
    says("[verify]\nissuer =\n", "[verify] issuer is missing");
}

static void placeholders_are_refused_by_name(void **state)
{
    (void)state;
    says("[api]\nurl = <https://api.example.com/v2>\n",
        ":2: url still holds the placeholder <https://api.example.com/v2>");
}

static void which_tokens_log_in_must_be_decided(void **state)
{
    (void)state;
    says("[api]\nurl = https://a.example\n[verify]\nissuer = i\nkey = /k\n",
        "neither required_scopes nor audience");
    says(GOOD "[service su]\nrequired_scopes =\n",
        ":8: [service su] says neither required_scopes nor audience");
    assert_int_equal(
        load("[api]\nurl = https://a.example\n[verify]\nissuer = i\nkey = /k\n[login]\naudience = hosts\n"),
        0);
}

/* One mistake is one complaint: what follows from it is not said as well. */
static void a_mistake_is_said_once(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[api]\nurl = http://a.example\n[verify]\nissuer = i\nkey = /k\n[login]\naudience = h\n",
        "[api]\nurl = https://a.example\n[verfy]\nissuer = i\nkey = /k\n[login]\naudience = h\n",
        "[api]\nurl = https://a.example\n[verify]\nisuer = i\nkey = /k\n[login]\naudience = h\n",
        "[api]\nurl = https://a.example\n[verify]\nissuer = <i>\nkey = /k\n[login]\naudience = h\n",
        "[api]\nurl = https://a.example\n[verify]\nissuer = i\nissuer = j\nkey = /k\n[login]\naudience = h\n",
        "[api]\nurl = https://a.example\n[verify]\nissuer = i\nkey = /k\n[login]\nrequired_scopes = \x80\n",
        GOOD "[verfy]\nkey = /x\nissuer = j\n",
        GOOD "[api]\n",
        GOOD "[verify]\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int errors = load(texts[i]);
        if (errors != 1)
            fail_msg("%d errors in:\n%s\nsaid:\n%s", errors, texts[i], said);
    }
}

static void any_is_accepted_and_warned_of(void **state)
{
    (void)state;
    assert_int_equal(load("[api]\nurl = https://a.example\n[verify]\nissuer = i\nkey = "
                          "/k\n[login]\nrequired_scopes = any\n"),
        0);
    assert_non_null(strstr(said, "warning: "));
    assert_true(config.policy.login.any_scope);
}

static void reuse_belongs_to_sudo_alone_and_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(load(GOOD "[service sudo]\nreuse = 5m\n[service sudo-i]\nreuse = 15m\n"), 0);
    assert_int_equal(policy_rule_for(&config.policy, "sudo")->reuse_ms, 300000);
    assert_int_equal(policy_rule_for(&config.policy, "sshd")->reuse_ms, 0);
    says(GOOD "[service sshd]\nreuse = 5m\n", "reuse belongs to [service sudo]");
    says(GOOD "[service sudo]\nreuse = 16m\n", "reuse = 16m: out of range: from 0s to 15m");
    says(GOOD "reuse = 5m\n", "unknown key \"reuse\" in [login]");
}

static void a_service_starts_from_login_wherever_it_stands(void **state)
{
    (void)state;
    assert_int_equal(load("[service su]\naccept = short\n" GOOD "max_age = 5m\n"), 0);
    const struct policy_rule *rule = policy_rule_for(&config.policy, "su");
    assert_int_equal(rule->accept, 1u << C2M_FORM_SHORT);
    assert_int_equal(rule->max_age, 300);
    assert_string_equal(rule->required.text, "login:web1");
}

static void a_delivered_token_must_not_log_in(void **state)
{
    (void)state;
    says(GOOD "[delivery]\nscopes = login:web1\n", "a delivered token must not be a key");
    says(GOOD "[delivery]\nscopes = login:other\n", "a delivered token must not be a key");
    says(GOOD "[delivery]\nscopes = tokens:revoke\n", "tokens: scope");
    says(GOOD "[service sudo]\nrequired_scopes = jobs:admin\n[delivery]\nscopes = jobs:submit\n",
        "[delivery] scopes would log in at [service sudo]");
    assert_int_equal(load(GOOD "[delivery]\nscopes = jobs:submit jobs:read\n"), 0);
}

static void a_file_that_is_not_there_is_said(void **state)
{
    (void)state;
    said[0] = '\0';
    assert_int_equal(config_load("/nonexistent/authd.conf", &config, collect, NULL), 1);
    assert_non_null(strstr(said, "/nonexistent/authd.conf: "));
}

static void no_byte_of_the_file_reaches_the_terminal_unfiltered(void **state)
{
    (void)state;
    assert_true(load("[login]\nunmapped = x\x1b[31my\n") > 0);
    assert_null(strchr(said, '\x1b'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_is_read),
        cmocka_unit_test(what_is_unknown_is_named_with_the_nearest_known_name),
        cmocka_unit_test(a_bad_value_is_named_with_what_would_be_right),
        cmocka_unit_test(a_key_that_stands_twice_is_an_error),
        cmocka_unit_test(what_must_be_there_is_missed),
        cmocka_unit_test(placeholders_are_refused_by_name),
        cmocka_unit_test(which_tokens_log_in_must_be_decided),
        cmocka_unit_test(a_mistake_is_said_once),
        cmocka_unit_test(any_is_accepted_and_warned_of),
        cmocka_unit_test(reuse_belongs_to_sudo_alone_and_is_bounded),
        cmocka_unit_test(a_service_starts_from_login_wherever_it_stands),
        cmocka_unit_test(a_delivered_token_must_not_log_in),
        cmocka_unit_test(a_file_that_is_not_there_is_said),
        cmocka_unit_test(no_byte_of_the_file_reaches_the_terminal_unfiltered),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
