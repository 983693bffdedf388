/* The records of tokens across a restart: see snapshot.h. */
#include "snapshot.h"

#include "clock.h"
#include "file.h"
#include "memory.h"

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char name[] = "tokens.json";

static json_object *to_json(const struct token *token)
{
    json_object *object = token_describe(token);
    value_put_string(object, "parent", token->parent);
    value_put_string(object, "hash", token->hash);
    value_put_integer(object, "issued", token->issued);
    value_put_integer(object, "revoked_at_ms", token->revoked_at_ms);
    return object;
}

static void copy_text(char *out, size_t room, json_object *object, const char *member)
{
    const char *text = value_string(object, member);
    snprintf(out, room, "%s", text == NULL ? "" : text);
}

static void enter(struct tokens *tokens, json_object *object)
{
    const char *client = value_string(object, "client"), *id = value_string(object, "token_id");
    const char *type = value_string(object, "type");
    json_object *scopes = NULL;
    if (client == NULL || id == NULL || type == NULL || !json_object_object_get_ex(object, "scopes", &scopes))
        return;
    struct token *token = token_new(strcmp(type, "long") == 0 ? TOKEN_LONG : TOKEN_SHORT, client, id, 0);
    copy_text(token->parent, sizeof token->parent, object, "parent");
    copy_text(token->hash, sizeof token->hash, object, "hash");
    scopes_add_json(&token->scopes, scopes);
    token->issued = value_integer(object, "issued", 0);
    token->expires = value_integer(object, "expires", 0);
    token->revoked_at_ms = value_integer(object, "revoked_at_ms", 0);
    tokens_enter_hashed(tokens, token);
}

int snapshot_write(const struct tokens *tokens, const char *directory)
{
    OWN_TEXT char *path = file_path(directory, name);
    OWN_JSON json_object *array = json_object_new_array();
    for (const struct token *token = tokens->first; token != NULL; token = token->next)
        if (token->expires > clock_now())
            json_object_array_add(array, to_json(token));
    return file_write(path, value_text(array), 0600);
}

void snapshot_read(struct tokens *tokens, const char *directory)
{
    OWN_TEXT char *path = file_path(directory, name);
    size_t length = 0;
    OWN_TEXT char *text = file_read(path, &length);
    OWN_JSON json_object *array = NULL;
    if (text == NULL)
        return;
    if (value_parse(text, length, &array) != 0 || !json_object_is_type(array, json_type_array))
        warnx("%s is not what an earlier run wrote: ignored", path);
    else
        for (size_t i = 0; i < json_object_array_length(array); i++)
            enter(tokens, json_object_array_get_idx(array, i));
    unlink(path);
}
