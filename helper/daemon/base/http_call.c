/* One request and its answer: what we agree to send, and the bounds on what comes back. */
#include "base/http_call.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>

enum { FIRST_SIZE = 4096 };

static void call_free(struct http_call **call)
{
    if (!*call)
        return;
    http_transfer_stop(*call);
    secret_free((*call)->body);
    secret_free((*call)->answer);
    free(*call);
}

static bool printable(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] < 0x21 || bytes[i] > 0x7e)
            return false;
    }
    return length > 0;
}

/* https, and no byte that could begin a header line of its own. */
static bool sound(const struct http_request *request)
{
    static const char scheme[] = "https://";
    const struct secret *bearer = request->bearer;
    const char *client = request->client_id;
    return strncmp(request->url, scheme, sizeof scheme - 1) == 0 &&
           printable(request->url, strlen(request->url)) &&
           (!bearer || printable(secret_bytes(bearer), secret_length(bearer))) &&
           (!client || printable(client, strlen(client))) && !(request->get && request->body);
}

int http_start(
    struct http *http, const struct http_request *request, http_fn fn, void *argument, struct http_call **out)
{
    if (!sound(request))
        return -EINVAL;
    CLEANUP(call_free) struct http_call *call = calloc(1, sizeof *call);
    if (!call)
        return -ENOMEM;
    call->once = request->once;
    call->fn = fn;
    call->argument = argument;
    http_headers_init(&call->headers);
    int error = request->body ? secret_copy(request->body, &call->body) : 0;
    if (error == 0)
        error = http_transfer_start(http, call, request);
    if (error != 0)
        return error;
    *out = STEAL(call);
    return 0;
}

void http_cancel(struct http_call *call)
{
    if (call->http) /* else its answer is being told, and it is freed after that */
        call_free(&call);
}

bool http_call_lines(
    const struct http_request *request, bool (*add)(void *argument, const char *line), void *argument)
{
    const char *bearer = request->bearer ? secret_bytes(request->bearer) : NULL;
    const struct {
        const char *name, *value; /* a name without a value takes out what libcurl would add */
    } lines[] = {
        {"Accept: ", "application/json"},
        {"Authorization: Bearer ", bearer},
        {"X-Client-Id: ", request->client_id},
        {"Content-Type:", request->body ? " application/json" : ""},
        {"Expect:", ""},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!lines[i].value)
            continue;
        size_t length = strlen(lines[i].name) + strlen(lines[i].value);
        SECRET_CLEANUP struct secret *line = NULL;
        if (secret_new_empty(length, &line) != 0)
            return false;
        snprintf(secret_writable(line), length + 1, "%s%s", lines[i].name, lines[i].value);
        if (!add(argument, secret_bytes(line)))
            return false;
    }
    return true;
}

bool http_call_sending(struct http_call *call)
{
    bool again = call->sent;
    call->sent = true;
    return !(again && call->once);
}

bool http_call_head(struct http_call *call, const char *line, size_t length)
{
    call->head_length += length;
    if (call->head_length > HTTP_HEAD_MAX)
        return false;
    http_headers_line(&call->headers, line, length);
    return true;
}

static bool grow(struct http_call *call, size_t needed)
{
    SECRET_CLEANUP struct secret *larger = NULL;
    if (secret_new_empty(needed < FIRST_SIZE ? FIRST_SIZE : 2 * needed, &larger) != 0)
        return false;
    if (call->answer)
        memcpy(secret_writable(larger), secret_bytes(call->answer), call->answer_length);
    secret_free(call->answer);
    call->answer = STEAL(larger);
    return true;
}

bool http_call_body(struct http_call *call, const char *bytes, size_t length)
{
    call->too_large = length > HTTP_BODY_MAX - call->answer_length;
    if (call->too_large)
        return false;
    size_t needed = call->answer_length + length;
    if ((!call->answer || needed > secret_length(call->answer)) && !grow(call, needed))
        return false;
    memcpy(secret_writable(call->answer) + call->answer_length, bytes, length);
    call->answer_length = needed;
    return true;
}

void http_call_finish(struct http_call *call, struct http_answer *answer)
{
    if (call->too_large)
        answer->error = HTTP_TOO_LARGE;
    bool whole = answer->error == HTTP_OK;
    const struct http_headers *headers = &call->headers;
    answer->sent = call->sent;
    answer->status = whole ? answer->status : 0;
    answer->body = whole && call->answer ? secret_bytes(call->answer) : "";
    answer->body_length = whole ? call->answer_length : 0;
    answer->json = whole && headers->json;
    snprintf(answer->token_id, sizeof answer->token_id, "%s", whole ? headers->token_id : "");
    answer->retry_after = whole ? http_headers_retry_after(headers, clock_wall()) : -1;
    answer->date = whole ? headers->date : 0;
    answer->cache_max_age = whole ? headers->cache_max_age : -1;
    http_transfer_stop(call);
    call->fn(call->argument, answer);
    call_free(&call);
}
