/* See wire_world.h. */
#include "wire_world.h"

#include "base/clock.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct loop *loop;
static struct http *http;
struct tls_server server;
struct heard heard;

static void hear(void *argument, const struct http_answer *answer)
{
    (void)argument;
    heard.count++;
    heard.answer = *answer;
    snprintf(heard.body, sizeof heard.body, "%s", answer->body);
}

void begin(tls_serve serve, bool too_old)
{
    tls_server_start(&server, serve, too_old);
    const struct http_options options = {.ca_file = server.ca, .connect_timeout_ms = 5000};
    assert_int_equal(loop_new(&loop), 0);
    assert_int_equal(http_new(loop, &options, &http), 0);
}

void end(void)
{
    http_free(http);
    loop_free(loop);
    tls_server_stop(&server);
}

enum http_error ask(const char *url, int64_t timeout_ms, bool once)
{
    const struct http_request request = {
        .url = url ? url : server.url, .once = once, .timeout_ms = timeout_ms};
    struct http_call *call = NULL;
    memset(&heard, 0, sizeof heard);
    int r = http_start(http, &request, hear, NULL, &call);
    if (r == -ENOMEM)
        return HTTP_INTERNAL;
    assert_int_equal(r, 0);
    int64_t limit = clock_boot_ms() + timeout_ms + 1000;
    while (heard.count == 0) {
        assert_true(clock_boot_ms() < limit);
        assert_int_equal(loop_turn(loop, 200), 0);
    }
    assert_int_equal(heard.count, 1);
    return heard.answer.error;
}
