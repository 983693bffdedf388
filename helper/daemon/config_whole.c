/* What only the whole can tell: what is missing, and which two lines cannot stand together. */
#include "config_reading.h"

#include "c2m/wire.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Where the keys come from, and of which algorithms they are. */
static void check_keys(struct reading *reading)
{
    struct config *config = reading->config;
    const struct {
        const char *name, *algorithm; /* the preset */
        bool said;
    } sources[] = {{"key", "RS256", config->key[0]}, {"jwks", "RS256", config->jwks[0]},
        {"secret", "HS256", config->secret[0]}, {"channel", "", config->channel}};
    int count = 0, last = 0, line = config_line(config, "verify", "algorithm");
    bool refused = reading_refused(reading, "verify", "key") || reading_refused(reading, "verify", "jwks") ||
                   reading_refused(reading, "verify", "secret") ||
                   reading_refused(reading, "verify", "channel");
    for (int i = 0; i < 4; i++) {
        count += sources[i].said;
        last = sources[i].said ? i : last;
    }
    if (count == 0 && (refused || reading->unknown))
        return; /* it was named, and its name or its value is wrong: said already */
    if (count != 1) {
        reading_fault(reading, reading_seen(reading, "verify", ""),
            "[verify] %s source of keys: one of key, jwks, secret and channel = yes must stand there",
            count == 0 ? "names no" : "names more than one");
        return;
    }
    bool more = strchr(config->algorithm, ' '), public = last < 2;
    if (config->algorithm[0] && (!public || (last == 0 && more)))
        reading_fault(reading, line, "[verify] algorithm = %s: %s", config->algorithm,
            last == 0   ? "a key has one algorithm: name that one"
            : last == 2 ? "a secret is for HS256 alone: remove the line"
                        : "with channel = yes no signature is looked at: remove the line");
    if (!config->algorithm[0])
        snprintf(config->algorithm, sizeof config->algorithm, "%s", sources[last].algorithm);
    if (last == 2)
        reading_warn(reading,
            "[verify] secret: every host that holds it can forge tokens of every user: prefer a public key");
}

/* What begins like one is sent to the API: a prefix that a Unix password may have by chance sends that too. */
static void check_long_forms(struct reading *reading)
{
    enum { SHORTEST = 3 };
    const char *safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~+/=-";
    for (const char *form = reading->config->long_forms; *form; form += strspn(form, " ")) {
        int length = (int)strcspn(form, " ");
        if (length < SHORTEST || strspn(form, safe) < (size_t)length)
            reading_fault(reading, config_line(reading->config, "login", "long_forms"),
                "[login] long_forms: \"%.*s\" must be 3 or more of A-Z a-z 0-9 . _ ~ + / = -: what begins so "
                "is sent to the "
                "API",
                length, form);
        form += length;
    }
}

/* Nobody can tell whether a pasted short token is genuine, so none is accepted. */
static void leave_out_short(struct reading *reading, const char *section, struct policy_rule *rule)
{
    static const char *const names[] = {[POLICY_LOCAL] = "accept_local", [POLICY_REMOTE] = "accept_remote"};
    const unsigned short_form = 1u << C2M_FORM_SHORT;
    int said = 0;
    for (int origin = 0; reading->config->channel && origin < POLICY_ORIGINS; origin++) {
        int own = reading_seen(reading, section, names[origin]);
        int line = own > 0 ? own : reading_seen(reading, section, "accept");
        const char *name = own > 0 ? names[origin] : "accept";
        if (rule->accept[origin] == short_form && line != said)
            reading_fault(reading, line,
                "[%s] %s = short: with channel = yes a pasted short token cannot be verified: write %s = "
                "long",
                section, name, name);
        said = line;
        rule->accept[origin] &= ~short_form;
    }
}

