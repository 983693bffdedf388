/* Values by kind. A sentence says what is wrong and what would be right. */
#include "config_keys.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *set_text(char *out, size_t size, const char *value)
{
    size_t length = strlen(value);
    if (length >= size)
        return "the value is too long";
    memcpy(out, value, length + 1);
    return NULL;
}

static const char *set_path(char *out, size_t size, const char *value)
{
    if (value[0] && value[0] != '/')
        return "a path begins with /";
    return set_text(out, size, value);
}

/* Letters of other scripts that look like ours would name another host. */
static bool is_visible_ascii(const char *text)
{
    for (; *text; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

static const char *set_url(char *out, size_t size, const char *value)
{
    if (!value[0])
        return set_text(out, size, value);
    if (strncmp(value, "https://", 8) != 0 || !value[8] || strpbrk(value, "?#@") || !is_visible_ascii(value))
        return "only https://HOST[:PORT][/PREFIX] is a URL here";
    return set_text(out, size, value);
}

/* The unit's factor in milliseconds; 0 when it is none. */
static int64_t unit_ms(const char *unit)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(unit, units[i].unit) == 0)
            return units[i].ms;
    return 0;
}

static const char *set_number(const struct config_key *key, int64_t *out, const char *value)
{
    char *end;
    if (value[0] < '0' || value[0] > '9' || strlen(value) > 12)
        return key->kind == CONFIG_INTEGER ? "a number is wanted"
                                           : "a duration is wanted, such as 30s, 5m or 1h";
    int64_t number = strtoll(value, &end, 10);
    if (key->kind != CONFIG_INTEGER) {
        int64_t unit = unit_ms(end);
        if (unit == 0)
            return "a duration is wanted, such as 30s, 5m or 1h";
        number *= unit;
        if (key->kind == CONFIG_DURATION && number % 1000)
            return "whole seconds are wanted";
        number /= key->kind == CONFIG_DURATION ? 1000 : 1;
        end += strlen(end);
    }
    if (*end)
        return "a number is wanted";
    if (number < key->low || number > key->high)
        return "out of range";
    *out = number;
    return NULL;
}

/* The place of VALUE among the blank-separated CHOICES; -1. */
static int choice(const char *choices, const char *value)
{
    int index = 0;
    for (const char *word = choices; *word; word += strspn(word, " "), index++) {
        size_t length = strcspn(word, " ");
        if (strlen(value) == length && memcmp(word, value, length) == 0)
            return index;
        word += length;
    }
    return -1;
}

static const char *set_required(struct policy_rule *rule, const char *value)
{
    rule->any_scope = strcmp(value, "any") == 0;
    rule->required = (struct scopes){.text = ""};
    if (rule->any_scope)
        return NULL;
    return scopes_parse(&rule->required, value, strlen(value)) < 0 ? "not a list of scopes" : NULL;
}

static const char *set_accept(unsigned *out, const char *value)
{
    static const char forms[] = "short long code secret";
    char word[16];
    *out = 0;
    if (strcmp(value, "none") == 0)
        return NULL;
    for (const char *at = value + strspn(value, " ,"); *at; at += strspn(at, " ,")) {
        size_t length = strcspn(at, " ,");
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        int index = choice(forms, word);
        if (index < 0)
            return "short, long, code and secret can be accepted, or none";
        *out |= 1u << (index + C2M_FORM_SHORT);
        at += length;
    }
    return *out ? NULL : "short, long, code and secret can be accepted, or none";
}

static const char *set_algorithms(const struct config_key *key, char *out, const char *value)
{
    unsigned seen = 0;
    char word[16];
    for (const char *at = value + strspn(value, " "); *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        int index = choice(key->choices, word);
        if (index < 0 || length >= sizeof word || seen & 1u << index)
            return "RS256, PS256, ES256 and EdDSA are known, each once (HS256 comes with `secret`)";
        seen |= 1u << index;
        at += length;
    }
    return set_text(out, key->size, value);
}

const char *config_set(const struct config_key *key, void *base, const char *value)
{
    void *place = (char *)base + key->place, *rule;
    const char *wrong;
    unsigned accept;
    int index;
    switch (key->kind) {
    case CONFIG_TEXT:
        return set_text(place, key->size, value);
    case CONFIG_PATH:
        return set_path(place, key->size, value);
    case CONFIG_URL:
        return set_url(place, key->size, value);
    case CONFIG_INTEGER:
    case CONFIG_DURATION:
    case CONFIG_MS:
        return set_number(key, place, value);
    case CONFIG_CHOICE:
        index = choice(key->choices, value);
        *(int64_t *)place = index;
        return index < 0 ? "not one of the words that are known here" : NULL;
    case CONFIG_ALGORITHM:
        return set_algorithms(key, place, value);
    case CONFIG_SCOPES:
        *(struct scopes *)place = (struct scopes){.text = ""};
        return scopes_parse(place, value, strlen(value)) < 0 ? "not a list of scopes" : NULL;
    case CONFIG_REQUIRED:
        rule = (char *)place - offsetof(struct policy_rule, required);
        return set_required(rule, value);
    case CONFIG_ACCEPT:
        wrong = set_accept(&accept, value);
        for (size_t i = 0; !wrong && i < key->size / sizeof accept; i++)
            ((unsigned *)place)[i] = accept;
        return wrong;
    }
    return "this kind of key is unknown";
}
