// link: tests/integration/standin_world.c
/* libcurl on the loop against a real HTTPS server: connections, certificates, bounds, and what was sent. */
#include "standin_world.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static char url_text[128];
static bool status_flags_fail;

/* The libraries' as well: who asks that a descriptor does not block is told that it cannot be. */
__attribute__((visibility("default"))) int fcntl(int fd, int command, ...);
int fcntl(int fd, int command, ...)
{
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    if (status_flags_fail && command == F_SETFL) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fcntl, fd, command, argument);
}

static const char *url(const char *path)
{
    snprintf(url_text, sizeof url_text, "%s%s", world.url, path);
    return url_text;
}

static struct http_call *start(const struct http_request *request, struct heard *heard)
{
    struct http_call *call = NULL;
    memset(heard, 0, sizeof *heard);
    assert_int_equal(http_start(world.http, request, hear, heard, &call), 0);
    assert_int_equal(heard->count, 0);
    return call;
}

static struct heard fetch(const struct http_request *request)
{
    struct heard heard;
    start(request, &heard);
    turn_until(&heard.count);
    turn_for(0);
    assert_int_equal(heard.count, 1);
    return heard;
}

/* POST /auth/tokens/short without a bearer: 401, and journalled. */
static struct http_request post(void)
{
    return (struct http_request){.url = url("/auth/tokens/short"), .timeout_ms = 5000};
}

/* libcurl 8 gives a connection up on which something has come unasked, as a session ticket may behind the first answer. */
static void a_warm_connection_is_used_again(void **state)
{
    (void)state;
    struct http_request request = post();
    struct heard first = fetch(&request), second = fetch(&request);
    for (int i = 0; i < 5 && !second.answer.reused; i++)
        second = fetch(&request);
    assert_int_equal(first.answer.status, 401);
    assert_int_equal(second.answer.status, 401);
    assert_false(first.answer.reused);
    assert_true(second.answer.reused);
    assert_true(second.answer.json);
    assert_true(second.answer.date > 1600000000);
    assert_true(ask_number("requests", "connections") < ask_number("requests", "count"));
}

/* libcurl does not look whether its sockets could be made so, and would wait for one of them for ever. */
static void a_connection_does_not_block_whatever_libcurl_could_set(void **state)
{
    (void)state;
    struct http_request request = post();
    int connections = 0;
    status_flags_fail = true;
    alarm(20);
    fetch(&request);
    for (int fd = 3; fd < 256; fd++) {
        struct sockaddr_storage peer;
        socklen_t length = sizeof peer;
        if (getpeername(fd, (struct sockaddr *)&peer, &length) < 0 || peer.ss_family != AF_INET)
            continue;
        connections++;
        assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    }
    assert_true(connections > 0);
    alarm(0);
    status_flags_fail = false;
}

static void the_bearer_the_client_and_the_body_arrive(void **state)
{
    (void)state;
    struct secret *bearer = long_token_of("c2m_alice"), *body = NULL;
    static const char scopes[] = "{\"scopes\":[\"jobs:read\",\"tokens:revoke\"]}";
    assert_int_equal(secret_new(scopes, sizeof scopes - 1, &body), 0);
    struct http_request request = post();
    request.bearer = bearer;
    request.client_id = "c2m_alice";
    request.body = body;
    struct heard heard = fetch(&request);
    assert_int_equal(heard.answer.status, 201);
    assert_true(heard.answer.json);
    secret_free(bearer);
    secret_free(body);
    assert_string_equal(ask("live client=c2m_alice", "ok"), "true");
}

/* Warms a connection; the next request on it is read and never answered. */
static struct heard die_on_a_warm_connection(bool once)
{
    struct http_request request = post();
    fetch(&request);
    ask("reset-requests", NULL);
    ask("fault endpoint=short reset=yes count=1", NULL);
    request.once = once;
    return fetch(&request);
}

static void what_is_once_is_never_sent_again(void **state)
{
    (void)state;
    struct heard heard = die_on_a_warm_connection(true);
    assert_int_equal(heard.answer.error, HTTP_BROKEN);
    assert_true(heard.answer.sent);
    assert_false(heard.answer.reused);
    assert_int_equal(heard.answer.status, 0);
    assert_int_equal(ask_number("requests", "count"), 1);
}

/* Why there is `once`: libcurl does this by itself, unless it learns of the end of the connection before it sends. */
static void what_is_not_once_is_sent_again_by_libcurl(void **state)
{
    struct heard heard = {.answer = {.status = 0}};
    (void)state;
    for (int i = 0; i < 5 && heard.answer.status == 0; i++)
        heard = die_on_a_warm_connection(false);
    assert_int_equal(heard.answer.status, 401);
    assert_int_equal(ask_number("requests", "count"), 2);
}

