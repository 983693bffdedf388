/* Joining is strict: what is not clearly the base of an API is a mistake to be told at the start. */
#include "token/api_url.h"

#include "base/http_headers.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char scheme[] = "https://";
enum { BASE_MAX = 512 };

/* What stands before the path, from "https://"; 0 when it is no host and port. */
static size_t authority_length(const char *base)
{
    const char *host = base + sizeof scheme - 1;
    bool bracket = *host == '[';
    size_t length = bracket ? strspn(host + 1, "0123456789abcdefABCDEF:.") : strspn(host, LETTERS ".-_");
    const char *end = host + length;
    if (length == 0 || (bracket && *++end != ']'))
        return 0;
    end += bracket;
    if (*end == ':') {
        size_t digits = strspn(++end, "0123456789");
        long port = digits > 0 && digits <= 5 ? strtol(end, NULL, 10) : 0;
        if (port < 1 || port > 65535)
            return 0;
        end += digits;
    }
    return *end == '\0' || *end == '/' ? (size_t)(end - base) : 0;
}

/* "" or "/SEGMENT" once or more. */
static bool sound_path(const char *path)
{
    while (*path == '/') {
        size_t length = strspn(++path, LETTERS "._~-");
        if (length == 0 || strspn(path, ".") == length)
            return false;
        path += length;
    }
    return *path == '\0';
}

static bool cut_end(char *text, const char *end)
{
    size_t length = strlen(text), cut = strlen(end);
    if (length < cut || strcmp(text + length - cut, end) != 0)
        return false;
    text[length - cut] = '\0';
    return true;
}

int api_url_base(const char *base, char out[API_URL_SIZE])
{
    size_t length = strlen(base);
    if (length > BASE_MAX || strncmp(base, scheme, sizeof scheme - 1) != 0)
        return -EINVAL;
    size_t authority = authority_length(base);
    if (authority == 0)
        return -EINVAL;
    memcpy(out, base, length + 1);
    char *path = out + authority;
    cut_end(path, "/");
    bool once = cut_end(path, "/auth"), twice = once && cut_end(path, "/auth");
    return !twice && sound_path(path) && !strstr(path, "/auth/tokens") ? 0 : -EINVAL;
}

void api_url_issue(const char *base, char out[API_URL_SIZE])
{
    snprintf(out, API_URL_SIZE, "%s/auth/tokens/long", base);
}

void api_url_exchange(const char *base, char out[API_URL_SIZE])
{
    snprintf(out, API_URL_SIZE, "%s/auth/tokens/short", base);
}

int api_url_revoke(const char *base, const char *token_id, char out[API_URL_SIZE])
{
    if (!http_safe_id(token_id, strlen(token_id)))
        return -EINVAL;
    snprintf(out, API_URL_SIZE, "%s/auth/tokens/%s/revoke", base, token_id);
    return 0;
}
