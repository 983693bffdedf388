/*
 * libcurl, one multi on the loop: libcurl says which descriptors it waits for and when it wants to be called,
 * and the loop does the waiting. Answers are told in `drain` and nowhere else, so never inside http_start.
 */
#include "base/http.h"

#include "base/cleanup.h"
#include "base/http_call.h"
#include "base/tls.h"

#include <curl/curl.h>

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { IDLE_MAX = 8, DESCRIPTORS_EACH = 16 };

struct http {
    struct loop *loop;
    struct loop_timer *timer;
    CURLM *multi;
    CURLSH *share; /* of TLS sessions: Debian 12's libcurl shares none between the handles of a multi */
    struct tls_sessions sessions; /* in it */
    bool spoils; /* of this libcurl: tls.h */
    CURL *model; /* each call's handle is a copy of it */
    struct http_calls calls;
    unsigned count;
    bool proxied;
};

static const struct {
    CURLcode code;
    enum http_error error;
} errors[] = {
    {CURLE_OK, HTTP_OK},
    {CURLE_COULDNT_RESOLVE_HOST, HTTP_NAME},
    {CURLE_COULDNT_RESOLVE_PROXY, HTTP_PROXY},
    {CURLE_COULDNT_CONNECT, HTTP_UNREACHABLE},
    {CURLE_PROXY, HTTP_PROXY},
    {CURLE_OPERATION_TIMEDOUT, HTTP_TIMEOUT},
    {CURLE_SSL_CONNECT_ERROR, HTTP_TLS},
    {CURLE_PEER_FAILED_VERIFICATION, HTTP_CERTIFICATE},
    {CURLE_SSL_CACERT_BADFILE, HTTP_CERTIFICATE},
    {CURLE_OUT_OF_MEMORY, HTTP_INTERNAL},
    {CURLE_FAILED_INIT, HTTP_INTERNAL},
};

static enum http_error error_of(CURLcode code)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (errors[i].code == code)
            return errors[i].error;
    }
    return HTTP_BROKEN;
}

/* Of a header line that is too long for it libcurl says the same as when there is no memory, but then an answer has begun. */
static bool answer_began(CURL *easy)
{
    curl_off_t first_byte = 0;
    curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte);
    return first_byte > 0;
}

/*
 * What of it. The name is libcurl's own to compare, before it has OpenSSL's result; the rest is OpenSSL's word, by the
 * numbers of its x509_vfy.h, which libcurl hands on.
 */
static enum http_error certificate_error(CURL *easy)
{
    enum { OK, UNSPECIFIED, NOT_YET_VALID = 9, EXPIRED = 10, ANOTHER_NAME = 62, ANOTHER_ADDRESS = 64 };
    long result = -1;

    curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &result);
    if (result == NOT_YET_VALID || result == EXPIRED)
        return HTTP_CERTIFICATE_DATES;
    bool name = result == OK || result == UNSPECIFIED || result == ANOTHER_NAME || result == ANOTHER_ADDRESS;
    return name ? HTTP_CERTIFICATE_NAME : HTTP_CERTIFICATE;
}

/* The names in the server's own certificate, as OpenSSL prints them; its subject where it lists none. */
static const char *names_line(CURL *easy)
{
    static const char *const keys[] = {"Subject:", "X509v3 Subject Alternative Name:"}; /* in this order */
    const struct curl_certinfo *info = NULL;
    const char *names = "";
    curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info);
    const struct curl_slist *line = info && info->num_of_certs > 0 ? info->certinfo[0] : NULL;
    for (; line; line = line->next)
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
            if (strncmp(line->data, keys[i], strlen(keys[i])) == 0)
                names = line->data + strlen(keys[i]);
    return names;
}

/* "DNS:localhost, IP Address:192.0.2.1" without the kinds. */
static void read_names(CURL *easy, char *out, size_t size)
{
    static const char *const kinds[] = {"DNS:", "IP Address:"};
    size_t used = 0;
    for (const char *at = names_line(easy); *at && used + 1 < size; out[used++] = *at++)
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            if (strncmp(at, kinds[i], strlen(kinds[i])) == 0 && at[strlen(kinds[i])])
                at += strlen(kinds[i]);
    out[used] = '\0';
}

/* Behind a proxy the only connection is the one to it. What it says to CONNECT is no answer, and libcurl's error names no one. */
static bool is_proxys(const struct http *http, CURL *easy, enum http_error error)
{
    long said = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &said);
    return http->proxied && (error == HTTP_UNREACHABLE || (error != HTTP_OK && said >= 300));
}

