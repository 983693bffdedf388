/* Item by item, against the table: a name that is known, once, with a value of its kind. */
#include "config_reading.h"

#include "c2m/printable.h"

#include <stdio.h>
#include <string.h>

/* The rule of [service NAME], made as a copy of [login]'s when it is met first. */
static struct policy_rule *service_rule(struct reading *reading, const char *name, int line)
{
    struct policy *policy = &reading->config->policy;
    for (unsigned i = 0; i < policy->count; i++)
        if (strcmp(policy->services[i].name, name) == 0)
            return &policy->services[i].rule;
    if (policy->count == POLICY_SERVICES_MAX || strlen(name) > C2M_NAME_MAX) {
        reading_fault(reading, line, "too many services, or too long a name");
        return NULL;
    }
    snprintf(policy->services[policy->count].name, sizeof policy->services[0].name, "%s", name);
    policy->services[policy->count].rule = policy->login;
    return &policy->services[policy->count++].rule;
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
    reading_shown(safe_section, section ? section : "");
    reading_shown(safe_name, name);
    if (section)
        reading_fault(reading, line, "unknown key \"%s\" in [%s]%s%s%s", safe_name, safe_section,
            near ? ": " : "", near ? near : "", near ? "?" : "");
    else
        reading_fault(reading, line, "unknown section [%s]%s%s%s", safe_name, near ? ": [" : "",
            near ? near : "",
            !near                          ? ""
            : strcmp(near, "service") == 0 ? " NAME]?"
                                           : "]?");
}

/* A key stands once in its section, and a section once in the file. */
static bool is_first(struct reading *reading, const char *section, const char *name, int line)
{
    int before = reading_seen(reading, section, name);
    if (before > 0) {
        char safe[C2M_PRINTABLE_SIZE];
        reading_fault(reading, line, "%s%s%s stands in line %d already: %s", name[0] ? name : "[",
            name[0] ? "" : reading_shown(safe, section), name[0] ? "" : "]", before,
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
        reading_fault(reading, line, "%s still holds the placeholder %s: put %s there", key->name,
            reading_shown(safe, value), key->meaning);
    else if (wrong)
        reading_fault(reading, line, "%s = %s: %s%s", key->name, reading_shown(safe, value), wrong,
            known_text(key, known, sizeof known));
}

/* What is said for one origin stands, also when `accept`, which is for both, comes after it. */
static void set_accept(struct reading *reading, const char *section, const struct config_key *key,
    struct policy_rule *rule, const char *value, int line)
{
    const struct policy_rule before = *rule;
    bool service = config_is_service(section);
    set_key(reading, key, service ? (void *)rule : reading->config, value, line);
    if (strcmp(key->name, "accept") != 0)
        return;
    if (reading_seen(reading, section, "accept_local") > 0)
        rule->accept[POLICY_LOCAL] = before.accept[POLICY_LOCAL];
    if (reading_seen(reading, section, "accept_remote") > 0)
        rule->accept[POLICY_REMOTE] = before.accept[POLICY_REMOTE];
}

static void read_header(struct reading *reading, const char *section, int line)
{
    reading->skipping = true;
    if (strcmp(section, "service") == 0)
        reading_fault(reading, line, "[service] needs a name: [service sudo], for example");
    else if (!config_is_service(section) && !known_section(section))
        say_unknown(reading, NULL, section, line);
    else
        reading->skipping = !is_first(reading, section, "", line);
}

static void read_item(
    struct reading *reading, const char *section, const char *name, const char *value, int line)
{
    bool service = config_is_service(section);
    const char *kind = service ? "service" : section;
    if (!name) {
        read_header(reading, section, line);
        return;
    }
    if (!section[0])
        reading_fault(reading, line, "\"%s\" stands before the first [section]",
            reading_shown((char[C2M_PRINTABLE_SIZE]){""}, name));
    if (!section[0] || reading->skipping)
        return;
    const struct config_key *key = config_key_find(kind, name);
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
        reading_fault(
            reading, line, "reuse belongs to [service sudo] and [service sudo-i] only: remove it here");
        return;
    }
    struct policy_rule *rule =
        service ? service_rule(reading, service_name, line) : &reading->config->policy.login;
    if (rule && key->kind == CONFIG_ACCEPT)
        set_accept(reading, section, key, rule, value, line);
    else if (rule)
        set_key(reading, key, service ? (void *)rule : reading->config, value, line);
}

/* [login] is read before the services that start from it, wherever it stands in the file. */
int reading_services(void *argument, const char *section, const char *name, const char *value, int line)
{
    if (config_is_service(section))
        read_item(argument, section, name, value, line);
    return 0;
}

int reading_others(void *argument, const char *section, const char *name, const char *value, int line)
{
    if (!config_is_service(section))
        read_item(argument, section, name, value, line);
    return 0;
}
