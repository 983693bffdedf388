/* The commands of the control socket: see command.h. */
#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_object *ping(struct standin *standin, struct line *line)
{
    (void)standin, (void)line;
    return command_ok();
}

static json_object *quit(struct standin *standin, struct line *line)
{
    (void)line;
    standin->quit = true;
    return command_ok();
}

static json_object *help(struct standin *standin, struct line *line);

static const struct {
    const char *name;
    json_object *(*run)(struct standin *, struct line *);
    const char *arguments;
} commands[] = {
    {"mint", command_mint,
        "client=ID [type=short|long] [form=lt|ltk|jwt|jwe] [ttl=N] [scopes=A,B] [claims={}] [header={}] "
        "[sign=good|foreign|none|hs-public|stripped|garbage] [alg=NAME] [pad=N] [record=yes|no]"},
    {"code", command_code, "client=ID [ttl=N] [digits=N]"},
    {"revoke", command_revoke, "id=ID|hash=HEX"},
    {"expire", command_expire, "id=ID|hash=HEX"},
    {"token", command_show, "id=ID|hash=HEX"},
    {"live", command_live, "[client=ID]"},
    {"fault", command_fault,
        "endpoint=long|short|revoke|jobs|jwks|any [bearer=itself|another] [status=N] [delay=MS] [late=yes] "
        "[reset=yes] [lost=yes] [done=yes] [garbage=yes] [html=yes] [body=TEXT] [type=TEXT] [location=URL] "
        "[retry-after=N] [size=N] [count=N]"},
    {"clear", command_clear, ""},
    {"down", command_down, ""},
    {"up", command_up, ""},
    {"suspend", command_suspend, "client=ID"},
    {"resume", command_resume, "client=ID"},
    {"rotate", command_rotate, "[keep=yes|no]"},
    {"cascade", command_cascade, "on|off"},
    {"limit", command_limit, "N"},
    {"success", command_success, "200|201"},
    {"omit", command_omit, "token_id|scopes|expires_at|x-token-id|none ..."},
    {"claims", command_claims, "{...} (laid over those of exchanged tokens; {} ends it)"},
    {"short-ttl", command_ttl, "N"},
    {"requests", command_requests, "[since=N] [endpoint=NAME]"},
    {"reset-requests", command_reset_requests, ""},
    {"serve-time", command_serve_time, ""},
    {"ping", ping, ""},
    {"help", help, ""},
    {"quit", quit, ""},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static json_object *help(struct standin *standin, struct line *line)
{
    (void)standin, (void)line;
    json_object *answer = command_ok();
    json_object *list = json_object_new_object();
    for (size_t i = 0; i < COMMANDS; i++)
        value_put_string(list, commands[i].name, commands[i].arguments);
    json_object_object_add(answer, "commands", list);
    return answer;
}

json_object *command_ok(void)
{
    json_object *answer = json_object_new_object();
    json_object_object_add(answer, "ok", json_object_new_boolean(true));
    return answer;
}

json_object *command_error(const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    json_object *answer = json_object_new_object();
    json_object_object_add(answer, "ok", json_object_new_boolean(false));
    value_put_string(answer, "error", text);
    return answer;
}

json_object *command_run(struct standin *standin, const char *text)
{
    struct line line OWN_LINE;
    const char *wrong = line_parse(&line, text);
    if (wrong != NULL)
        return command_error("%s", wrong);
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, line.command) != 0)
            continue;
        json_object *answer = commands[i].run(standin, &line);
        const struct argument *stranger = line_unused(&line);
        if (stranger == NULL || !json_object_get_boolean(json_object_object_get(answer, "ok")))
            return answer;
        /* Carried out nevertheless; but a test with a misspelt argument must not go on. */
        json_object_put(answer);
        return command_error("%s does not know the argument %.64s", line.command,
            stranger->name != NULL ? stranger->name : stranger->value);
    }
    return command_error("there is no command %.64s", line.command);
}

int command_number(struct line *line, const char *name, long lowest, long otherwise, long *out)
{
    const char *text = name == NULL ? line_word(line) : line_value(line, name);
    char *end = NULL;
    *out = otherwise;
    if (text == NULL)
        return 0;
    *out = strtol(text, &end, 10);
    return end == text || *end != '\0' || *out < lowest || *out > INT32_MAX ? -1 : 0;
}

int command_flag(struct line *line, const char *name, bool otherwise, bool *out)
{
    const char *text = name == NULL ? line_word(line) : line_value(line, name);
    *out = otherwise;
    if (text == NULL)
        return 0;
    *out = strcmp(text, "yes") == 0 || strcmp(text, "on") == 0;
    return *out || strcmp(text, "no") == 0 || strcmp(text, "off") == 0 ? 0 : -1;
}

int command_object(struct line *line, const char *name, json_object **out)
{
    const char *text = name == NULL ? line_word(line) : line_value(line, name);
    *out = NULL;
    if (text == NULL)
        return 0;
    return value_parse(text, strlen(text), out) == 0 && json_object_is_type(*out, json_type_object) ? 0 : -1;
}

struct client *command_client(struct standin *standin, struct line *line, json_object **error)
{
    const char *id = line_value(line, "client");
    struct client *client = clients_find(&standin->service->clients, id);
    if (client == NULL)
        *error = command_error("there is no client %.64s", id == NULL ? "without an id" : id);
    return client;
}

struct token *command_token(struct standin *standin, struct line *line, json_object **error)
{
    const char *id = line_value(line, "id"), *hash = line_value(line, "hash");
    const struct tokens *tokens = &standin->service->tokens;
    struct token *token = id != NULL     ? tokens_find(tokens, id)
                          : hash != NULL ? tokens_find_hash(tokens, hash)
                                         : NULL;
    if (token == NULL)
        *error = command_error("there is no such token");
    return token;
}
