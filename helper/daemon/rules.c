#include "rules.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void rules_free(struct rules *rules)
{
    if (!rules)
        return;
    keyset_free(rules->keyset);
    user_map_free(rules->user_map);
    free(rules);
}

static void rules_freep(struct rules **rules)
{
    rules_free(*rules);
}

/* Those of a set are fetched later; whoever asks meanwhile waits. */
static int load_keys(struct rules *rules, config_report report, void *argument)
{
    const struct config *config = &rules->config;
    const char *why = NULL, *name = config->secret[0] ? "secret" : "key";
    const char *file = config->secret[0] ? config->secret : config->key;
    char sentence[CONFIG_PATH_SIZE * 2 + 256];
    int r = config->secret[0] ? keyset_from_secret(file, &rules->keyset, &why)
            : config->key[0]  ? keyset_from_file(file, config->algorithm, &rules->keyset, &why)
            : config->channel ? keyset_of_channel(&rules->keyset)
                              : keyset_empty(config->algorithm, &rules->keyset);
    if (r < 0) {
        snprintf(sentence, sizeof sentence, "%s: [verify] %s = %s: %s", config->file, name, file,
            why ? why : log_errno(r));
        report(argument, sentence);
    }
    return r;
}

static int load_map(struct rules *rules, config_report report, void *argument)
{
    char sentence[1024];
    int r = user_map_load(rules->config.users, &rules->user_map, sentence, sizeof sentence);
    if (r < 0)
        report(argument, sentence);
    return r;
}

int rules_new(const struct config *config, config_report report, void *argument, struct rules **out)
{
    struct rules *rules CLEANUP(rules_freep) = calloc(1, sizeof *rules);
    if (!rules)
        return -ENOMEM;
    rules->config = *config;
    int keys = load_keys(rules, report, argument), map = load_map(rules, report, argument);
    if (keys < 0 || map < 0)
        return keys < 0 ? keys : map;
    rules->options = (struct login_options){
        .unmapped_deny = config->unmapped_deny != 0,
        .refusal_floor_ms = config->refusal_floor_ms,
        .account_unknown_deny = config->account_unknown_deny != 0,
        .request_scopes = config->request_scopes,
    };
    snprintf(rules->options.long_prefixes, sizeof rules->options.long_prefixes, "%s", config->long_forms);
    *out = STEAL(rules);
    return 0;
}

void rules_verifier_options(const struct rules *rules, struct verifier_options *out)
{
    *out = (struct verifier_options){
        .issuer = rules->config.issuer,
        .tolerance = rules->config.tolerance,
        .max_lifetime = rules->config.max_lifetime,
    };
}
