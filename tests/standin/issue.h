/* What issuing a long and a short token have in common: the body, the scopes, the answer. */
#ifndef STANDIN_ISSUE_H
#define STANDIN_ISSUE_H

#include "service.h"

enum member_type { MEMBER_STRING, MEMBER_INTEGER, MEMBER_SCOPES };

/* One member that a body may have. */
struct member {
    const char *name;
    enum member_type type;
};

/* Reads a JSON object and refuses members that are not in the table, or of another type. `optional`: there may
 * be no body at all; *out is an empty object then. 0 with *out (the caller puts it back), or -1 with the
 * answer that refuses. */
int issue_body(const struct request *request, const struct member *table, size_t count, bool optional,
    json_object **out, struct reply *reply);

/* The scopes to grant: those that the body asks for, which `held` must cover, or else `held`. 0, or -1 with the
 * answer that refuses. */
int issue_scopes(json_object *body, const struct scopes *held, struct scopes *granted, struct reply *reply);

/* Answers with the token. */
void issue_answer(
    const struct service *service, const struct token *token, const char *text, struct reply *reply);

/* The claims of a short token: a new JSON object. */
json_object *issue_claims(const struct service *service, const struct token *token);

#endif
