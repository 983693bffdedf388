/* What the service answers to one request: see reply.h. */
#include "reply.h"

#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    unsigned status;
    const char *code;
    const char *message;
} usual[] = {
    {400, "invalid_grant", "The request is not valid."},
    {401, "invalid_token", "The token is not valid."},
    {403, "access_denied", "Access is denied."},
    {404, "not_found", "There is no such resource."},
    {429, "rate_limited", "Too many requests; retry later."},
    {500, "server_error", "Something went wrong."},
    {502, "bad_gateway", "The service behind the gateway failed."},
    {503, "service_unavailable", "The service is not available."},
    {504, "gateway_timeout", "The service behind the gateway did not answer."},
};

static void set_body(struct reply *reply, unsigned status, const char *type, char *body)
{
    reply_deinit(reply);
    reply->status = status;
    reply->body = body;
    reply->length = body == NULL ? 0 : strlen(body);
    reply->type = memory_copy(type);
}

void reply_json(struct reply *reply, unsigned status, json_object *object)
{
    set_body(reply, status, "application/json", memory_copy(value_text(object)));
    json_object_put(object);
}

void reply_text(struct reply *reply, unsigned status, const char *type, const char *text)
{
    set_body(reply, status, type, memory_copy(text));
}

void reply_empty(struct reply *reply, unsigned status)
{
    set_body(reply, status, NULL, NULL);
}

void reply_error(struct reply *reply, unsigned status, const char *code, const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    json_object *error = json_object_new_object();
    value_put_string(error, "code", code);
    value_put_string(error, "message", message);
    reply_json(reply, status, error);
    reply->challenge = status == 401 && strcmp(code, "invalid_token") == 0;
}

void reply_suspended(struct reply *reply)
{
    json_object *error = json_object_new_object();
    value_put_string(error, "errorType", "AccountError");
    value_put_string(error, "errorMessage", "The account is suspended.");
    value_put_string(error, "errorCode", "ACCOUNT_SUSPENDED");
    reply_json(reply, 403, error);
}

void reply_status(struct reply *reply, unsigned status)
{
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (usual[i].status == status) {
            reply_error(reply, status, usual[i].code, "%s", usual[i].message);
            return;
        }
    }
    if (status == 204 || status == 304)
        reply_empty(reply, status);
    else
        reply_error(reply, status, "error", "Status %u.", status);
}

void reply_deinit(struct reply *reply)
{
    free(reply->body);
    free(reply->type);
    free(reply->token_id);
    free(reply->location);
    *reply = (struct reply){0};
}
