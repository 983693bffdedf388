/* Stands in for base/http.c and http_call.c: all of their functions, or the linker would take the real ones as well. */
#include "fakes/http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_call {
    http_fn fn;
    void *argument;
};

int fake_http_error;
static struct http_call call;
static unsigned count;
static bool waits;
static char url[512];
static int64_t timeout_ms;

void fake_http_reset(void)
{
    fake_http_error = 0;
    count = 0;
    waits = false;
    url[0] = '\0';
}

unsigned fake_http_count(void)
{
    return count;
}

const char *fake_http_url(void)
{
    return url;
}

int64_t fake_http_timeout_ms(void)
{
    return timeout_ms;
}

bool fake_http_waits(void)
{
    return waits;
}

int http_new(struct loop *loop, const struct http_options *options, struct http **out)
{
    (void)loop, (void)options;
    *out = NULL;
    return 0;
}

void http_free(struct http *http)
{
    (void)http;
}

int http_start(
    struct http *http, const struct http_request *request, http_fn fn, void *argument, struct http_call **out)
{
    (void)http;
    if (fake_http_error)
        return fake_http_error;
    if (waits || !request->get || request->bearer || request->body)
        abort();
    call = (struct http_call){fn, argument};
    waits = true;
    count++;
    timeout_ms = request->timeout_ms;
    snprintf(url, sizeof url, "%s", request->url);
    *out = &call;
    return 0;
}

void http_cancel(struct http_call *cancelled)
{
    (void)cancelled;
    waits = false;
}

static void tell(struct http_answer *answer)
{
    if (!waits)
        abort();
    waits = false;
    call.fn(call.argument, answer);
}

void fake_http_answer(long status, const char *body, int64_t cache_max_age)
{
    struct http_answer answer = {.error = HTTP_OK,
        .sent = true,
        .status = status,
        .body = body,
        .body_length = strlen(body),
        .json = true,
        .retry_after = -1,
        .cache_max_age = cache_max_age};
    tell(&answer);
}

void fake_http_fail(enum http_error error)
{
    struct http_answer answer = {.error = error, .body = "", .retry_after = -1, .cache_max_age = -1};
    tell(&answer);
}
