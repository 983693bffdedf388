// link: -Wl,--wrap=log_message tests/integration/tls_server.c tests/unit/tokens.c tests/unit/disk.c
/* A server of keys that answers as no honest one does: the keys that are in force stay, and nobody waits for long. */
#include "base/clock.h"
#include "base/log.h"
#include "session/schema.h"
#include "tls_server.h"
#include "token/jwks.h"

#include "disk.h"
#include "tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct tls_server server;
static struct loop *loop;
static struct http *http;
static struct store *store;
static struct jwks *jwks;
static struct keyset *given;
static unsigned gifts, tellings;
static char folder[256], jwk[512], said[65536];

void __wrap_log_message(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

void __wrap_log_message(enum log_level level, const char *format, ...)
{
    size_t used = strlen(said);
    va_list arguments;
    (void)level;
    va_start(arguments, format);
    vsnprintf(said + used, sizeof said - used - 1, format, arguments);
    va_end(arguments);
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

static void commit(void *argument)
{
    store_turn(argument);
}

/* Which answer: the first connection gets a good one, the next ones what the test wants. */
static const char *bad;
static bool endless;

static void serve(struct tls_peer *peer)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    char text[1024];
    if (!tls_hear(peer))
        return;
    snprintf(text, sizeof text, "%sContent-Length: %zu\r\nConnection: close\r\n\r\n{\"keys\":[%s]}", head,
        strlen(jwk) + 11, jwk);
    if (server.seen->requests <= 1) {
        tls_say(peer, text);
        return;
    }
    if (endless) {
        tls_say(peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (tls_say(peer, "10\r\n                \r\n"))
            ;
        return;
    }
    tls_say(peer, bad);
}

static void turn_until(const unsigned *number, unsigned wanted)
{
    int64_t end = clock_boot_ms() + 9000;
    while (*number < wanted && clock_boot_ms() < end)
        loop_turn(loop, 20);
    assert_int_equal(*number, wanted);
}

static void begin(const char *answer)
{
    bad = answer;
    gifts = tellings = 0;
    said[0] = '\0';
    snprintf(folder, sizeof folder, "%s", disk_folder());
    tls_server_start(&server, serve, false);
    const struct http_options options = {.ca_file = server.ca, .connect_timeout_ms = 3000};
    assert_int_equal(loop_new(&loop), 0);
    assert_int_equal(http_new(loop, &options, &http), 0);
    assert_int_equal(store_open(folder, schema_sql, SCHEMA_VERSION, &store), 0);
    loop_set_turn_hook(loop, commit, store);
    assert_int_equal(jwks_new(loop, http, store, server.url, "ES256", &jwks), 0);
    jwks_start(jwks, take, NULL);
    turn_until(&gifts, 1);
    assert_int_equal(keyset_count(given), 1);
}

static void end(void)
{
    jwks_free(jwks);
    http_free(http);
    store_close(store);
    loop_free(loop);
    keyset_free(given);
    given = NULL;
    tls_server_stop(&server);
    disk_remove(folder);
}

/* After a good set that answer: who waits is told, the keys stay, and the log says WORDS. */
static void expect(const char *answer, const char *words)
{
    struct jwks_wait *wait;
    begin(answer);
    assert_int_equal(jwks_await(jwks, told, NULL, &wait), 0);
    turn_until(&tellings, 1);
    assert_int_equal(gifts, 1);
    assert_int_equal(keyset_count(given), 1);
    assert_int_equal(jwks_reason(jwks), REASON_NO_KEYS);
    if (!strstr(said, words))
        fail_msg("nothing of \"%s\" in: %s", words, said);
    end();
}

static void what_is_no_set_leaves_the_keys_as_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *answer, *words;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"keys\":[", "broke off"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}", "no key that could be used"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"keys\":[],\"keys\":[1]}", "no JWK Set"},
        {"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            "another status"},
        {"HTTP/1.1 304 Not Modified\r\n\r\n", "another status"},
        {"not HTTP at all\r\n\r\n", "broke off"},
        {"", "broke off"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(rows[i].answer, rows[i].words);
}

static void what_never_ends_is_cut_off(void **state)
{
    (void)state;
    endless = true;
    expect("", "larger than 64 KiB");
    endless = false;
}

static int set_up(void **state)
{
    (void)state;
    struct token_key *key = token_key_ec("P-256");
    char *text = token_public_jwk(key, ",'kid':'a'");
    snprintf(jwk, sizeof jwk, "%s", text);
    free(text);
    token_key_free(key);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_set_leaves_the_keys_as_they_are),
        cmocka_unit_test(what_never_ends_is_cut_off),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
