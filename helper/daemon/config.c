/*
 * Reading: items as they stand in the file, checked against the table; then what only the whole can tell. Every
 * error is reported, so that one run says all there is to mend.
 */
#include "config.h"

#include "base/file.h"
#include "base/ini.h"
#include "base/log.h"
#include "config_keys.h"
#include "c2m/printable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SEEN_MAX = 1024 };

struct reading {
    struct config *config;
    config_report report;
    void *argument;
    int errors;
    bool skipping; /* below a section that is none of ours, which was said at its header */
    bool refused[CONFIG_KEYS_MAX]; /* by the table: that key's value was said to be wrong */
    bool unknown; /* such a section or key was met: what is missing may stand there */
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
    reading->unknown = true;
    char safe_section[C2M_PRINTABLE_SIZE], safe_name[C2M_PRINTABLE_SIZE];
    const char *near = config_nearest(section, name);
    shown(safe_section, section ? section : "");
    shown(safe_name, name);
    if (section)
        fault(reading, line, "unknown key \"%s\" in [%s]%s%s%s", safe_name, safe_section, near ? ": " : "",
            near ? near : "", near ? "?" : "");
    else
        fault(reading, line, "unknown section [%s]%s%s%s", safe_name, near ? ": [" : "", near ? near : "",
            !near                          ? ""
            : strcmp(near, "service") == 0 ? " NAME]?"
                                           : "]?");
}

/* The line that a key, or a section's header (NAME ""), was met in; 0. */
static int seen_at(const struct reading *reading, const char *section, const char *name)
{
    for (unsigned i = 0; i < reading->seen_count; i++)
        if (strcmp(reading->seen[i].section, section) == 0 && strcmp(reading->seen[i].key, name) == 0)
            return reading->seen[i].line;
    return 0;
}

/* A key stands once in its section, and a section once in the file. */
static bool is_first(struct reading *reading, const char *section, const char *name, int line)
{
    int before = seen_at(reading, section, name);
    if (before > 0) {
        char safe[C2M_PRINTABLE_SIZE];
        fault(reading, line, "%s%s%s stands in line %d already: %s", name[0] ? name : "[",
            name[0] ? "" : shown(safe, section), name[0] ? "" : "]", before,
            name[0] ? "remove one of the two" : "write it once");
        return false;
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

/* "0s to 15m": the shortest unit that says it exactly. */
static const char *duration_text(const struct config_key *key, int64_t value, char *out, size_t size)
{
    static const struct {
        int64_t seconds;
        const char *unit;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}};
    int64_t ms = key->kind == CONFIG_MS ? value : value * 1000;
    size_t i = 0;
    while (i < 3 && (ms == 0 || ms % (units[i].seconds * 1000) != 0))
        i++;
    if (key->kind == CONFIG_INTEGER)
        snprintf(out, size, "%lld", (long long)value);
    else if (ms % 1000)
        snprintf(out, size, "%lldms", (long long)ms);
    else
        snprintf(out, size, "%lld%s", (long long)(ms / 1000 / units[i].seconds), units[i].unit);
    return out;
}

/* What else stands behind a complaint: the words that are known, or the bounds of a number. */
static const char *known_text(const struct config_key *key, char *out, size_t size)
{
    char low[32], high[32];
    bool number = key->kind == CONFIG_INTEGER || key->kind == CONFIG_DURATION || key->kind == CONFIG_MS;
    if (number)
        snprintf(out, size, ": from %s to %s", duration_text(key, key->low, low, sizeof low),
            duration_text(key, key->high, high, sizeof high));
    else
        snprintf(out, size, "%s%s", key->choices ? ": " : "", key->choices ? key->choices : "");
    return out;
}

static void set_key(
    struct reading *reading, const struct config_key *key, void *base, const char *value, int line)
{
    char safe[C2M_PRINTABLE_SIZE], known[256];
    const char *wrong = config_set(key, base, value);
    reading->refused[key - config_keys] = wrong || is_placeholder(value);
    if (is_placeholder(value))
        fault(reading, line, "%s still holds the placeholder %s: put %s there", key->name, shown(safe, value),
            key->meaning);
    else if (wrong)
        fault(reading, line, "%s = %s: %s%s", key->name, shown(safe, value), wrong,
            known_text(key, known, sizeof known));
}

static bool is_service(const char *section)
{
    return strncmp(section, "service ", 8) == 0;
}

static void read_header(struct reading *reading, const char *section, int line)
{
    reading->skipping = true;
    if (strcmp(section, "service") == 0)
        fault(reading, line, "[service] needs a name: [service sudo], for example");
    else if (!is_service(section) && !known_section(section))
        say_unknown(reading, NULL, section, line);
    else
        reading->skipping = !is_first(reading, section, "", line);
}

static void read_item(
    struct reading *reading, const char *section, const char *name, const char *value, int line)
{
    bool service = is_service(section);
    const char *kind = service ? "service" : section;
    if (!name) {
        read_header(reading, section, line);
        return;
    }
    if (!section[0])
        fault(reading, line, "\"%s\" stands before the first [section]",
            shown((char[C2M_PRINTABLE_SIZE]){""}, name));
    if (!section[0] || reading->skipping)
        return;
    const struct config_key *key = find_key(kind, name);
    if (!key) {
        say_unknown(reading, kind, name, line);
        return;
    }
    if (!is_first(reading, section, name, line))
        return;
    if (!service)
        reading->config->lines[key - config_keys] = line;
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
    if (is_service(section))
        read_item(argument, section, name, value, line);
    return 0;
}

static int read_others(void *argument, const char *section, const char *name, const char *value, int line)
{
    if (!is_service(section))
        read_item(argument, section, name, value, line);
    return 0;
}

static void set_presets(struct config *config)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (config_keys[i].preset && strcmp(config_keys[i].section, "service") != 0)
            config_set(&config_keys[i], config, config_keys[i].preset);
}

