// link: tests/integration/tls_server.c tests/integration/wire_world.c
/* Answers that no honest server gives, byte by byte: each ends soon, bounded, and says whether it was sent. */
#include "wire_world.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* One request to a server that serves so. */
static void expect(tls_serve serve, enum http_error error, bool sent)
{
    begin(serve, false);
    assert_int_equal(ask(NULL, 3000, false), error);
    assert_int_equal(heard.answer.sent, sent);
    if (error != HTTP_OK) {
        assert_int_equal(heard.answer.status, 0);
        assert_int_equal(heard.answer.body_length, 0);
        assert_string_equal(heard.answer.token_id, "");
    }
    end();
}

static void answer_well(struct tls_peer *peer)
{
    while (
        tls_hear(peer) &&
        tls_say(peer,
            "HTTP/1.1 103 Early Hints\r\nX-Token-Id: early\r\n\r\n"
            "HTTP/1.1 201 Created\r\nContent-Type: application/json; charset=utf-8\r\nX-Token-Id: tok_1\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n"
            "Cache-Control: max-age=300\r\nTransfer-Encoding: chunked\r\nTrailer: X-Token-Id\r\n\r\n"
            "3\r\n{\"a\r\n5\r\n\":12}\r\n0\r\nX-Token-Id: late\r\n\r\n"))
        ;
}

static void the_head_and_a_chunked_body_are_read(void **state)
{
    (void)state;
    begin(answer_well, false);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask(NULL, 3000, false), HTTP_OK);
        assert_int_equal(heard.answer.status, 201);
        assert_string_equal(heard.body, "{\"a\":12}");
        assert_int_equal(heard.answer.body_length, 8);
        assert_true(heard.answer.json);
        assert_string_equal(heard.answer.token_id, "tok_1");
        assert_int_equal(heard.answer.date, 784111777);
        assert_int_equal(heard.answer.retry_after, 60);
        assert_int_equal(heard.answer.cache_max_age, 300);
        assert_int_equal(heard.answer.reused, i > 0);
    }
    assert_int_equal(server.seen->requests, 3);
    end();
}

