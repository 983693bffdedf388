/* The keys that the service publishes, while they change, and while nobody answers. */
// fakes: clock loop http
// link: -Wl,--wrap=log_message tests/unit/tokens.c tests/unit/disk.c
#include "base/log.h"
#include "disk.h"
#include "fakes/clock.h"
#include "fakes/http.h"
#include "fakes/loop.h"
#include "session/schema.h"
#include "token/jwks.h"
#include "tokens.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define URL "https://id.example.com/jwks.json"
enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static struct loop *loop;
static struct store *store;
static struct jwks *jwks;
static struct keyset *given; /* what is in force */
static unsigned gifts, tellings;
static char folder[256], said[16384];
static char *key_a, *key_b, *set_a, *set_ab;

void __wrap_log_message(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

void __wrap_log_message(enum log_level level, const char *format, ...)
{
    size_t used = strlen(said);
    va_list arguments;
    (void)level;
    va_start(arguments, format);
    vsnprintf(said + used, sizeof said - used - 1, format, arguments);
    va_end(arguments);
    strcat(said, "\n");
}

static void commit(void *argument)
{
    store_turn(argument);
}

static void take(void *argument, struct keyset *keyset)
{
    (void)argument;
    keyset_free(given);
    given = keyset;
    gifts++;
}

static void told(void *argument)
{
    (void)argument;
    tellings++;
}

/* The helper starts, with what the store holds. */
static void start(const char *url)
{
    assert_int_equal(store_open(folder, schema_sql, SCHEMA_VERSION, &store), 0);
    loop_set_turn_hook(loop, commit, store);
    assert_int_equal(jwks_new(loop, NULL, store, url, "ES256", &jwks), 0);
    gifts = 0;
    jwks_start(jwks, take, NULL);
}

static void stop(void)
{
    fake_loop_settle(loop);
    jwks_free(jwks);
    jwks = NULL;
    store_close(store);
    keyset_free(given);
    given = NULL;
}

static void restart(const char *url)
{
    stop();
    start(url);
}

static int set_up(void **state)
{
    (void)state;
    fake_http_reset();
    fake_wall = 1700000000;
    fake_boot_ms = HOUR;
    disk_fails_from = disk_fails_at = 0;
    said[0] = '\0';
    tellings = 0;
    snprintf(folder, sizeof folder, "%s", disk_folder());
    struct token_key *a = token_key_ec("P-256"), *b = token_key_ec("P-256");
    key_a = token_public_jwk(a, ",'kid':'a'");
    key_b = token_public_jwk(b, ",'kid':'b'");
    token_key_free(a);
    token_key_free(b);
    assert_true(asprintf(&set_a, "{\"keys\":[%s]}", key_a) > 0);
    assert_true(asprintf(&set_ab, "{\"keys\":[%s,%s]}", key_b, key_a) > 0);
    assert_int_equal(loop_new(&loop), 0);
    start(URL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    stop();
    loop_free(loop);
    disk_remove(folder);
    free(key_a);
    free(key_b);
    free(set_a);
    free(set_ab);
    return 0;
}

static bool knows(const char *key_id)
{
    struct jwt_text text = {.algorithm = "ES256"};
    enum reason why;
    strcpy(text.key_id, key_id);
    return given && keyset_find(given, &text, &why);
}

/* The fetch that is due is answered with SET. */
static void serve(const char *set, int64_t max_age)
{
    fake_loop_settle(loop);
    assert_true(fake_http_waits());
    fake_http_answer(200, set, max_age);
    fake_loop_settle(loop);
}

static void fail_fetch(void)
{
    fake_loop_settle(loop);
    assert_true(fake_http_waits());
    fake_http_fail(HTTP_UNREACHABLE);
    fake_loop_settle(loop);
}

static void they_are_fetched_at_the_start(void **state)
{
    (void)state;
    assert_false(fake_http_waits());
    serve(set_a, -1);
    assert_string_equal(fake_http_url(), URL);
    assert_in_range(fake_http_timeout_ms(), 1, 9000); /* a login may wait for it */
    assert_int_equal(gifts, 1);
    assert_true(knows("a"));
    assert_false(knows("b"));
}

/* Minutes that pass until the next fetch. */
static int64_t minutes_until_next(void)
{
    unsigned before = fake_http_count();
    int64_t minutes = 0;
    while (fake_http_count() == before && minutes < 2000) {
        fake_loop_pass(loop, MINUTE);
        minutes++;
    }
    return minutes;
}

static void cache_control_says_how_often_within_bounds(void **state)
{
    (void)state;
    static const struct {
        int64_t max_age, minutes;
    } rows[] = {{-1, 60}, {0, 5}, {10, 5}, {300, 5}, {600, 10}, {7200, 120}, {43200, 720}, {86400, 720},
        {INT64_MAX, 720}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        serve(set_a, rows[i].max_age);
        assert_int_equal(minutes_until_next(), rows[i].minutes);
    }
    assert_int_equal(gifts, 1); /* the same keys again: nothing need be forgotten */
}

static void a_miss_fetches_at_most_once_a_minute(void **state)
{
    (void)state;
    struct jwks_wait *wait;
    serve(set_a, -1);
    assert_int_equal(jwks_await(jwks, told, NULL, &wait), 0);
    assert_int_equal(fake_http_count(), 2);
    assert_int_equal(jwks_await(jwks, told, NULL, &wait), 0); /* the same fetch */
    assert_int_equal(fake_http_count(), 2);
    assert_int_equal(tellings, 0);
    serve(set_ab, -1);
    assert_int_equal(tellings, 2);
    assert_true(knows("b"));
    assert_true(knows("a"));
    for (int i = 0; i < 59; i++) {
        assert_int_equal(jwks_await(jwks, told, NULL, &wait), -EAGAIN);
        fake_loop_pass(loop, SECOND);
        assert_int_equal(fake_http_count(), 2);
    }
    assert_int_equal(jwks_reason(jwks), REASON_UNKNOWN_KEY); /* it is as fresh as can be: a refusal */
    fake_loop_pass(loop, SECOND); /* and by itself when the minute is over */
    assert_int_equal(fake_http_count(), 3);
    serve(set_ab, -1);
    assert_int_equal(jwks_await(jwks, told, NULL, &wait), 0);
    assert_int_equal(fake_http_count(), 4);
    jwks_cancel(wait);
    serve(set_ab, -1);
    assert_int_equal(tellings, 2);
}

/* Rotation: the new key comes beside the old one, later the old one goes. */
static void a_key_that_is_gone_is_no_key_any_more(void **state)
{
    (void)state;
    char *set_b = NULL;
    assert_true(asprintf(&set_b, "{\"keys\":[%s]}", key_b) > 0);
    serve(set_a, 300);
    fake_loop_pass(loop, 5 * MINUTE);
    serve(set_ab, 300);
    assert_true(knows("a") && knows("b"));
    fake_loop_pass(loop, 5 * MINUTE);
    serve(set_b, 300);
    assert_false(knows("a"));
    assert_true(knows("b"));
    assert_int_equal(gifts, 3);
    free(set_b);
}

static void a_useless_answer_leaves_the_keys_as_they_are(void **state)
{
    (void)state;
    static const struct {
        long status;
        const char *body;
    } rows[] = {{200, "{\"keys\":[]}"}, {200, "{}"}, {200, "<html>"}, {200, ""}, {500, "{\"keys\":[]}"},
        {404, "{\"code\":\"not_found\"}"}, {301, ""}, {204, ""},
        {200, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}]}"}};
    serve(set_a, 300);
    fake_loop_pass(loop, 5 * MINUTE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake_loop_settle(loop);
        fake_http_answer(rows[i].status, rows[i].body, 300);
        assert_true(knows("a"));
        assert_int_equal(gifts, 1);
        assert_int_equal(jwks_reason(jwks), REASON_NO_KEYS); /* what is unknown now may be new */
        fake_loop_pass(loop, MINUTE); /* and it is tried again soon */
        assert_true(fake_http_waits());
    }
    fake_http_answer(403, set_ab, 300); /* a set of keys, but the status says that it is none */
    assert_int_equal(gifts, 1);
}

static unsigned said_times(const char *words)
{
    unsigned times = 0;
    for (const char *at = said; (at = strstr(at, words)); at++)
        times++;
    return times;
}

static void what_is_wrong_with_a_set_is_said_once(void **state)
{
    (void)state;
    char *set = NULL;
    assert_true(asprintf(&set, "{\"keys\":[%s,{\"kid\":\"odd\"}]}", key_a) > 0);
    for (int i = 0; i < 3; i++) {
        serve(set, 300);
        fake_loop_pass(loop, 5 * MINUTE);
    }
    assert_int_equal(said_times("the key \"odd\" is left out: its kty"), 1);
    free(set);
    set = NULL;
    assert_true(asprintf(&set, "{\"keys\":[{\"kid\":\"all\"}]}") > 0);
    for (int i = 0; i < 3; i++) {
        serve(set, 300);
        fake_loop_pass(loop, MINUTE);
    }
    assert_int_equal(said_times("the key \"all\" is left out"), 1);
    assert_true(knows("a"));
    free(set);
}

static void an_outage_is_told_once_and_so_is_its_end(void **state)
{
    (void)state;
    serve(set_a, 300);
    fake_loop_pass(loop, 5 * MINUTE);
    said[0] = '\0';
    for (int i = 0; i < 5; i++) {
        fail_fetch();
        fake_loop_pass(loop, MINUTE);
    }
    assert_int_equal(said_times("cannot be reached: the last good set serves"), 1);
    serve(set_a, 300);
    assert_non_null(strstr(said, "fetched"));
    assert_int_equal(jwks_reason(jwks), REASON_UNKNOWN_KEY);
}

static void the_last_good_set_serves_for_a_day(void **state)
{
    (void)state;
    serve(set_a, -1);
    fake_loop_pass(loop, HOUR);
    for (int minutes = 60; minutes < 24 * 60; minutes++) {
        fail_fetch();
        assert_true(knows("a"));
        fake_loop_pass(loop, MINUTE);
    }
    assert_false(knows("a"));
    assert_int_equal(keyset_count(given), 0);
    assert_int_equal(jwks_reason(jwks), REASON_NO_KEYS);
    serve(set_a, -1); /* the very same one */
    assert_true(knows("a"));
}

static void without_keys_it_is_asked_again_in_seconds(void **state)
{
    (void)state;
    struct jwks_wait *wait;
    fail_fetch();
    assert_int_equal(gifts, 0);
    assert_int_equal(jwks_reason(jwks), REASON_NO_KEYS);
    assert_int_equal(jwks_await(jwks, told, NULL, &wait), 0); /* a login that comes meanwhile */
    fail_fetch();
    assert_int_equal(tellings, 1);
    assert_int_equal(jwks_reason(jwks), REASON_NO_KEYS);
    assert_int_equal(jwks_await(jwks, told, NULL, &wait), -EAGAIN);
    fake_loop_pass(loop, 10 * SECOND);
    serve(set_a, -1);
    assert_true(knows("a"));
}

static void a_restart_finds_them_while_nobody_answers(void **state)
{
    (void)state;
    serve(set_a, -1);
    restart(URL);
    assert_true(knows("a")); /* before anything is fetched */
    fail_fetch();
    assert_true(knows("a"));
    fake_wall += 12 * 3600;
    fake_boot_ms = MINUTE; /* another boot, half a day later */
    restart(URL);
    assert_true(knows("a"));
    fail_fetch();
    fake_loop_pass(loop, 12 * HOUR - MINUTE); /* the day counts from the fetch */
    assert_true(knows("a"));
    if (fake_http_waits())
        fail_fetch();
    fake_loop_pass(loop, 2 * MINUTE);
    assert_false(knows("a"));
}

static void what_is_too_old_of_another_url_or_of_the_future_is_not_restored(void **state)
{
    (void)state;
    const int64_t now = fake_wall;
    serve(set_a, -1);
    static const struct {
        int64_t later;
        bool restored;
    } rows[] = {{0, true}, {24 * 3600 - 1, true}, {24 * 3600, false}, {-300, true}, {-301, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake_wall = now + rows[i].later;
        restart(URL);
        assert_int_equal(knows("a"), rows[i].restored);
    }
    fake_wall = now;
    restart(URL "2");
    assert_false(knows("a"));
    restart(URL);
    assert_true(knows("a"));
}

static void a_disk_that_fails_keeps_nobody_out(void **state)
{
    (void)state;
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    serve(set_a, 300);
    assert_true(knows("a"));
    disk_fails_from = 0;
    fake_loop_pass(loop, 5 * MINUTE);
    serve(set_a, 300);
    restart(URL);
    assert_true(knows("a")); /* written the next time */
}

static void who_waits_is_told_when_it_ends(void **state)
{
    (void)state;
    struct jwks_wait *wait, *cancelled;
    serve(set_a, -1);
    assert_int_equal(jwks_await(jwks, told, NULL, &wait), 0);
    assert_int_equal(jwks_await(jwks, told, NULL, &cancelled), 0);
    jwks_cancel(cancelled);
    restart(URL);
    assert_int_equal(tellings, 1);
    assert_false(fake_http_waits());
}

static void a_fetch_that_cannot_begin_is_an_outage(void **state)
{
    (void)state;
    struct jwks_wait *wait;
    serve(set_a, -1);
    fake_http_error = -EAGAIN;
    assert_int_equal(jwks_await(jwks, told, NULL, &wait), -EAGAIN);
    assert_int_equal(jwks_reason(jwks), REASON_NO_KEYS);
    fake_http_error = 0;
    fake_loop_pass(loop, 10 * SECOND);
    serve(set_ab, -1);
    assert_int_equal(jwks_reason(jwks), REASON_UNKNOWN_KEY);
}

static void only_https_is_fetched(void **state)
{
    (void)state;
    struct jwks *made = NULL;
    assert_int_equal(jwks_new(loop, NULL, store, "http://id.example.com/jwks.json", "ES256", &made), -EINVAL);
    assert_null(made);
    assert_true(jwks_is(jwks, URL, "ES256"));
    assert_false(jwks_is(jwks, URL "2", "ES256"));
    assert_false(jwks_is(jwks, URL, "ES256 RS256"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(they_are_fetched_at_the_start),
        TEST(cache_control_says_how_often_within_bounds),
        TEST(a_miss_fetches_at_most_once_a_minute),
        TEST(a_key_that_is_gone_is_no_key_any_more),
        TEST(a_useless_answer_leaves_the_keys_as_they_are),
        TEST(what_is_wrong_with_a_set_is_said_once),
        TEST(an_outage_is_told_once_and_so_is_its_end),
        TEST(the_last_good_set_serves_for_a_day),
        TEST(without_keys_it_is_asked_again_in_seconds),
        TEST(a_restart_finds_them_while_nobody_answers),
        TEST(what_is_too_old_of_another_url_or_of_the_future_is_not_restored),
        TEST(a_disk_that_fails_keeps_nobody_out),
        TEST(who_waits_is_told_when_it_ends),
        TEST(a_fetch_that_cannot_begin_is_an_outage),
        TEST(only_https_is_fetched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