static bool was_refused(const struct reading *reading, const char *section, const char *name)
{
    const struct config_key *key = find_key(is_service(section) ? "service" : section, name);
    return key && reading->refused[key - config_keys];
}

/* SECTION as it is written, "service sudo". What it does not say itself is [login]'s, and was judged there. */
static void check_rule(struct reading *reading, const char *section, const struct policy_rule *rule)
{
    const struct config *config = reading->config;
    bool guessing = reading->unknown || was_refused(reading, section, "required_scopes") ||
                    was_refused(reading, section, "audience");
    bool judged = seen_at(reading, section, "required_scopes") == 0 && strcmp(section, "login") != 0 &&
                  seen_at(reading, section, "audience") == 0;
    if (rule->accept == 0 || judged)
        return;
    if (rule->any_scope)
        warn(reading,
            "[%s] required_scopes = any: every API token of a user is a key to his shell: name a login scope",
            section);
    else if (scopes_empty(&rule->required) && !rule->audience[0] && !guessing)
        fault(reading, seen_at(reading, section, ""),
            "[%s] says neither required_scopes nor audience: decide which tokens may log in, for example "
            "required_scopes = login:HOST",
            section);
    if (!scopes_empty(&rule->required) && scopes_related(&config->delivery_scopes, &rule->required))
        fault(reading, config_line(config, "delivery", "scopes"),
            "[delivery] scopes would log in at [%s]: a delivered token must not be a key", section);
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
        {"verify", "issuer", offsetof(struct config, issuer)},
        {"verify", "key", offsetof(struct config, key)}};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        const struct config_key *key = find_key(needed[i].section, needed[i].key);
        int line = config_line(config, needed[i].section, needed[i].key);
        const char *value = (const char *)config + needed[i].place;
        if (!value[0] && !was_refused(reading, needed[i].section, needed[i].key) &&
            (line > 0 || !reading->unknown))
            fault(reading, line > 0 ? line : seen_at(reading, needed[i].section, ""),
                "[%s] %s is missing: %s", needed[i].section, needed[i].key, key->meaning);
    }
    char section[sizeof reading->seen[0].section];
    check_rule(reading, "login", &config->policy.login);
    for (unsigned i = 0; i < config->policy.count; i++) {
        snprintf(section, sizeof section, "service %s", config->policy.services[i].name);
        check_rule(reading, section, &config->policy.services[i].rule);
    }
    if (scopes_each(&config->delivery_scopes, find_tokens_scope, NULL))
        fault(reading, config_line(config, "delivery", "scopes"),
            "[delivery] scopes holds a tokens: scope: its parent revokes, the delivered token never does");
}

int config_line(const struct config *config, const char *section, const char *name)
{
    const struct config_key *key = find_key(section, name);
    return key ? config->lines[key - config_keys] : 0;
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
        fault(reading, 0, "%s", file_complaint(r, S_IWGRP | S_IWOTH));
    else if (r > 0)
        fault(reading, r, "not a line of [section] or key = value, or with a control character in it");
    else
        check_whole(reading);
    snprintf(out->policy.prefix, sizeof out->policy.prefix, "%s", out->scope_prefix);
    place_users(out);
    int errors = reading->errors;
    free(reading);
    return errors;
}