static void what_is_once_never_goes_over_a_used_connection(void **state)
{
    (void)state;
    struct http_request request = post();
    fetch(&request);
    request.once = true;
    struct heard heard = fetch(&request);
    assert_int_equal(heard.answer.status, 401);
    assert_false(heard.answer.reused);
}

static void a_lost_answer_says_that_the_request_was_sent(void **state)
{
    (void)state;
    struct secret *bearer = long_token_of("c2m_bob");
    long before = ask_number("live client=c2m_bob", "count");
    ask("fault endpoint=short lost=yes count=1", NULL);
    struct http_request request = post();
    request.bearer = bearer;
    struct heard heard = fetch(&request);
    secret_free(bearer);
    assert_int_equal(heard.answer.error, HTTP_BROKEN);
    assert_true(heard.answer.sent);
    assert_int_equal(ask_number("live client=c2m_bob", "count"), before + 1);
}

static void a_refused_connection_is_unreachable(void **state)
{
    (void)state;
    ask("down", NULL);
    struct http_request request = post();
    struct heard heard = fetch(&request);
    ask("up", NULL);
    assert_int_equal(heard.answer.error, HTTP_UNREACHABLE);
    assert_false(heard.answer.sent);
    assert_int_equal(fetch(&request).answer.status, 401);
}

static void a_name_that_does_not_exist_is_unreachable(void **state)
{
    (void)state;
    struct http_request request = {.url = "https://no-such-host.invalid/", .get = true, .timeout_ms = 5000};
    struct heard heard = fetch(&request);
    assert_true(heard.answer.error == HTTP_NAME || heard.answer.error == HTTP_TIMEOUT);
    assert_false(heard.answer.sent);
}

static void a_certificate_of_another_authority_is_refused(void **state)
{
    (void)state;
    struct http *strict = world.http;
    const struct http_options options = {.connect_timeout_ms = 2000}; /* the system's bundle */
    assert_int_equal(http_new(world.loop, &options, &world.http), 0);
    struct http_request request = post();
    struct heard heard = fetch(&request);
    http_free(world.http);
    world.http = strict;
    assert_int_equal(heard.answer.error, HTTP_CERTIFICATE);
    assert_false(heard.answer.sent);
    assert_int_equal(ask_number("requests", "count"), 0);
}

static void an_authority_file_that_is_none_trusts_nobody(void **state)
{
    (void)state;
    struct http *strict = world.http;
    const struct http_options options = {.ca_file = "/dev/null", .connect_timeout_ms = 2000};
    assert_int_equal(http_new(world.loop, &options, &world.http), 0);
    struct http_request request = post();
    struct heard heard = fetch(&request);
    http_free(world.http);
    world.http = strict;
    assert_int_equal(heard.answer.error, HTTP_CERTIFICATE);
}

static void anything_but_https_is_refused(void **state)
{
    (void)state;
    static const char *const urls[] = {"http://127.0.0.1/", "HTTPS://127.0.0.1/", "ftp://127.0.0.1/",
        "file:///etc/passwd", "127.0.0.1", "", "https://127.0.0.1/a b", "https://127.0.0.1/\r\nX: y"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct http_request request = {.url = urls[i], .timeout_ms = 1000};
        struct http_call *call = NULL;
        struct heard heard = {0};
        assert_int_equal(http_start(world.http, &request, hear, &heard, &call), -EINVAL);
    }
}

static void what_could_begin_a_header_is_refused(void **state)
{
    (void)state;
    struct secret *bearer = NULL;
    struct http_call *call = NULL;
    struct heard heard = {0};
    struct http_request request = post();
    request.client_id = "c2m\r\nX: y";
    assert_int_equal(http_start(world.http, &request, hear, &heard, &call), -EINVAL);
    request.client_id = NULL;
    assert_int_equal(secret_new("a\nb", 3, &bearer), 0);
    request.bearer = bearer;
    assert_int_equal(http_start(world.http, &request, hear, &heard, &call), -EINVAL);
    secret_free(bearer);
}

static void a_redirect_is_an_answer_like_any_other(void **state)
{
    (void)state;
    char line[256];
    snprintf(line, sizeof line, "fault endpoint=short status=307 location=%s/healthz count=1", world.url);
    ask(line, NULL);
    struct http_request request = post();
    assert_int_equal(fetch(&request).answer.status, 307);
    assert_int_equal(ask_number("requests", "count"), 1);
}

static void a_body_of_a_megabyte_is_not_read_to_its_end(void **state)
{
    (void)state;
    ask("fault endpoint=short size=1000000 count=1", NULL);
    struct http_request request = post();
    struct heard heard = fetch(&request);
    assert_int_equal(heard.answer.error, HTTP_TOO_LARGE);
    assert_int_equal(heard.answer.body_length, 0);
    assert_true(heard.answer.sent);
}

