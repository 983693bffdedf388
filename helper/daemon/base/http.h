/*
 * libcurl: HTTPS requests on the loop, one multi, connections kept alive.
 *
 * https only, TLS 1.2 at least, always verified, no redirects, no netrc, no environment, proxy only as given;
 * the body is counted and capped at 64 KiB; CURLOPT_CAPATH cleared so that the CA bundle is parsed once; a
 * shared TLS session cache; CURLOPT_QUICK_EXIT, or a silent DNS server freezes the loop; FRESH_CONNECT for what
 * must not be sent twice (libcurl repeats a POST when a reused connection dies unanswered).
 */
#ifndef BASE_HTTP_H
#define BASE_HTTP_H

#include "base/loop.h"
#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct http_call;

/* The port that URL is reached at, as libcurl reads it; OTHERWISE where it names none; 0: that is no URL. */
uint16_t http_port(const char *url, uint16_t otherwise);

struct http_options {
    const char *ca_file; /* NULL: the system's bundle */
    const char *proxy; /* NULL: none, whatever the environment says */
    long connect_timeout_ms;
};

enum http_error {
    HTTP_OK,
    HTTP_NAME, /* it cannot be resolved */
    HTTP_UNREACHABLE, /* route, refused */
    HTTP_PROXY, /* its name, no connection to it, or it refuses */
    HTTP_TIMEOUT,
    HTTP_CERTIFICATE, /* its authority, or whatever else is wrong with it */
    HTTP_CERTIFICATE_NAME, /* it is another host's */
    HTTP_CERTIFICATE_DATES, /* it is over, or not yet valid */
    HTTP_TLS, /* protocol */
    HTTP_BROKEN, /* the connection ended early, a bad frame, a header flood */
    HTTP_TOO_LARGE,
    HTTP_INTERNAL, /* memory */
};

struct http_request {
    bool get; /* else POST */
    const char *url; /* copied */
    const struct secret *bearer; /* Authorization: Bearer; NULL: none. Copied. */
    const char *client_id; /* X-Client-Id; NULL: none */
    const struct secret *body; /* JSON; NULL: no body and no Content-Type (Content-Length: 0). Copied. */
    bool once; /* never on a reused connection, never repeated */
    int64_t timeout_ms; /* of the whole request */
};

struct http_answer {
    enum http_error error;
    bool sent; /* on an error: the request may have reached the server, only the answer is lost */
    long status; /* 0 on an error */
    const char *body; /* of body_length bytes, and a NUL after; lives for the callback */
    size_t body_length;
    bool json; /* Content-Type is application/json or …+json */
    char names
        [256]; /* of HTTP_CERTIFICATE_NAME: whom the certificate is for, by its own words; "" when unknown */
    char token_id[128]; /* X-Token-Id, "" when absent or not of a safe alphabet [A-Za-z0-9._~-] */
    int64_t retry_after; /* seconds from now; -1 when absent or unreadable; delta-seconds or HTTP-date */
    int64_t date; /* the Date header, seconds; 0 when absent */
    int64_t cache_max_age; /* seconds; -1 when absent */
    int64_t duration_us;
    bool reused; /* no new connection was made */
};

typedef void (*http_fn)(void *argument, const struct http_answer *answer);

int http_new(struct loop *loop, const struct http_options *options, struct http **out);
/* Cancels what is under way, without callbacks. Not from inside FN. */
void http_free(struct http *http);
/*
 * FN is called exactly once, never from inside http_start; the call is gone afterwards. -EINVAL: not https, or a
 * text that is no header line; -EAGAIN: 128 calls are under way; -ENOMEM. Then FN is not called.
 */
int http_start(struct http *http, const struct http_request *request, http_fn fn, void *argument,
    struct http_call **out);
/* No callback will come. */
void http_cancel(struct http_call *call);

#endif
