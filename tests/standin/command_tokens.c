/* Commands about tokens and codes: see command.h. */
#include "command.h"

#include "clock.h"

#include <string.h>

enum { CODE_SECONDS = 300 };

json_object *command_code(struct standin *standin, struct line *line)
{
    json_object *error = NULL;
    struct client *client = command_client(standin, line, &error);
    long seconds = 0, digits = 0;
    char text[CODES_TEXT];
    if (client == NULL)
        return error;
    if (command_number(line, "ttl", -INT32_MAX, CODE_SECONDS, &seconds) != 0)
        return command_error("ttl is a number of seconds");
    if (command_number(line, "digits", CODES_DIGITS, CODES_DIGITS, &digits) != 0 || digits >= CODES_TEXT)
        return command_error("digits is a number from 6 to 10");
    int64_t expires = clock_now() + seconds;
    codes_issue(&standin->service->codes, client->id, (int)digits, expires, text);
    json_object *answer = command_ok();
    value_put_string(answer, "code", text);
    value_put_integer(answer, "expires", expires);
    return answer;
}

static json_object *describe(const struct token *token)
{
    json_object *answer = command_ok();
    OWN_JSON json_object *members = token_describe(token);
    value_override(answer, members);
    value_put_string(answer, "state", token_state_name(token_state(token)));
    value_put_string(answer, "parent", token->parent[0] == '\0' ? NULL : token->parent);
    value_put_string(answer, "hash", token->hash);
    if (token->revoked_at_ms != 0)
        value_put_integer(answer, "revoked_at", token->revoked_at_ms);
    else
        value_put_string(answer, "revoked_at", NULL);
    return answer;
}

json_object *command_show(struct standin *standin, struct line *line)
{
    json_object *error = NULL;
    const struct token *token = command_token(standin, line, &error);
    return token == NULL ? error : describe(token);
}

json_object *command_revoke(struct standin *standin, struct line *line)
{
    json_object *error = NULL;
    struct token *token = command_token(standin, line, &error);
    if (token == NULL)
        return error;
    tokens_revoke(&standin->service->tokens, token, standin->service->cascade);
    return describe(token);
}

json_object *command_expire(struct standin *standin, struct line *line)
{
    json_object *error = NULL;
    struct token *token = command_token(standin, line, &error);
    if (token == NULL)
        return error;
    token->expires = clock_now() - 1;
    return describe(token);
}

json_object *command_live(struct standin *standin, struct line *line)
{
    const char *client = line_value(line, "client");
    json_object *list = json_object_new_array();
    for (const struct token *token = standin->service->tokens.first; token != NULL; token = token->next)
        if (token_state(token) == TOKEN_LIVE && (client == NULL || strcmp(client, token->client) == 0))
            json_object_array_add(list, token_describe(token));
    json_object *answer = command_ok();
    value_put_integer(answer, "count", (int64_t)json_object_array_length(list));
    json_object_object_add(answer, "live", list);
    return answer;
}
