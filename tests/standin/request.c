/* One HTTP request: see request.h. */
#include "request.h"

#include "memory.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"long", "short", "revoke", "jobs", "jwks", "healthz", "other", "any"};

static const struct {
    const char *path;
    enum endpoint endpoint;
} routes[] = {
    {"/auth/tokens/long", ENDPOINT_LONG},
    {"/auth/tokens/short", ENDPOINT_SHORT},
    {"/.well-known/jwks.json", ENDPOINT_JWKS},
    {"/jwks.json", ENDPOINT_JWKS},
    {"/healthz", ENDPOINT_HEALTHZ},
};

const char *endpoint_name(enum endpoint endpoint)
{
    return names[endpoint];
}

int endpoint_by_name(const char *name, enum endpoint *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *out = (enum endpoint)i;
        return 0;
    }
    return -1;
}

/* /auth/tokens/{target}/revoke, with a target of one part. */
static const char *revoke_target(const char *path)
{
    static const char before[] = "/auth/tokens/";
    if (strncmp(path, before, strlen(before)) != 0)
        return NULL;
    const char *target = path + strlen(before);
    const char *slash = strchr(target, '/');
    return slash != NULL && slash != target && strcmp(slash, "/revoke") == 0 ? target : NULL;
}

static enum endpoint find_route(const char *path)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(routes[i].path, path) == 0)
            return routes[i].endpoint;
    if (strncmp(path, "/jobs/", 6) == 0 && path[6] != '\0')
        return ENDPOINT_JOBS;
    return ENDPOINT_OTHER;
}

void request_route(struct request *request)
{
    const char *path = request->path;
    if (strncmp(path, "/v1/", 4) == 0 || strncmp(path, "/v2/", 4) == 0)
        path += 3;
    const char *target = revoke_target(path);
    if (target == NULL) {
        request->endpoint = find_route(path);
        return;
    }
    request->endpoint = ENDPOINT_REVOKE;
    request->target = memory_copy_bytes(target, (size_t)(strchr(target, '/') - target));
}

bool request_is_json(const struct request *request)
{
    static const char json[] = "application/json";
    const char *type = request->content_type;
    if (type == NULL || strncasecmp(type, json, strlen(json)) != 0)
        return false;
    type += strlen(json);
    return *type == '\0' || *type == ';' || isspace((unsigned char)*type);
}

const char *request_bearer(const struct request *request)
{
    const char *header = request->authorization;
    if (header == NULL || strncasecmp(header, "Bearer ", 7) != 0)
        return NULL;
    return header + 7 + strspn(header + 7, " ");
}

void request_note_bearer(struct request *request, const char *text)
{
    char hash[BYTES_HASH_TEXT];
    bytes_hash(text, strlen(text), hash);
    snprintf(request->bearer_hash, sizeof request->bearer_hash, "%.8s", hash);
}

void request_note_client(struct request *request, const char *client)
{
    snprintf(request->client, sizeof request->client, "%s", client);
}

void request_note_token(struct request *request, const char *token_id)
{
    snprintf(request->token_id, sizeof request->token_id, "%s", token_id);
}

void request_deinit(struct request *request)
{
    free(request->method);
    free(request->path);
    free(request->authorization);
    free(request->client_id);
    free(request->content_type);
    free(request->body);
    free(request->target);
}
