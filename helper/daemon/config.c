/*
 * Reading: items as they stand in the file, checked against the table; then what only the whole can tell. Every
 * error is reported, so that one run says all there is to mend.
 */
#include "config.h"

#include "base/ini.h"
#include "base/log.h"
#include "config_keys.h"
#include "c2m/printable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEN_MAX = 1024 };

struct reading {
    struct config *config;
    config_report report;
    void *argument;
    int errors;
    int line;
    struct {
        char section[80];
        char key[32];
        int line;
    } seen[SEEN_MAX];
    unsigned seen_count;
};

__attribute__((format(printf, 4, 0))) static void say(
    struct reading *reading, const char *prefix, int line, const char *format, va_list arguments)
{
    char where[CONFIG_PATH_SIZE + 16], what[512], sentence[1024];
    snprintf(where, sizeof where, line > 0 ? "%s:%d" : "%s", reading->config->file, line);
    vsnprintf(what, sizeof what, format, arguments);
    snprintf(sentence, sizeof sentence, "%s%s: %s", prefix, where, what);
    reading->report(reading->argument, sentence);
}

__attribute__((format(printf, 3, 4))) static void fault(
    struct reading *reading, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(reading, "", line, format, arguments);
    va_end(arguments);
    reading->errors++;
}

__attribute__((format(printf, 2, 3))) static void warn(struct reading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(reading, "warning: ", 0, format, arguments);
    va_end(arguments);
}

static const char *shown(char *out, const char *text)
{
    return c2m_printable(out, C2M_PRINTABLE_SIZE, text, strlen(text));
}

/* The rule of [service NAME], made as a copy of [login]'s when it is met first. */
static struct policy_rule *service_rule(struct reading *reading, const char *name, int line)
{
    struct policy *policy = &reading->config->policy;
    for (unsigned i = 0; i < policy->count; i++)
        if (strcmp(policy->services[i].name, name) == 0)
            return &policy->services[i].rule;
    if (policy->count == POLICY_SERVICES_MAX || strlen(name) > C2M_NAME_MAX) {
        fault(reading, line, "too many services, or too long a name");
        return NULL;
    }
    snprintf(policy->services[policy->count].name, sizeof policy->services[0].name, "%s", name);
    policy->services[policy->count].rule = policy->login;
    return &policy->services[policy->count++].rule;
}

static const struct config_key *find_key(const char *section, const char *name)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (strcmp(config_keys[i].section, section) == 0 && strcmp(config_keys[i].name, name) == 0)
            return &config_keys[i];
    return NULL;
}

static bool known_section(const char *section)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (strcmp(config_keys[i].section, section) == 0)
            return true;
    return false;
}

static void say_unknown(struct reading *reading, const char *section, const char *name, int line)
{
    char safe_section[C2M_PRINTABLE_SIZE], safe_name[C2M_PRINTABLE_SIZE];
    const char *near = config_nearest(section, name);
    shown(safe_section, section ? section : "");
    shown(safe_name, name);
    if (section)
        fault(reading, line, "unknown key \"%s\" in [%s]%s%s%s", safe_name, safe_section, near ? ": " : "",
            near ? near : "", near ? "?" : "");
    else
        fault(reading, line, "unknown section [%s]%s%s%s", safe_name, near ? ": [" : "", near ? near : "",
            near ? "]?" : "");
}

/* A key stands once in its section. */
static bool is_first(struct reading *reading, const char *section, const char *name, int line)
{
    for (unsigned i = 0; i < reading->seen_count; i++) {
        if (strcmp(reading->seen[i].section, section) == 0 && strcmp(reading->seen[i].key, name) == 0) {
            fault(reading, line, "%s stands in line %d already: remove one of the two", name,
                reading->seen[i].line);
            return false;
        }
    }
    if (reading->seen_count < SEEN_MAX) {
        snprintf(reading->seen[reading->seen_count].section, sizeof reading->seen[0].section, "%s", section);
        snprintf(reading->seen[reading->seen_count].key, sizeof reading->seen[0].key, "%s", name);
        reading->seen[reading->seen_count++].line = line;
    }
    return true;
}

