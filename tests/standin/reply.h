/* What the service answers to one request. */
#ifndef STANDIN_REPLY_H
#define STANDIN_REPLY_H

#include "value.h"

#include <stdbool.h>
#include <stddef.h>

struct reply {
    unsigned status;
    char *body; /* NULL: none */
    size_t length;
    char *type; /* Content-Type; NULL: none */
    char *token_id; /* header X-Token-Id, if not NULL */
    char *location; /* header Location, if not NULL */
    const char *allow; /* header Allow, if not NULL */
    long retry_after; /* header Retry-After, if not 0 */
    bool challenge; /* header WWW-Authenticate */
    bool unanswered; /* the connection is closed instead */
};

/* Answers with JSON; takes the object over. */
void reply_json(struct reply *reply, unsigned status, json_object *object);

/* Answers with any text, which is copied. */
void reply_text(struct reply *reply, unsigned status, const char *type, const char *text);

/* Answers without a body. */
void reply_empty(struct reply *reply, unsigned status);

/* {"code","message"}, and with status 401 and a token's code the challenge that goes with it. */
void reply_error(struct reply *reply, unsigned status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The other shape of errors, that of a suspended account. */
void reply_suspended(struct reply *reply);

/* Some error of that status, with the code that the service would use. */
void reply_status(struct reply *reply, unsigned status);

void reply_deinit(struct reply *reply);

#endif