static void send_chunks_for_ever(struct tls_peer *peer)
{
    tls_hear(peer);
    tls_say(peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (tls_say(peer, "10\r\n0123456789abcdef\r\n"))
        ;
}

static void a_chunked_body_without_end_is_too_large(void **state)
{
    (void)state;
    expect(send_chunks_for_ever, HTTP_TOO_LARGE, true);
}

/* More than 64 KiB of heads, less than libcurl's own bound, and a good answer behind it. */
static void send_a_long_head(struct tls_peer *peer)
{
    tls_hear(peer);
    tls_say(peer, "HTTP/1.1 204 No Content\r\n");
    for (int i = 0; i < 2000; i++)
        tls_say(peer, "X-Flood: 0123456789abcdef0123456789abcdef\r\n");
    tls_say(peer, "\r\n");
    tls_hear(peer);
}

static void a_head_of_more_than_64_kib_is_broken(void **state)
{
    (void)state;
    expect(send_a_long_head, HTTP_BROKEN, true);
}

/* libcurl stops at 100 KB of it, and calls that out of memory. */
static void send_a_long_line(struct tls_peer *peer)
{
    tls_hear(peer);
    tls_say(peer, "HTTP/1.1 204 No Content\r\nX-Flood: ");
    for (int i = 0; i < 2000; i++)
        tls_say(peer, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    tls_say(peer, "\r\n\r\n");
    tls_hear(peer);
}

static void a_header_line_without_end_is_broken(void **state)
{
    (void)state;
    expect(send_a_long_line, HTTP_BROKEN, true);
}

static void send_many_1xx(struct tls_peer *peer)
{
    tls_hear(peer);
    for (int i = 0; i < 2000; i++)
        tls_say(peer, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    tls_say(peer, "HTTP/1.1 204 No Content\r\n\r\n");
    tls_hear(peer);
}

static void answers_of_1xx_count_as_heads(void **state)
{
    (void)state;
    expect(send_many_1xx, HTTP_BROKEN, true);
}

static void send_half_a_body(struct tls_peer *peer)
{
    tls_hear(peer);
    tls_say(peer,
        "HTTP/1.1 200 OK\r\nX-Token-Id: tok\r\nContent-Length: 100\r\n\r\n{\"access_token\":\"a.b.c\"}");
}

static void a_body_that_ends_early_is_broken(void **state)
{
    (void)state;
    expect(send_half_a_body, HTTP_BROKEN, true);
}

static void send_half_a_head(struct tls_peer *peer)
{
    tls_hear(peer);
    tls_say(peer, "HTTP/1.1 204 No Con");
}

static void a_head_that_ends_early_is_broken(void **state)
{
    (void)state;
    expect(send_half_a_head, HTTP_BROKEN, true);
}

static void send_nothing(struct tls_peer *peer)
{
    tls_hear(peer);
}

static void no_answer_is_broken_and_may_have_been_lost(void **state)
{
    (void)state;
    expect(send_nothing, HTTP_BROKEN, true);
}

static void send_no_http(struct tls_peer *peer)
{
    tls_hear(peer);
    tls_say(peer, "SSH-2.0-OpenSSH_9.2\r\n");
}

static void what_is_not_http_is_broken(void **state)
{
    (void)state;
    expect(send_no_http, HTTP_BROKEN, true);
}

static void drip(struct tls_peer *peer)
{
    tls_hear(peer);
    tls_say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    while (tls_say(peer, " "))
        usleep(20000);
}

static void a_body_that_drips_ends_at_the_timeout(void **state)
{
    (void)state;
    begin(drip, false);
    int64_t begun = clock_boot_ms();
    assert_int_equal(ask(NULL, 400, false), HTTP_TIMEOUT);
    assert_in_range(clock_boot_ms() - begun, 390, 700);
    assert_true(heard.answer.sent);
    end();
}

static void a_server_of_tls_1_1_is_refused(void **state)
{
    (void)state;
    begin(answer_well, true);
    assert_int_equal(ask(NULL, 3000, false), HTTP_TLS);
    assert_false(heard.answer.sent);
    assert_int_equal(server.seen->requests, 0);
    end();
}

/* Its authority is trusted; the name is not the one that was asked for. */
static void a_certificate_for_another_host_is_refused(void **state)
{
    char elsewhere[64];
    (void)state;
    begin(answer_well, false);
    snprintf(elsewhere, sizeof elsewhere, "https://127.0.0.2%s", strrchr(server.url, ':'));
    assert_int_equal(ask(elsewhere, 5000, true), HTTP_CERTIFICATE_NAME);
    assert_false(heard.answer.sent);
    assert_int_equal(server.seen->requests, 0);
    end();
}

static void answer_once_and_close(struct tls_peer *peer)
{
    tls_hear(peer);
    tls_say(peer, "HTTP/1.1 204 No Content\r\n\r\n");
}

static void a_connection_that_was_closed_meanwhile_is_noticed(void **state)
{
    (void)state;
    begin(answer_once_and_close, false);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask(NULL, 3000, false), HTTP_OK);
        assert_int_equal(heard.answer.status, 204);
        usleep(50000);
    }
    assert_int_equal(server.seen->requests, 3);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_and_a_chunked_body_are_read),
        cmocka_unit_test(a_chunked_body_without_end_is_too_large),
        cmocka_unit_test(a_head_of_more_than_64_kib_is_broken),
        cmocka_unit_test(a_header_line_without_end_is_broken),
        cmocka_unit_test(answers_of_1xx_count_as_heads),
        cmocka_unit_test(a_body_that_ends_early_is_broken),
        cmocka_unit_test(a_head_that_ends_early_is_broken),
        cmocka_unit_test(no_answer_is_broken_and_may_have_been_lost),
        cmocka_unit_test(what_is_not_http_is_broken),
        cmocka_unit_test(a_body_that_drips_ends_at_the_timeout),
        cmocka_unit_test(a_server_of_tls_1_1_is_refused),
        cmocka_unit_test(a_certificate_for_another_host_is_refused),
        cmocka_unit_test(a_connection_that_was_closed_meanwhile_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