static void drain(struct http *http)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(http->multi, &left))) {
        CURL *easy = message->easy_handle;
        struct http_answer answer = {.error = error_of(message->data.result)};
        struct http_call *call = NULL;
        curl_off_t duration = 0;
        long connects = 0;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.status);
        curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &duration);
        curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
        answer.duration_us = duration;
        answer.reused = connects == 0;
        if (message->data.result == CURLE_OUT_OF_MEMORY && answer_began(easy))
            answer.error = HTTP_BROKEN;
        if (message->data.result == CURLE_PEER_FAILED_VERIFICATION)
            answer.error = certificate_error(easy);
        if (answer.error == HTTP_CERTIFICATE_NAME)
            read_names(easy, answer.names, sizeof answer.names);
        if (is_proxys(http, easy, answer.error))
            answer.error = HTTP_PROXY;
        http_call_finish(call, &answer);
    }
}

static void act(struct http *http, curl_socket_t fd, int events)
{
    int running;
    curl_multi_socket_action(http->multi, fd, events, &running);
    drain(http);
}

static void on_time(void *argument)
{
    act(argument, CURL_SOCKET_TIMEOUT, 0);
}

static void on_events(void *argument, int fd, int events)
{
    act(argument, fd,
        (events & LOOP_READ ? CURL_CSELECT_IN : 0) | (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0));
}

static int want_time(CURLM *multi, long delay_ms, void *argument)
{
    struct http *http = argument;
    (void)multi;
    if (delay_ms < 0)
        loop_timer_clear(http->timer);
    else
        loop_timer_set(http->timer, delay_ms);
    return 0;
}

/*
 * A watch that cannot be made is not reported: libcurl would abort every transfer of the multi for it. The one
 * that needed it ends by its own timeout.
 */
static int want_events(CURL *easy, curl_socket_t fd, int what, void *argument, void *watch)
{
    struct http *http = argument;
    struct loop_io *io = watch;
    int events = (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0);
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (io)
            loop_io_free(io);
        curl_multi_assign(http->multi, fd, NULL);
    } else if (io) {
        loop_io_set(io, events);
    } else if (loop_io_new(http->loop, fd, events, on_events, http, &io) == 0) {
        curl_multi_assign(http->multi, fd, io);
    }
    return 0;
}

/* Made so from the start: libcurl does not look whether it could, and a socket that blocks would hold the loop for ever. */
static curl_socket_t open_socket(void *argument, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)argument, (void)purpose;
    return socket(address->family, address->socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->protocol);
}

static CURLcode on_context(CURL *easy, void *context, void *argument)
{
    struct http *http = argument;
    (void)easy;
    tls_keeps_no_plaintext(context);
    return !http->spoils || tls_spoils_no_sessions(context, &http->sessions) ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

static int on_request(void *argument, char *peer, char *own, int peer_port, int own_port)
{
    (void)peer, (void)own, (void)peer_port, (void)own_port;
    return http_call_sending(argument) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static size_t on_head(char *bytes, size_t size, size_t count, void *argument)
{
    return http_call_head(argument, bytes, size * count) ? size * count : 0;
}

/* Counted by us, because CURLOPT_MAXFILESIZE does not stop a chunked body. */
static size_t on_body(char *bytes, size_t size, size_t count, void *argument)
{
    return http_call_body(argument, bytes, size * count) ? size * count : 0;
}

static const struct {
    CURLoption option;
    long value;
} numbers[] = {
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2}, /* or later */
    {CURLOPT_SSL_VERIFYPEER, 1}, {CURLOPT_SSL_VERIFYHOST, 2}, {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1}, /* a proxy's head is not the answer's */
    {CURLOPT_CERTINFO, 1}, /* whose it is, when it is another host's; gathered once its authority is proven */
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_QUICK_EXIT, 1}, /* else a silent DNS server holds the loop until its thread ends */
};

static CURLSH *share_new(void)
{
    CURLSH *share = curl_share_init();
    if (share && curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK) {
        curl_share_cleanup(share);
        return NULL;
    }
    return share;
}

/* Of a spoiled one libcurl frees no name that has no session. Not while a transfer uses it. */
static void renew_share(struct http *http)
{
    CURLSH *share = http->sessions.spoiled && http->count == 0 ? share_new() : NULL;
    if (!share)
        return;
    curl_share_cleanup(http->share);
    http->share = share;
    http->sessions.spoiled = false;
}

/* Connections that idle save time alone: where descriptors are few, logins and the database need them. */
static long idle_max(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur / DESCRIPTORS_EACH >= IDLE_MAX)
        return IDLE_MAX;
    return limit.rlim_cur < DESCRIPTORS_EACH ? 1 : (long)(limit.rlim_cur / DESCRIPTORS_EACH);
}

