/* See http_server.h. All of the functions of base/http.c, or the linker would take the real ones as well. */
#include "fakes/http_server.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { SENT_MAX = 65536 };

struct http {
    struct loop *loop;
};

struct http_call {
    struct loop_timer *timer;
    char url[1024];
    struct secret *bearer, *body;
    http_fn fn;
    void *argument;
};

void (*fake_http_server)(const char *url, const char *bearer, const char *body, struct http_answer *answer);
int64_t fake_http_takes_ms;
static int64_t sent[SENT_MAX];
static unsigned count;

void fake_http_reset(void)
{
    count = 0;
}

unsigned fake_http_count(void)
{
    return count;
}

int64_t fake_http_sent_ms(unsigned index)
{
    return sent[index];
}

int http_new(struct loop *loop, const struct http_options *options, struct http **out)
{
    (void)options;
    *out = calloc(1, sizeof **out);
    if (!*out)
        return -ENOMEM;
    (*out)->loop = loop;
    return 0;
}

void http_free(struct http *http)
{
    free(http);
}

void http_cancel(struct http_call *call)
{
    loop_timer_free(call->timer);
    secret_free(call->bearer);
    secret_free(call->body);
    free(call);
}

static void answer(void *argument)
{
    struct http_call *call = argument;
    struct http_answer told = {.json = true, .retry_after = -1, .cache_max_age = -1, .body = ""};
    fake_http_server(call->url, secret_bytes(call->bearer), secret_bytes(call->body), &told);
    call->fn(call->argument, &told);
    http_cancel(call);
}

static int copied(const struct secret *from, struct secret **out)
{
    return from ? secret_copy(from, out) : secret_new("", 0, out);
}

int http_start(
    struct http *http, const struct http_request *request, http_fn fn, void *argument, struct http_call **out)
{
    struct http_call *call = calloc(1, sizeof *call);
    if (!call || count == SENT_MAX || copied(request->bearer, &call->bearer) < 0 ||
        copied(request->body, &call->body) < 0 || loop_timer_new(http->loop, answer, call, &call->timer) < 0)
        abort();
    snprintf(call->url, sizeof call->url, "%s", request->url);
    call->fn = fn;
    call->argument = argument;
    sent[count++] = clock_boot_ms();
    loop_timer_set(call->timer, fake_http_takes_ms);
    *out = call;
    return 0;
}
