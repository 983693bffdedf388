/*
 * Between http_call.c, which knows what a request may be and an answer is, and http.c, which knows libcurl.
 * Nobody else includes this.
 */
#ifndef BASE_HTTP_CALL_H
#define BASE_HTTP_CALL_H

#include "base/http.h"
#include "base/http_headers.h"

#include <sys/queue.h>

enum { HTTP_CALLS_MAX = 128, HTTP_BODY_MAX = 65536, HTTP_HEAD_MAX = 65536 };

LIST_HEAD(http_calls, http_call);

struct http_call {
    LIST_ENTRY(http_call) entry;
    struct http *http; /* NULL before the request is under way, and while its answer is told */
    void *handle; /* libcurl's two */
    void *lines;
    struct secret *body; /* of the request */
    bool once, sent;
    struct http_headers headers;
    size_t head_length; /* all heads together: a server may send 1xx answers without end */
    struct secret *answer; /* longer than what has come, and zero behind that */
    size_t answer_length;
    bool too_large;
    http_fn fn;
    void *argument;
};

/* http_call.c, for http.c: false means hang up. */
bool http_call_lines(
    const struct http_request *request, bool (*add)(void *argument, const char *line), void *argument);
bool http_call_sending(
    struct http_call *call); /* the request is about to be written: nothing has left before */
bool http_call_head(struct http_call *call, const char *line, size_t length);
bool http_call_body(struct http_call *call, const char *bytes, size_t length);
/* Tells ANSWER, of which error, status, duration_us and reused are filled in; the call is gone afterwards. */
void http_call_finish(struct http_call *call, struct http_answer *answer);

/* http.c, for http_call.c. */
int http_transfer_start(struct http *http, struct http_call *call, const struct http_request *request);
void http_transfer_stop(struct http_call *call);

#endif