/* SECTION as it is written, "service sudo". What it does not say itself is [login]'s, and was judged there. */
static void check_rule(struct reading *reading, const char *section, const struct policy_rule *rule)
{
    const struct config *config = reading->config;
    bool guessing = reading->unknown || reading_refused(reading, section, "required_scopes") ||
                    reading_refused(reading, section, "audience");
    bool judged = reading_seen(reading, section, "required_scopes") == 0 && strcmp(section, "login") != 0 &&
                  reading_seen(reading, section, "audience") == 0;
    if ((rule->accept[POLICY_LOCAL] | rule->accept[POLICY_REMOTE]) == 0 || judged)
        return;
    bool delivers = !scopes_empty(&config->delivery_scopes);
    if (rule->any_scope)
        reading_warn(reading,
            "[%s] required_scopes = any: every API token of a user is a key to his shell%s:"
            " name a login scope",
            section, delivers ? " and, printed by c2mctl token, at other hosts of this configuration" : "");
    else if (scopes_empty(&rule->required) && rule->audience[0] && delivers)
        reading_warn(reading,
            "[%s] audience alone: what c2mctl token prints logs in at other hosts of this configuration:"
            " name a login scope in required_scopes",
            section);
    else if (scopes_empty(&rule->required) && !rule->audience[0] && !guessing)
        reading_fault(reading, reading_seen(reading, section, ""),
            "[%s] says neither required_scopes nor audience: decide which tokens may log in, for example "
            "required_scopes = login:HOST",
            section);
    if (!scopes_empty(&rule->required) && scopes_related(&config->delivery_scopes, &rule->required))
        reading_fault(reading, config_line(config, "delivery", "scopes"),
            "[delivery] scopes would log in at [%s]: a delivered token must not be a key", section);
}

static void check_host(struct reading *reading)
{
    const struct config *config = reading->config;
    int line = config_line(config, "host", "key");
    if (config->host_key[0] && !config->host_client[0] && !reading_refused(reading, "host", "client"))
        reading_fault(
            reading, line, "[host] key signs for a client, and none is named: write client = its id");
    if (config->host_key[0] && !config->host_key_id[0] && !reading_refused(reading, "host", "key_id"))
        reading_fault(reading, line,
            "[host] key has no key_id: write the kid under which the service knows its public half");
}

static int find_tokens_scope(void *argument, const char *scope, size_t length)
{
    (void)argument;
    return length >= 7 && memcmp(scope, "tokens:", 7) == 0;
}

void reading_check(struct reading *reading)
{
    struct config *config = reading->config;
    static const struct {
        const char *section, *key;
        size_t place;
    } needed[] = {{"api", "url", offsetof(struct config, api_url)},
        {"verify", "issuer", offsetof(struct config, issuer)}};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        const struct config_key *key = config_key_find(needed[i].section, needed[i].key);
        int line = config_line(config, needed[i].section, needed[i].key);
        const char *value = (const char *)config + needed[i].place;
        if (!value[0] && !reading_refused(reading, needed[i].section, needed[i].key) &&
            (line > 0 || !reading->unknown))
            reading_fault(reading, line > 0 ? line : reading_seen(reading, needed[i].section, ""),
                "[%s] %s is missing: %s", needed[i].section, needed[i].key, key->meaning);
    }
    check_host(reading);
    char section[sizeof reading->seen[0].section];
    check_keys(reading);
    check_long_forms(reading);
    leave_out_short(reading, "login", &config->policy.login);
    check_rule(reading, "login", &config->policy.login);
    for (unsigned i = 0; i < config->policy.count; i++) {
        snprintf(section, sizeof section, "service %s", config->policy.services[i].name);
        leave_out_short(reading, section, &config->policy.services[i].rule);
        check_rule(reading, section, &config->policy.services[i].rule);
    }
    if (scopes_each(&config->delivery_scopes, find_tokens_scope, NULL))
        reading_fault(reading, config_line(config, "delivery", "scopes"),
            "[delivery] scopes holds a tokens: scope: its parent revokes, the delivered token never does");
}
