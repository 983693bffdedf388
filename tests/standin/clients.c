/* The clients of the service: see clients.h. */
#include "clients.h"

#include "file.h"
#include "memory.h"
#include "pem.h"

#include <err.h>
#include <libgen.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static const char demo_clients[] =
    "{\"clients\":["
    "{\"id\":\"c2m_alice\",\"secret\":\"secret-of-alice\",\"scopes\":[\"jobs:submit\",\"jobs:read\","
    "\"account:read\",\"tokens:write\",\"tokens:revoke\",\"login:web1\"]},"
    "{\"id\":\"c2m_bob\",\"secret\":\"secret-of-bob\",\"scopes\":[\"jobs:submit\",\"jobs:read\","
    "\"account:read\",\"tokens:write\",\"tokens:revoke\",\"login:web1\"]},"
    "{\"id\":\"c2m_carol\",\"secret\":\"secret-of-carol\",\"scopes\":[\"jobs:submit\",\"jobs:read\","
    "\"account:read\",\"tokens:write\",\"tokens:revoke\"]},"
    "{\"id\":\"c2m_host\",\"secret\":\"secret-of-host\",\"scopes\":[\"jobs:submit\",\"jobs:read\","
    "\"account:read\",\"tokens:write\",\"tokens:revoke\",\"login:web1\"]}]}";

static void client_free(struct client *client)
{
    free(client->id);
    free(client->secret);
    scopes_deinit(&client->scopes);
    EVP_PKEY_free(client->assertion_key);
    free(client);
}

static int read_key(struct client *client, const char *path, const char *file)
{
    OWN_TEXT char *copy = memory_copy(file);
    OWN_TEXT char *full = path[0] == '/' ? memory_copy(path) : file_path(dirname(copy), path);
    OWN_TEXT char *text = file_read(full, NULL);
    client->assertion_key = text == NULL ? NULL : pem_read_public(text);
    if (client->assertion_key == NULL)
        warnx("%s: %s holds no public key", file, full);
    return client->assertion_key == NULL ? -1 : 0;
}

static int read_member(struct client *client, const char *name, json_object *value, const char *file)
{
    bool is_text = json_object_is_type(value, json_type_string);
    bool is_flag = json_object_is_type(value, json_type_boolean);
    if (strcmp(name, "id") == 0 && is_text && client->id == NULL)
        client->id = memory_copy(json_object_get_string(value));
    else if (strcmp(name, "secret") == 0 && is_text && client->secret == NULL)
        client->secret = memory_copy(json_object_get_string(value));
    else if (strcmp(name, "suspended") == 0 && is_flag)
        client->suspended = json_object_get_boolean(value);
    else if (strcmp(name, "needs_code") == 0 && is_flag)
        client->needs_code = json_object_get_boolean(value);
    else if (strcmp(name, "assertion_key") == 0 && is_text && client->assertion_key == NULL)
        return read_key(client, json_object_get_string(value), file);
    else if (strcmp(name, "scopes") != 0 || scopes_add_json(&client->scopes, value) != 0) {
        warnx("%s: a client has no member `%s' of this type", file, name);
        return -1;
    }
    return 0;
}

static int read_client(struct clients *clients, json_object *object, const char *file)
{
    if (!json_object_is_type(object, json_type_object)) {
        warnx("%s: a client is an object", file);
        return -1;
    }
    struct client *client = memory_zeroed(1, sizeof *client);
    int failed = 0;
    json_object_object_foreach(object, name, value)
    {
        failed |= read_member(client, name, value, file);
    }
    if (failed == 0 && (client->id == NULL || clients_find(clients, client->id) != NULL)) {
        warnx("%s: a client needs an id of its own", file);
        failed = -1;
    }
    if (failed != 0) {
        client_free(client);
        return -1;
    }
    client->next = clients->first;
    clients->first = client;
    return 0;
}

int clients_load(struct clients *clients, const char *path)
{
    size_t length = strlen(demo_clients);
    OWN_TEXT char *text = path == NULL ? memory_copy(demo_clients) : file_read(path, &length);
    OWN_JSON json_object *root = NULL;
    json_object *array = NULL;
    if (text == NULL) {
        warn("cannot read %s", path);
        return -1;
    }
    if (value_parse(text, length, &root) != 0 || !json_object_is_type(root, json_type_object) ||
        !json_object_object_get_ex(root, "clients", &array) || json_object_object_length(root) != 1 ||
        !json_object_is_type(array, json_type_array)) {
        warnx("%s: not {\"clients\":[...]}", path);
        return -1;
    }
    for (size_t i = 0; i < json_object_array_length(array); i++)
        if (read_client(clients, json_object_array_get_idx(array, i), path) != 0)
            return -1;
    return 0;
}

void clients_deinit(struct clients *clients)
{
    while (clients->first != NULL) {
        struct client *client = clients->first;
        clients->first = client->next;
        client_free(client);
    }
}

struct client *clients_find(const struct clients *clients, const char *id)
{
    struct client *client = clients->first;
    while (client != NULL && (id == NULL || strcmp(client->id, id) != 0))
        client = client->next;
    return client;
}

bool client_secret_is(const struct client *client, const char *secret)
{
    return client->secret != NULL && strlen(client->secret) == strlen(secret) &&
           CRYPTO_memcmp(client->secret, secret, strlen(secret)) == 0;
}
