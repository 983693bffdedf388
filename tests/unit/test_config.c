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

#define SHORT (1u << C2M_FORM_SHORT)
#define LONG (1u << C2M_FORM_LONG)
#define CODE (1u << C2M_FORM_CODE)

static void accepts(const char *service, unsigned locally, unsigned remotely)
{
    const struct policy_rule *rule = policy_rule_for(&config.policy, service);
    assert_int_equal(rule->accept[POLICY_LOCAL], locally);
    assert_int_equal(rule->accept[POLICY_REMOTE], remotely);
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
    accepts("sshd", SHORT | LONG, SHORT | LONG);
    assert_int_equal(config.tolerance, 30);
    assert_int_equal(config.max_lifetime, 3600);
    assert_string_equal(config.seal_key, "/etc/c2m/seal.key");
    assert_string_equal(config.users, "/tmp/users");
}

static void the_service_managers_credential_is_the_seal_key(void **state)
{
    char folder[] = "/tmp/c2m-credentials-XXXXXX", file[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/seal.key", folder);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    assert_int_equal(load(GOOD), 0); /* it passes others on, but not this one */
    assert_string_equal(config.seal_key, "/etc/c2m/seal.key");
    FILE *made = fopen(file, "w");
    assert_non_null(made);
    fclose(made);
    assert_int_equal(load(GOOD), 0);
    assert_string_equal(config.seal_key, file);
    assert_int_equal(load(GOOD "[revocation]\nseal_key = /etc/c2m/own.key\n"), 0);
    assert_string_equal(config.seal_key, "/etc/c2m/own.key");
    setenv("CREDENTIALS_DIRECTORY", folder + 1, 1); /* not an absolute path */
    assert_int_equal(load(GOOD), 0);
    assert_string_equal(config.seal_key, "/etc/c2m/seal.key");
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(file);
    rmdir(folder);
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
    says("[verify]\nalgorithm = HS256\n", "RS256, PS256, ES256 and EdDSA are known");
    says("[verify]\nalgorithm = ES256 ES256\n", "each once");
    says("[verify]\njwks = http://api.example.com/jwks.json\n", "only https://");
    says("[verify]\njwks = https://\xd0\xb0pi.example.com/jwks.json\n", "only https://"); /* a Cyrillic a */
    says("[verify]\ntolerance = 30\n", "a duration is wanted, such as 30s, 5m or 1h");
    says("[verify]\ntolerance = 1h\n", "out of range");
    says("[api]\nrequests_per_minute = 0\n", "out of range");
    says("[api]\nrequests_per_minute = 10x\n", "a number is wanted");

    says("[login]\nunmapped = maybe\n", "not one of the words that are known here: ignore deny");
    says("[verify]\nkey = key.pem\n", "a path begins with /");
}

#define SOURCES(text) \
    "[api]\nurl = https://api.example.com\n[verify]\nissuer = c2m-api\n" text \
    "[login]\nrequired_scopes = login:web1\n"
#define JWKS "jwks = https://api.example.com/jwks.json\n"

static void there_is_exactly_one_source_of_keys(void **state)
{
    (void)state;
    static const char *const several[] = {SOURCES("key = /k\n" JWKS), SOURCES("key = /k\nsecret = /s\n"),
        SOURCES(JWKS "channel = yes\n"), SOURCES("secret = /s\nchannel = yes\n"),
        SOURCES("key = /k\n" JWKS "secret = /s\nchannel = yes\n")};
    for (size_t i = 0; i < sizeof several / sizeof several[0]; i++)
        says(several[i], "[verify] names more than one source of keys: one of key, jwks, secret and channel");
    says(SOURCES(""), "[verify] names no source of keys");
    says(SOURCES("channel = no\n"), "[verify] names no source of keys");
    assert_int_equal(load(SOURCES("key = /k\n")), 0);
    assert_string_equal(config.algorithm, "RS256");
    assert_int_equal(load(SOURCES(JWKS)), 0);
    assert_string_equal(config.algorithm, "RS256");
    assert_int_equal(load(SOURCES("secret = /s\n")), 0);
    assert_string_equal(config.algorithm, "HS256");
    assert_non_null(strstr(said, "warning: "));
    assert_non_null(strstr(said, "can forge"));
    assert_int_equal(load(SOURCES("channel = yes\n")), 0);
    assert_string_equal(config.algorithm, "");
}

static void the_algorithm_belongs_to_the_source(void **state)
{
    (void)state;
    says(SOURCES("key = /k\nalgorithm = RS256 ES256\n"), "a key has one algorithm");
    says(SOURCES("secret = /s\nalgorithm = RS256\n"), "a secret is for HS256 alone");
    says(SOURCES("channel = yes\nalgorithm = RS256\n"), "no signature is looked at");
    assert_int_equal(load(SOURCES(JWKS "algorithm = ES256 RS256\n")), 0);
    assert_string_equal(config.algorithm, "ES256 RS256");
}

static void with_the_channel_no_short_token_is_accepted(void **state)
{
    (void)state;
    assert_int_equal(load(SOURCES("channel = yes\n") "[service su]\naccept = none\n"), 0);
    accepts("sshd", LONG, LONG);
    accepts("su", 0, 0);
    says(SOURCES("channel = yes\n") "accept = short\n", "[login] accept = short: with channel = yes");
    says(SOURCES("channel = yes\n") "accept_remote = short\n",
        ":8: [login] accept_remote = short: with channel");
    assert_int_equal(load(SOURCES("channel = yes\n") "accept = short\n"), 1);
    says(SOURCES("channel = yes\n") "[service su]\naccept = short\n", "[service su] accept = short");
}

static void what_is_accepted_may_be_said_by_origin(void **state)
{
    (void)state;
    assert_int_equal(load(GOOD "accept = short long code\naccept_remote = short\n"), 0);
    accepts("sshd", SHORT | LONG | CODE, SHORT);
    assert_int_equal(load(GOOD "accept_remote = short\naccept = long\n"), 0); /* in any order */
    accepts("sshd", LONG, SHORT);
    assert_int_equal(load(GOOD "accept_local = code\naccept_remote = none\n"), 0);
    accepts("sshd", CODE, 0);
    says(GOOD "accept_remote = password\n", ":8: accept_remote = password: short, long, code and secret");
    says(GOOD "accept_from = short\n", "unknown key \"accept_from\" in [login]");
}

/* A service that says `accept` says it for both: what [login] says of an origin is no exception to it. */
static void a_service_that_says_accept_says_it_for_both_origins(void **state)
{
    (void)state;
    assert_int_equal(load(GOOD "accept_remote = short\n[service su]\nmax_age = 5m\n"), 0);
    accepts("su", SHORT | LONG, SHORT);
    assert_int_equal(load(GOOD "accept_remote = short\n[service su]\naccept = none\n"), 0);
    accepts("su", 0, 0);
    assert_int_equal(
        load(GOOD "accept_remote = short\n[service su]\naccept_local = code\naccept = long\n"), 0);
    accepts("su", CODE, LONG);
    accepts("sshd", SHORT | LONG, SHORT);
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
    assert_non_null(strstr(said, "[verify] names no source of keys"));
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

static void what_begins_a_long_token_is_no_accident(void **state)
{
    (void)state;
    says("[login]\nlong_forms = lt_ a\n", ":2: [login] long_forms: \"a\" must be 3 or more of A-Z");
    says("[login]\nlong_forms = lt_\xc3\xa9\n", "must be 3 or more of A-Z");
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

static void a_delivered_token_that_logs_in_elsewhere_is_warned_of(void **state)
{
    static const char delivery[] = "[delivery]\nscopes = jobs:submit\n";
    static const char start[] = "[api]\nurl = https://a.example\n[verify]\nissuer = i\nkey = /k\n";
    char text[400];
    (void)state;
    snprintf(text, sizeof text, "%s%s[login]\nrequired_scopes = any\n", start, delivery);
    assert_int_equal(load(text), 0);
    assert_non_null(strstr(said, "key to his shell and, printed by c2mctl token, at other hosts"));
    snprintf(text, sizeof text, "%s%s[login]\naudience = web1\n", start, delivery);
    assert_int_equal(load(text), 0);
    assert_non_null(strstr(said, "warning: "));
    assert_non_null(strstr(said, "[login] audience alone: what c2mctl token prints logs in at other hosts"));
    snprintf(text, sizeof text, "%s[login]\naudience = web1\n", start);
    assert_int_equal(load(text), 0);
    assert_null(strstr(said, "audience alone"));
    snprintf(
        text, sizeof text, "%s%s[login]\naudience = web1\nrequired_scopes = login:web1\n", start, delivery);
    assert_int_equal(load(text), 0);
    assert_null(strstr(said, "audience alone"));
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
    accepts("su", SHORT, SHORT);
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
        cmocka_unit_test(the_service_managers_credential_is_the_seal_key),
        cmocka_unit_test(what_is_unknown_is_named_with_the_nearest_known_name),
        cmocka_unit_test(a_bad_value_is_named_with_what_would_be_right),
        cmocka_unit_test(there_is_exactly_one_source_of_keys),
        cmocka_unit_test(the_algorithm_belongs_to_the_source),
        cmocka_unit_test(with_the_channel_no_short_token_is_accepted),
        cmocka_unit_test(what_is_accepted_may_be_said_by_origin),
        cmocka_unit_test(a_service_that_says_accept_says_it_for_both_origins),
        cmocka_unit_test(a_key_that_stands_twice_is_an_error),
        cmocka_unit_test(what_must_be_there_is_missed),
        cmocka_unit_test(placeholders_are_refused_by_name),
        cmocka_unit_test(which_tokens_log_in_must_be_decided),
        cmocka_unit_test(a_mistake_is_said_once),
        cmocka_unit_test(what_begins_a_long_token_is_no_accident),
        cmocka_unit_test(any_is_accepted_and_warned_of),
        cmocka_unit_test(a_delivered_token_that_logs_in_elsewhere_is_warned_of),
        cmocka_unit_test(reuse_belongs_to_sudo_alone_and_is_bounded),
        cmocka_unit_test(a_service_starts_from_login_wherever_it_stands),
        cmocka_unit_test(a_delivered_token_must_not_log_in),
        cmocka_unit_test(a_file_that_is_not_there_is_said),
        cmocka_unit_test(no_byte_of_the_file_reaches_the_terminal_unfiltered),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