static bool is_placeholder(const char *value)
{
    const char *open = strchr(value, '<');
    return open && strchr(open, '>');
}

static void set_key(
    struct reading *reading, const struct config_key *key, void *base, const char *value, int line)
{
    char safe[C2M_PRINTABLE_SIZE];
    const char *wrong = config_set(key, base, value);
    if (is_placeholder(value))
        fault(reading, line, "%s still holds the placeholder %s: put %s there", key->name, shown(safe, value),
            key->meaning);
    else if (wrong)
        fault(reading, line, "%s = %s: %s%s%s", key->name, shown(safe, value), wrong,
            key->choices ? ": " : "", key->choices ? key->choices : "");
}

static void read_item(
    struct reading *reading, const char *section, const char *name, const char *value, int line)
{
    bool service = strncmp(section, "service ", 8) == 0;
    const char *kind = service ? "service" : section;
    if (!service && (strcmp(section, "service") == 0 || !known_section(section))) {
        say_unknown(reading, NULL, section, line);
        return;
    }
    const struct config_key *key = find_key(kind, name);
    if (!key) {
        say_unknown(reading, kind, name, line);
        return;
    }
    if (!is_first(reading, section, name, line))
        return;
    const char *service_name = section + (service ? 8 : 0);
    bool sudo = strcmp(service_name, "sudo") == 0 || strcmp(service_name, "sudo-i") == 0;
    if (service && strcmp(name, "reuse") == 0 && !sudo) {
        fault(reading, line, "reuse belongs to [service sudo] and [service sudo-i] only: remove it here");
        return;
    }
    struct policy_rule *rule = service ? service_rule(reading, service_name, line) : NULL;
    if (!service || rule)
        set_key(reading, key, service ? (void *)rule : reading->config, value, line);
}

/* [login] is read before the services that start from it, wherever it stands in the file. */
static int read_services(void *argument, const char *section, const char *name, const char *value, int line)
{
    if (strncmp(section, "service ", 8) == 0)
        read_item(argument, section, name, value, line);
    return 0;
}

static int read_others(void *argument, const char *section, const char *name, const char *value, int line)
{
    if (strncmp(section, "service ", 8) != 0)
        read_item(argument, section, name, value, line);
    return 0;
}

static void set_presets(struct config *config)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (config_keys[i].preset && strcmp(config_keys[i].section, "service") != 0)
            config_set(&config_keys[i], config, config_keys[i].preset);
}

/* Where the keys come from, and of which algorithms they are. */
static void check_keys(struct reading *reading)
{
    struct config *config = reading->config;
    const struct {
        const char *name, *algorithm; /* the preset */
        bool said;
    } sources[] = {{"key", "RS256", config->key[0]}, {"jwks", "RS256", config->jwks[0]},
        {"secret", "HS256", config->secret[0]}, {"channel", "", config->channel}};
    int count = 0, last = 0;
    for (int i = 0; i < 4; i++) {
        count += sources[i].said;
        last = sources[i].said ? i : last;
    }
    if (count != 1) {
        fault(reading, 0,
            "[verify] %s source of keys: one of key, jwks, secret and channel = yes must stand there",
            count == 0 ? "names no" : "names more than one");
        return;
    }
    bool more = strchr(config->algorithm, ' '), public = last < 2;
    if (config->algorithm[0] && (!public || (last == 0 && more)))
        fault(reading, 0, "[verify] algorithm = %s: %s", config->algorithm,
            last == 0   ? "a key has one algorithm: name that one"
            : last == 2 ? "a secret is for HS256 alone: remove the line"
                        : "with channel = yes no signature is looked at: remove the line");
    if (!config->algorithm[0])
        snprintf(config->algorithm, sizeof config->algorithm, "%s", sources[last].algorithm);
    if (last == 2)
        warn(reading,
            "[verify] secret: every host that holds it can forge tokens of every user: prefer a public key");
}

