#include "rules.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "token/api_url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void rules_free(struct rules *rules)
{
    if (!rules)
        return;
    keyset_free(rules->keyset);
    user_map_free(rules->user_map);
    client_secrets_free(rules->client_secrets);
    vault_free(rules->vault);
    assertion_free(rules->host.assertion);
    free(rules);
}

static void rules_freep(struct rules **rules)
{
    rules_free(*rules);
}

static void complain(const struct rules *rules, config_report report, void *argument, const char *section,
    const char *key, const char *value, const char *what)
{
    char sentence[CONFIG_PATH_SIZE * 2 + 512];
    int line = config_line(&rules->config, section, key);
    char where[16] = "";
    if (line > 0)
        snprintf(where, sizeof where, ":%d", line);
    snprintf(sentence, sizeof sentence, "%s%s: [%s] %s = %s: %s", rules->config.file, where, section, key,
        value, what);
    report(argument, sentence);
}

static int check_api(const struct rules *rules, config_report report, void *argument)
{
    char base[API_URL_SIZE];
    const char *url = rules->config.api_url;
    int r = url[0] ? api_url_base(url, base) : 0; /* a missing one was said by config.c */
    if (r < 0)
        complain(rules, report, argument, "api", "url", url,
            "it is no base of the API: https://HOST[:PORT][/PREFIX], without the paths of its endpoints");
    return r;
}

/* Those of a set are fetched later; whoever asks meanwhile waits. */
static int load_keys(struct rules *rules, config_report report, void *argument)
{
    const struct config *config = &rules->config;
    const char *why = NULL, *name = config->secret[0] ? "secret" : "key";
    const char *file = config->secret[0] ? config->secret : config->key;
    if (!config->secret[0] && !config->key[0] && !config->jwks[0] && !config->channel)
        return -EINVAL; /* said by config.c */
    int r = config->secret[0] ? keyset_from_secret(file, &rules->keyset, &why)
            : config->key[0]  ? keyset_from_file(file, config->algorithm, &rules->keyset, &why)
            : config->channel ? keyset_of_channel(&rules->keyset)
                              : keyset_empty(config->algorithm, &rules->keyset);
    if (r < 0)
        complain(rules, report, argument, "verify", name, file, why ? why : log_errno(r));
    return r;
}

/* A key that is there is never to be made again: what it has sealed could not be opened, nor be revoked. */
static int load_vault(struct rules *rules, config_report report, void *argument)
{
    const char *file = rules->config.seal_key;
    char cure[CONFIG_PATH_SIZE + 192];
    int r = vault_new(file, &rules->vault);
    if (r == -ENOENT)
        snprintf(cure, sizeof cure,
            "there is no such file: make it once: head -c 32 /dev/urandom >%s; chown root:c2m-authd and "
            "chmod 0640 it",
            file);
    else
        snprintf(cure, sizeof cure, "%s",
            r == -EMSGSIZE ? "it is not 32 bytes long: bring back the one that it was"
                           : file_complaint(r, VAULT_FORBIDDEN));
    if (r < 0)
        complain(rules, report, argument, "revocation", "seal_key", file, cure);
    return r;
}

static int load_host(struct rules *rules, config_report report, void *argument)
{
    const struct config *config = &rules->config;
    const char *why = NULL;
    rules->host = (struct host_options){.scopes = config->host_scopes, .ttl = config->host_ttl};
    snprintf(rules->host.client, sizeof rules->host.client, "%s", config->host_client);
    if (!config->host_key[0])
        return 0;
    const struct assertion_options options = {
        .key = config->host_key,
        .algorithm = config->host_es256 ? "ES256" : "RS256",
        .key_id = config->host_key_id,
        .audience = config->host_audience[0] ? config->host_audience : config->api_url,
        .type = config->host_assertion_type,
    };
    int r = assertion_new(&options, &rules->host.assertion, &why);
    if (r < 0)
        complain(rules, report, argument, "host", "key", config->host_key, why ? why : log_errno(r));
    return r;
}

/* Root's processes can be signalled with CAP_KILL alone: better no start than a login that nobody ends. */
static int check_hangup(struct rules *rules, config_report report, void *argument)
{
    if (!rules->config.on_expiry_hangup || sandbox_may_signal())
        return 0;
    complain(rules, report, argument, "session", "on_expiry", "hangup",
        "c2m-authd has no CAP_KILL: with systemd install hangup.conf (in share/c2m) as "
        "/etc/systemd/system/c2m-authd.service.d/hangup.conf and restart, or write on_expiry = keep");
    return -EPERM;
}

static int load_map(struct rules *rules, config_report report, void *argument)
{
    char sentence[1024];
    int r = user_map_load(rules->config.users, &rules->user_map, sentence, sizeof sentence);
    if (r < 0)
        report(argument, sentence);
    if (!rules->config.client_secrets[0])
        return r;
    int secrets =
        client_secrets_load(rules->config.client_secrets, &rules->client_secrets, sentence, sizeof sentence);
    if (secrets < 0)
        report(argument, sentence);
    return r < 0 ? r : secrets;
}

static int add_scope(void *argument, const char *scope, size_t length)
{
    return scopes_add(argument, scope, length);
}

/*
 * Whatever is asked for, it can be revoked by itself. Too many to ask for: an exchange asks as it was said, and of a
 * long token none are named, so that the client's own are granted.
 */
static void set_scopes(struct rules *rules)
{
    const struct config *config = &rules->config;
    struct scopes *scopes = &rules->options.issue_scopes;
    char revoke[sizeof config->scope_prefix + 16];
    int length = snprintf(revoke, sizeof revoke, "%stokens:revoke", config->scope_prefix);
    struct scopes *exchanged = &rules->options.request_scopes;
    if (!scopes_empty(exchanged) && scopes_add(exchanged, revoke, (size_t)length) < 0)
        *exchanged = config->request_scopes;
    if (scopes_each(&config->request_scopes, add_scope, scopes) < 0 ||
        scopes_each(&config->delivery_scopes, add_scope, scopes) < 0 ||
        scopes_add(scopes, revoke, (size_t)length) < 0)
        scopes->text[0] = '\0';
}

int rules_new(const struct config *config, config_report report, void *argument, struct rules **out)
{
    struct rules *rules CLEANUP(rules_freep) = calloc(1, sizeof *rules);
    if (!rules)
        return -ENOMEM;
    rules->config = *config;
    int keys = load_keys(rules, report, argument), map = load_map(rules, report, argument),
        vault = load_vault(rules, report, argument), host = load_host(rules, report, argument),
        hangup = check_hangup(rules, report, argument), api = check_api(rules, report, argument);
    const int results[] = {keys, map, vault, host, hangup, api};
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (results[i] < 0)
            return results[i];
    rules->options = (struct login_options){
        .unmapped_deny = config->unmapped_deny != 0,
        .refusal_floor_ms = config->refusal_floor_ms,
        .account_unknown = (enum account_unknown)config->account_unknown,
        .stored = config->stored != 0,
        .hang_up = config->on_expiry_hangup != 0,
        .max_session_ms = config->max_session * 1000,
        .single_use = config->single_use != 0,
        .request_scopes = config->request_scopes,
    };
    set_scopes(rules);
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