/* Returns non-zero when one could not be set: memory. */
static unsigned set_model(struct http *http, const struct http_options *options)
{
    CURL *easy = http->model;
    unsigned bad = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        bad |= curl_easy_setopt(easy, numbers[i].option, numbers[i].value);
    bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); /* with one, each connection parses the bundle */
    if (options->ca_file)
        bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
    /* "" and not NULL, or the environment would be asked */
    bad |= curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy ? options->proxy : "");
    bad |= curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, options->connect_timeout_ms);
    bad |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "c2m-authd/" C2M_HELPER_VERSION);
    bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    bad |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
    bad |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, http);
    bad |= curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
    bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    bad |= (unsigned)curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, want_events);
    bad |= (unsigned)curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
    bad |= (unsigned)curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, want_time);
    bad |= (unsigned)curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
    bad |= (unsigned)curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, idle_max());
    return bad;
}

/* A proxy may stand there without a scheme, or with one that is no protocol of requests. */
uint16_t http_port(const char *url, uint16_t otherwise)
{
    CURLU *parts = curl_url();
    char *port = NULL;
    uint16_t found = 0;
    if (parts &&
        curl_url_set(parts, CURLUPART_URL, url, CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
        CURLUcode code = curl_url_get(parts, CURLUPART_PORT, &port, 0);
        found = code == CURLUE_OK ? (uint16_t)atoi(port) : code == CURLUE_NO_PORT ? otherwise : 0;
    }
    curl_free(port);
    curl_url_cleanup(parts);
    return found;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    while (!LIST_EMPTY(&http->calls))
        http_cancel(LIST_FIRST(&http->calls));
    curl_multi_cleanup(http->multi); /* closes the connections: the watches go before the timer */
    curl_easy_cleanup(http->model);
    curl_share_cleanup(http->share);
    loop_timer_free(http->timer);
    free(http);
    curl_global_cleanup();
}

int http_new(struct loop *loop, const struct http_options *options, struct http **out)
{
    unsetenv("SSLKEYLOGFILE"); /* libcurl would write the keys of every connection there */
    struct http *http = calloc(1, sizeof *http);
    if (!http || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(http);
        return -ENOMEM;
    }
    *http = (struct http){.loop = loop,
        .multi = curl_multi_init(),
        .share = share_new(),
        .spoils = curl_version_info(CURLVERSION_NOW)->version_num < CURL_VERSION_BITS(8, 12, 0),
        .model = curl_easy_init(),
        .proxied = options->proxy};
    if (!http->multi || !http->share || !http->model ||
        loop_timer_new(loop, on_time, http, &http->timer) != 0 || set_model(http, options) != 0) {
        http_free(http);
        return -ENOMEM;
    }
    *out = http;
    return 0;
}

static bool add_line(void *argument, const char *line)
{
    struct http_call *call = argument;
    struct curl_slist *lines = curl_slist_append(call->lines, line);
    if (lines)
        call->lines = lines;
    return lines;
}

static unsigned set_request(CURL *easy, struct http_call *call, const struct http_request *request)
{
    unsigned bad = curl_easy_setopt(easy, CURLOPT_URL, request->url);
    bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->lines);
    bad |= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, (long)request->once);
    bad |=
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(request->timeout_ms > 0 ? request->timeout_ms : 1));
    bad |= curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    bad |= curl_easy_setopt(easy, CURLOPT_PREREQDATA, call);
    bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    if (request->get)
        return bad;
    size_t length = call->body ? secret_length(call->body) : 0;
    bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->body ? secret_bytes(call->body) : "");
    bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    return bad;
}

int http_transfer_start(struct http *http, struct http_call *call, const struct http_request *request)
{
    if (http->count >= HTTP_CALLS_MAX)
        return -EAGAIN;
    renew_share(http);
    call->handle = curl_easy_duphandle(http->model);
    if (!call->handle || !http_call_lines(request, add_line, call) ||
        set_request(call->handle, call, request) != 0 ||
        curl_easy_setopt(call->handle, CURLOPT_SHARE, http->share) != CURLE_OK ||
        curl_multi_add_handle(http->multi, call->handle) != CURLM_OK)
        return -ENOMEM;
    call->http = http;
    http->count++;
    LIST_INSERT_HEAD(&http->calls, call, entry);
    return 0;
}

void http_transfer_stop(struct http_call *call)
{
    if (call->http) {
        curl_multi_remove_handle(call->http->multi, call->handle);
        LIST_REMOVE(call, entry);
        call->http->count--;
    }
    curl_easy_cleanup(call->handle);
    curl_slist_free_all(call->lines);
    call->http = NULL;
    call->handle = NULL;
    call->lines = NULL;
}
