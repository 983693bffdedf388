/* Commands that change how the service is set up: see command.h. */
#include "command.h"

#include "memory.h"

#include <string.h>

static json_object *set_suspended(struct standin *standin, struct line *line, bool suspended)
{
    json_object *error = NULL;
    struct client *client = command_client(standin, line, &error);
    if (client == NULL)
        return error;
    client->suspended = suspended;
    return command_ok();
}

json_object *command_suspend(struct standin *standin, struct line *line)
{
    return set_suspended(standin, line, true);
}

json_object *command_resume(struct standin *standin, struct line *line)
{
    return set_suspended(standin, line, false);
}

json_object *command_rotate(struct standin *standin, struct line *line)
{
    bool keep = true;
    if (command_flag(line, "keep", true, &keep) != 0)
        return command_error("keep is yes or no");
    if (keys_rotate(&standin->service->keys, keep) != 0)
        return command_error("the new key could not be written");
    json_object *answer = command_ok();
    value_put_string(answer, "kid", standin->service->keys.current->kid);
    return answer;
}

json_object *command_cascade(struct standin *standin, struct line *line)
{
    if (command_flag(line, NULL, standin->service->cascade, &standin->service->cascade) != 0)
        return command_error("cascade is on or off");
    return command_ok();
}

json_object *command_success(struct standin *standin, struct line *line)
{
    long status = 0;
    if (command_number(line, NULL, 0, 0, &status) != 0 || (status != 200 && status != 201))
        return command_error("success is 200 or 201");
    standin->service->success = (unsigned)status;
    return command_ok();
}

json_object *command_ttl(struct standin *standin, struct line *line)
{
    long seconds = 0;
    if (command_number(line, NULL, 1, 0, &seconds) != 0 || seconds == 0)
        return command_error("short-ttl takes a number of seconds");
    standin->service->short_ttl = seconds;
    return command_ok();
}

/* Says anew what answers leave out: what is not named is there again. */
json_object *command_omit(struct standin *standin, struct line *line)
{
    struct service *service = standin->service;
    struct scopes names OWN_SCOPES = {0}; /* any set of words */
    const char *word = line_word(line);
    if (word == NULL)
        return command_error("omit takes names, or none");
    for (; word != NULL; word = line_word(line))
        scopes_add_list(&names, word);
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.names[i], "token_id") != 0 && strcmp(names.names[i], "scopes") != 0 &&
            strcmp(names.names[i], "expires_at") != 0 && strcmp(names.names[i], "x-token-id") != 0 &&
            strcmp(names.names[i], "none") != 0)
            return command_error("omit does not know %.64s", names.names[i]);
    service->omit_token_id = scopes_hold(&names, "token_id");
    service->omit_scopes = scopes_hold(&names, "scopes");
    service->omit_expires_at = scopes_hold(&names, "expires_at");
    service->omit_header = scopes_hold(&names, "x-token-id");
    return command_ok();
}

json_object *command_claims(struct standin *standin, struct line *line)
{
    OWN_JSON json_object *claims = NULL;
    if (command_object(line, NULL, &claims) != 0 || claims == NULL)
        return command_error("claims takes a JSON object");
    json_object_put(standin->service->claims);
    standin->service->claims = STEAL(claims);
    return command_ok();
}