static void a_body_of_64_kib_is_taken_and_no_larger_one(void **state)
{
    (void)state;
    ask("fault endpoint=short size=65536 count=1", NULL);
    struct http_request request = post();
    struct heard heard = fetch(&request);
    assert_int_equal(heard.answer.error, HTTP_OK);
    assert_int_equal(heard.answer.body_length, 65536);
    ask("fault endpoint=short size=65537 count=1", NULL);
    assert_int_equal(fetch(&request).answer.error, HTTP_TOO_LARGE);
}

static void a_slow_answer_ends_at_the_timeout(void **state)
{
    (void)state;
    ask("fault endpoint=short delay=3000 count=1", NULL);
    struct http_request request = post();
    request.timeout_ms = 300;
    int64_t begun = clock_boot_ms();
    struct heard heard = fetch(&request);
    assert_int_equal(heard.answer.error, HTTP_TIMEOUT);
    assert_true(heard.answer.sent);
    assert_in_range(clock_boot_ms() - begun, 290, 500);
}

static void a_cancelled_request_calls_nobody(void **state)
{
    (void)state;
    struct heard cancelled, other;
    struct http_request request = post();
    struct http_call *call = start(&request, &cancelled);
    start(&request, &other);
    http_cancel(call);
    turn_until(&other.count);
    turn_for(100);
    assert_int_equal(cancelled.count, 0);
}

static void what_is_under_way_when_all_ends_calls_nobody(void **state)
{
    (void)state;
    struct heard heard;
    struct http_request request = post();
    ask("fault endpoint=short delay=1000 count=1", NULL);
    start(&request, &heard);
    turn_for(100);
    tear_down(NULL);
    assert_int_equal(heard.count, 0);
    set_up(NULL);
}

static struct heard chained;

static void hear_and_ask_again(void *argument, const struct http_answer *answer)
{
    hear(argument, answer);
    struct http_request request = post();
    struct http_call *call = NULL;
    assert_int_equal(http_start(world.http, &request, hear, &chained, &call), 0);
}

static void a_callback_may_start_the_next_request(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct http_request request = post();
    struct http_call *call = NULL;
    memset(&chained, 0, sizeof chained);
    assert_int_equal(http_start(world.http, &request, hear_and_ask_again, &heard, &call), 0);
    turn_until(&chained.count);
    assert_int_equal(chained.answer.status, 401);
}

static void the_129th_request_at_once_is_refused(void **state)
{
    (void)state;
    static struct heard heard[129];
    struct http_request request = post();
    request.timeout_ms = 30000;
    struct http_call *call = NULL;
    for (int i = 0; i < 128; i++)
        start(&request, &heard[i]);
    assert_int_equal(http_start(world.http, &request, hear, &heard[128], &call), -EAGAIN);
    for (int i = 0; i < 128; i++) {
        turn_until(&heard[i].count);
        assert_int_equal(heard[i].answer.status, 401);
    }
    assert_int_equal(heard[128].count, 0);
    assert_int_equal(fetch(&request).answer.status, 401);
}

static void the_environment_changes_nothing(void **state)
{
    (void)state;
    char keys[160];
    snprintf(keys, sizeof keys, "%s/keys", world.directory);
    tear_down(NULL);
    setenv("SSLKEYLOGFILE", keys, 1);
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    setenv("HTTPS_PROXY", "http://127.0.0.1:1", 1);
    set_up(NULL);
    struct http_request request = post();
    assert_int_equal(fetch(&request).answer.status, 401);
    assert_int_equal(access(keys, F_OK), -1);
    unsetenv("https_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("HTTPS_PROXY");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_warm_connection_is_used_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_connection_does_not_block_whatever_libcurl_could_set, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_bearer_the_client_and_the_body_arrive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_once_is_never_sent_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_once_is_sent_again_by_libcurl, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_once_never_goes_over_a_used_connection, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lost_answer_says_that_the_request_was_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refused_connection_is_unreachable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_that_does_not_exist_is_unreachable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_certificate_of_another_authority_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_authority_file_that_is_none_trusts_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(anything_but_https_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_could_begin_a_header_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_redirect_is_an_answer_like_any_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_of_a_megabyte_is_not_read_to_its_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_of_64_kib_is_taken_and_no_larger_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_slow_answer_ends_at_the_timeout, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cancelled_request_calls_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_under_way_when_all_ends_calls_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_callback_may_start_the_next_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_129th_request_at_once_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_environment_changes_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, standin_start, standin_stop);
}
