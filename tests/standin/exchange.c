/* One request of libmicrohttpd: see exchange.h. */
#include "exchange.h"

#include "clock.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct exchange {
    struct exchange *next; /* in the list of the delayed */
    struct MHD_Connection *connection;
    struct request request;
    struct fault *fault;
    bool complete; /* the body is here, and the fault was looked for */
    bool carried_out; /* REPLY is what it was answered with, and is late */
    struct reply reply;
    int64_t resume_us;
};

void *exchange_number(uint64_t number)
{
    return (void *)(uintptr_t)number;
}

static char *header(struct MHD_Connection *connection, const char *name)
{
    return memory_copy(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

static struct exchange *exchange_new(struct MHD_Connection *connection, const char *url, const char *method)
{
    struct exchange *exchange = memory_zeroed(1, sizeof *exchange);
    struct request *request = &exchange->request;
    exchange->connection = connection;
    request->method = memory_copy(method);
    request->path = memory_copy(url);
    request->authorization = header(connection, "Authorization");
    request->client_id = header(connection, "X-Client-Id");
    request->content_type = header(connection, "Content-Type");
    request->arrived_ms = clock_now_ms();
    request->connection =
        (uintptr_t)MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    request_route(request);
    return exchange;
}

static void take_upload(struct request *request, const char *bytes, size_t length)
{
    /* What is too much is read and dropped, so that the client gets its answer. */
    if (request->too_large || length > REQUEST_BODY_MAX - request->length) {
        request->too_large = true;
        return;
    }
    request->body = memory_resize(request->body, request->length + length + 1, 1);
    memcpy(request->body + request->length, bytes, length);
    request->length += length;
    request->body[request->length] = '\0';
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value != NULL)
        MHD_add_response_header(response, name, value);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *reply)
{
    char seconds[24] = "";
    size_t length = reply->length;
    if (reply->retry_after != 0)
        snprintf(seconds, sizeof seconds, "%ld", reply->retry_after);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, STEAL(reply->body), MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        return MHD_NO;
    add_header(response, "Content-Type", reply->type);
    add_header(response, "Cache-Control", "no-store");
    add_header(response, "X-Token-Id", reply->token_id);
    add_header(response, "Location", reply->location);
    add_header(response, "Allow", reply->allow);
    add_header(response, "Retry-After", reply->retry_after != 0 ? seconds : NULL);
    add_header(response, "WWW-Authenticate", reply->challenge ? "Bearer error=\"invalid_token\"" : NULL);
    enum MHD_Result queued = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static void delay(struct exchanges *exchanges, struct exchange *exchange)
{
    exchange->resume_us = clock_steady_us() + (int64_t)exchange->fault->delay_ms * 1000;
    exchange->next = exchanges->delayed;
    exchanges->delayed = exchange;
    MHD_suspend_connection(exchange->connection);
}

static enum MHD_Result answer(struct exchanges *exchanges, struct exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    if (!exchange->carried_out)
        service_answer(exchanges->service, &exchange->request, exchange->fault, reply);
    exchange->carried_out = true;
    /* libmicrohttpd closes the connection when its callback says no. */
    return reply->unanswered ? MHD_NO : send_reply(exchange->connection, reply);
}

enum MHD_Result exchange_handle(void *data, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload, size_t *upload_size, void **context)
{
    struct exchanges *exchanges = data;
    struct exchange *exchange = *context;
    (void)version;
    if (exchange == NULL) {
        *context = exchange_new(connection, url, method);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        take_upload(&exchange->request, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (!exchange->complete) {
        exchange->complete = true;
        exchange->fault = service_fault(exchanges->service, &exchange->request);
        if (exchange->fault != NULL && exchange->fault->delay_ms > 0) {
            if (exchange->fault->late)
                service_answer(exchanges->service, &exchange->request, exchange->fault, &exchange->reply);
            exchange->carried_out = exchange->fault->late;
            delay(exchanges, exchange);
            return MHD_YES;
        }
    }
    return answer(exchanges, exchange);
}

static void take_out(struct exchanges *exchanges, const struct exchange *exchange)
{
    struct exchange **place = &exchanges->delayed;
    while (*place != NULL && *place != exchange)
        place = &(*place)->next;
    if (*place != NULL)
        *place = exchange->next;
}

void exchange_completed(
    void *data, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *context;
    (void)connection, (void)why;
    if (exchange == NULL)
        return;
    take_out(data, exchange);
    request_deinit(&exchange->request);
    reply_deinit(&exchange->reply);
    fault_free(exchange->fault);
    free(exchange);
    *context = NULL;
}

int64_t exchanges_wait_ms(const struct exchanges *exchanges)
{
    int64_t first = INT64_MAX;
    for (const struct exchange *exchange = exchanges->delayed; exchange != NULL; exchange = exchange->next)
        if (exchange->resume_us < first)
            first = exchange->resume_us;
    if (first == INT64_MAX)
        return -1;
    int64_t wait = first - clock_steady_us();
    return wait <= 0 ? 0 : wait / 1000 + 1;
}

void exchanges_resume(struct exchanges *exchanges, int64_t now_us)
{
    for (struct exchange **place = &exchanges->delayed; *place != NULL;) {
        struct exchange *exchange = *place;
        if (exchange->resume_us > now_us) {
            place = &exchange->next;
            continue;
        }
        *place = exchange->next;
        MHD_resume_connection(exchange->connection);
    }
}
