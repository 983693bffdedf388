// link: -Wl,--wrap=malloc tests/fuzz/small_buffer.c
/*
 * authd.conf. What is taken without an error is within its bounds and names one source of keys; each complaint is one
 * printable line that begins with the file's name.
 */
#include "given.h"

#include "config.h"
#include "config_keys.h"

#include <string.h>

struct heard {
    const char *file;
    int errors;
};

static void told(void *argument, const char *sentence)
{
    static const char warning[] = "warning: ";
    struct heard *heard = argument;
    bool warned = strncmp(sentence, warning, sizeof warning - 1) == 0;
    const char *text = warned ? sentence + sizeof warning - 1 : sentence;
    must(given_printable(sentence), "a complaint is one printable line");
    must(strncmp(text, heard->file, strlen(heard->file)) == 0, "a complaint begins with the file's name");
    heard->errors += !warned;
}

static void is_ended(const char *text, size_t size)
{
    must(strnlen(text, size) < size, "a text is ended");
    for (; *text; text++)
        must((unsigned char)*text >= ' ' || *text == '\t', "a text has no control character");
}

static void key_holds(const struct config *config, const struct config_key *key)
{
    const char *place = (const char *)config + key->place;
    int64_t number;
    if (strcmp(key->section, "service") == 0)
        return;
    if (key->kind == CONFIG_TEXT || key->kind == CONFIG_PATH || key->kind == CONFIG_URL)
        is_ended(place, key->size);
    if (key->kind == CONFIG_PATH)
        must(place[0] == '/' || place[0] == '\0', "a path is absolute");
    if (key->kind == CONFIG_URL)
        must((strncmp(place, "https://", 8) == 0 && given_printable(place)) || place[0] == '\0',
            "a URL is https and printable");
    if (key->kind != CONFIG_INTEGER && key->kind != CONFIG_DURATION && key->kind != CONFIG_MS)
        return;
    memcpy(&number, place, sizeof number);
    must(number >= key->low && number <= key->high, "a number is within its bounds");
}

static void rule_holds(const struct policy_rule *rule)
{
    for (int i = 0; i < POLICY_ORIGINS; i++)
        must(rule->accept[i] < 1u << (C2M_FORM_STORED + 1), "only forms that there are can be accepted");
    must(rule->max_age >= 0, "an age is not negative");
    must(strnlen(rule->required.text, SCOPES_SIZE) < SCOPES_SIZE, "scopes are ended");
}

static void taken(const struct config *config)
{
    for (size_t i = 0; i < config_key_count; i++)
        key_holds(config, &config_keys[i]);
    must(config->api_url[0] && config->issuer[0], "an API and an issuer are named");
    must((config->key[0] != 0) + (config->secret[0] != 0) + (config->jwks[0] != 0) + (config->channel != 0) ==
             1,
        "there is one source of keys");
    rule_holds(&config->policy.login);
    must(config->policy.count <= sizeof config->policy.services / sizeof config->policy.services[0],
        "services are bounded");
    for (unsigned i = 0; i < config->policy.count; i++)
        rule_holds(&config->policy.services[i].rule);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heard heard = {.file = given_file(data, size)};
    static struct config config; /* which ASan would map anew each time */
    int errors = config_load(heard.file, &config, told, &heard);
    must(errors == heard.errors, "each error is told");
    if (errors == 0)
        taken(&config);
    return 0;
}
