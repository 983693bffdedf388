/*
 * authd.conf and users in a report. Of the configuration only what a row of the table allows: another key may be a
 * misspelt one, and its value a secret.
 */
#include "authd.h"
#include "bundle.h"
#include "users_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum value_kind { WORDS, FILE_NAME, ADDRESS };

static const struct {
    const char *key;
    enum value_kind kind;
} shown[] = {
    {"url", ADDRESS},
    {"jwks", ADDRESS},
    {"audience", WORDS},
    {"issuer", WORDS},
    {"ca", FILE_NAME},
    {"key", FILE_NAME},
    {"secret", FILE_NAME},
    {"users", FILE_NAME},
    {"client_secrets", FILE_NAME},
    {"seal_key", FILE_NAME},
    {"requests_per_minute", WORDS},
    {"channel", WORDS},
    {"algorithm", WORDS},
    {"tolerance", WORDS},
    {"max_lifetime", WORDS},
    {"accept", WORDS},
    {"accept_local", WORDS},
    {"accept_remote", WORDS},
    {"required_scopes", WORDS},
    {"max_age", WORDS},
    {"single_use", WORDS},
    {"long_forms", WORDS},
    {"scope_prefix", WORDS},
    {"request_scopes", WORDS},
    {"unmapped", WORDS},
    {"refusal_floor", WORDS},
    {"reuse", WORDS},
    {"unknown", WORDS},
    {"stored", WORDS},
    {"on_expiry", WORDS},
    {"max_session", WORDS},
    {"client", WORDS},
    {"key_id", WORDS},
    {"assertion_type", WORDS},
    {"scopes", WORDS},
    {"ttl", WORDS},
    {"pasted_long", WORDS},
};

/* No more than NAME. */
static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

/* A secret where its file should be named is no file. */
static bool is_as_it_should(enum value_kind kind, char *value)
{
    if (kind == FILE_NAME)
        return value[0] == '/' && access(value, F_OK) == 0;
    if (kind == ADDRESS) {
        value[strcspn(value, "?#")] = '\0';
        return (strncmp(value, "https://", 8) == 0 || strncmp(value, "http://", 7) == 0) &&
               strchr(value, '@') == NULL;
    }
    return true;
}

static void write_key(FILE *out, const char *key, char *value)
{
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        if (strcmp(shown[i].key, key) != 0)
            continue;
        fprintf(out, "%s is %s\n", key, is_as_it_should(shown[i].kind, value) ? value : BUNDLE_LEFT_OUT);
        return;
    }
    fprintf(out, "%s is " BUNDLE_LEFT_OUT "\n", strcmp(key, "proxy") == 0 ? key : "another key");
}

void bundle_config(const struct options *options, FILE *out)
{
    const char *path = options->config == NULL ? AUTHD_CONFIG : options->config;
    FILE *file = fopen(path, "re");
    char line[4096];

    if (file == NULL) {
        fprintf(out, "%s: %s\n", path, strerrordesc_np(errno));
        return;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        /* comments, and what an indented line goes on with, are nobody's business */
        bool goes_on = line[0] == ' ' || line[0] == '\t';
        for (char *at = line; *at != '\0'; at++)
            if ((*at == '#' || *at == ';') && (at == line || at[-1] == ' ' || at[-1] == '\t'))
                *at = '\0', at--;
        char *equals = strchr(line, '='), *text = trim(line);
        if (text[0] == '[' && strchr(text, ']') != NULL)
            fprintf(out, "[%.*s]\n", (int)strcspn(text + 1, "]"), text + 1);
        else if (text[0] != '\0' && (goes_on || equals == NULL))
            fprintf(out, BUNDLE_LEFT_OUT "\n");
        else if (equals != NULL) {
            *equals = '\0';
            write_key(out, trim(line), trim(equals + 1));
        }
    }
    fclose(file);
}

static void count_user(void *data, const struct users_file_entry *entry)
{
    (void)entry;
    (*(size_t *)data)++;
}

void bundle_users(const struct options *options, FILE *out)
{
    char path[300];
    size_t count = 0;

    users_file_path(options->config == NULL ? AUTHD_CONFIG : options->config, path, sizeof path);
    int rc = users_file_read(path, count_user, &count);
    if (rc < 0)
        fprintf(out, "%s: %s\n", path, strerrordesc_np(-rc));
    else
        fprintf(out, "%s: %zu\n", path, count);
}