/* Nobody can tell whether a pasted short token is genuine, so none is accepted. */
static void leave_out_short(struct reading *reading, const char *name, struct policy_rule *rule)
{
    const unsigned short_form = 1u << C2M_FORM_SHORT;
    if (!reading->config->channel)
        return;
    if (rule->accept == short_form)
        fault(reading, 0,
            "[%s] accept = short: with channel = yes a pasted short token cannot be verified: write accept = "
            "long",
            name);
    rule->accept &= ~short_form;
}

static void check_rule(struct reading *reading, const char *name, const struct policy_rule *rule)
{
    const struct config *config = reading->config;
    if (rule->accept == 0)
        return;
    if (rule->any_scope)
        warn(reading,
            "[%s] required_scopes = any: every API token of a user is a key to his shell: name a login scope",
            name);
    else if (scopes_empty(&rule->required) && !rule->audience[0])
        fault(reading, 0,
            "[%s] says neither required_scopes nor audience: decide which tokens may log in, for example "
            "required_scopes = login:HOST",
            name);
    if (!scopes_empty(&rule->required) && scopes_related(&config->delivery_scopes, &rule->required))
        fault(
            reading, 0, "[delivery] scopes would log in at [%s]: a delivered token must not be a key", name);
}

static int find_tokens_scope(void *argument, const char *scope, size_t length)
{
    (void)argument;
    return length >= 7 && memcmp(scope, "tokens:", 7) == 0;
}

static void check_whole(struct reading *reading)
{
    struct config *config = reading->config;
    static const struct {
        const char *section, *key;
        size_t place;
    } needed[] = {{"api", "url", offsetof(struct config, api_url)},
        {"verify", "issuer", offsetof(struct config, issuer)}};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        bool named = false;
        for (unsigned s = 0; s < reading->seen_count; s++)
            named |= strcmp(reading->seen[s].section, needed[i].section) == 0 &&
                     strcmp(reading->seen[s].key, needed[i].key) == 0;
        const char *value = (const char *)config + needed[i].place;
        if (!named || !value[0])
            fault(reading, 0, "[%s] %s is missing: %s", needed[i].section, needed[i].key,
                find_key(needed[i].section, needed[i].key)->meaning);
    }
    check_keys(reading);
    leave_out_short(reading, "login", &config->policy.login);
    for (unsigned i = 0; i < config->policy.count; i++)
        leave_out_short(reading, config->policy.services[i].name, &config->policy.services[i].rule);
    check_rule(reading, "login", &config->policy.login);
    for (unsigned i = 0; i < config->policy.count; i++)
        check_rule(reading, config->policy.services[i].name, &config->policy.services[i].rule);
    if (scopes_each(&config->delivery_scopes, find_tokens_scope, NULL))
        fault(reading, 0,
            "[delivery] scopes holds a tokens: scope: its parent revokes, the delivered token never does");
}

/* `users` beside the file, so that several helpers need no more than a folder each. */
static void place_users(struct config *config)
{
    const char *slash = strrchr(config->file, '/');
    if (!config->users[0] && slash)
        snprintf(
            config->users, sizeof config->users, "%.*s/users", (int)(slash - config->file), config->file);
    else if (!config->users[0])
        snprintf(config->users, sizeof config->users, "users");
}

int config_load(const char *file, struct config *out, config_report report, void *argument)
{
    struct reading *reading = calloc(1, sizeof *reading);
    int stopped = 0;
    if (!reading)
        return -ENOMEM;
    *out = (struct config){.file = ""};
    snprintf(out->file, sizeof out->file, "%s", file);
    *reading = (struct reading){.config = out, .report = report, .argument = argument};
    set_presets(out);
    int r = ini_read(file, read_others, reading, &stopped);
    if (r == 0)
        r = ini_read(file, read_services, reading, &stopped);
    if (r < 0)
        fault(reading, 0, "%s", log_errno(r));
    else if (r > 0)
        fault(reading, r, "not a line of [section] or key = value");
    else
        check_whole(reading);
    snprintf(out->policy.prefix, sizeof out->policy.prefix, "%s", out->scope_prefix);
    place_users(out);
    int errors = reading->errors;
    free(reading);
    return errors;
}
