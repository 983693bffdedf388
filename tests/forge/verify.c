/*
 * What a helper of this configuration says of each token that is typed: the shipped login, from what was typed to the
 * verdict, with keys, map and policy as the configuration names them. Only the clock is the tests'.
 *
 *   verify CONFIG SET|- NOW DIRECTORY <RECORDS
 *
 * SET: the file of a JWK Set that was fetched. A record is a line "SERVICE LENGTH" and so many bytes; its answer the
 * line "VERDICT REASON VERIFIER", the last one what the verifier alone says of it, whatever stands in front of it.
 */
// fakes: clock
#include "base/log.h"
#include "config.h"
#include "login/login.h"
#include "login/throttle.h"
#include "rules.h"
#include "session/revoker.h"
#include "session/schema.h"

#include "fakes/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    struct login_parts parts;
    struct rules *rules;
    struct store *store;
    struct http *http;
    struct budget *budget;
    struct revoker *revoker;
    struct outcome outcome;
    bool prompted, judged;
} house;

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "verify: %s\n", what);
    exit(70);
}

static void report(void *argument, const char *sentence)
{
    (void)argument;
    fprintf(stderr, "verify: %s\n", sentence);
}

static void report_key(void *argument, const char *key_id, const char *why)
{
    (void)argument;
    fprintf(stderr, "verify: key %s: %s\n", key_id, why);
}

static char *read_whole(const char *file, size_t *length)
{
    static char bytes[65536];
    FILE *stream = fopen(file, "r");
    must(stream != NULL, file);
    *length = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    return bytes;
}

static void make_verifier(const char *set)
{
    struct verifier_options options;
    size_t length;
    const char *why = "";
    rules_verifier_options(house.rules, &options);
    must(verifier_new(&options, house.rules->keyset, &house.parts.verifier) == 0, "verifier_new");
    house.rules->keyset = NULL;
    if (strcmp(set, "-") == 0)
        return;
    struct keyset *keyset = NULL;
    const char *bytes = read_whole(set, &length);
    must(keyset_from_jwks(bytes, length, house.rules->config.algorithm, report_key, NULL, &keyset, &why) == 0,
        why);
    verifier_set_keyset(house.parts.verifier, keyset);
}

static void commit(void *store)
{
    store_turn(store);
}

/* As the daemon makes them; what is asked of the API finds nobody there. */
static void make_parts(const char *directory)
{
    struct login_parts *parts = &house.parts;
    const struct config *config = &house.rules->config;
    const struct http_options http = {.connect_timeout_ms = 1000};
    static const struct ledger_options ledger = {.revoke_pasted_long = false};
    int r = loop_new(&parts->loop) | store_open(directory, schema_sql, SCHEMA_VERSION, &parts->store);
    must(r == 0, "loop and store");
    loop_set_turn_hook(parts->loop, commit, parts->store);
    r = http_new(parts->loop, &http, &house.http) |
        budget_new((unsigned)config->requests_per_minute, &house.budget) |
        api_new(parts->loop, house.http, house.budget, config->api_url, &parts->api);
    must(r == 0, "api");
    api_set_orphan(parts->api, login_orphan, parts);
    r = deny_list_new(parts->store, &parts->deny_list);
    r |= revoker_new(parts->loop, parts->store, house.rules->vault, parts->api, &house.revoker);
    r |= ledger_new(
        parts->store, house.rules->vault, parts->deny_list, house.revoker, &ledger, &parts->ledger);
    r |= sessions_new(parts->loop, parts->store, parts->ledger, &parts->sessions);
    r |= presences_new(parts->loop, parts->ledger, &parts->presences);
    r |= names_new(parts->store, &parts->names) | attempts_new(&parts->attempts) |
         throttle_new(&parts->throttle);
    must(r == 0, "sessions and login");
    parts->policy = &config->policy;
    parts->user_map = house.rules->user_map;
    parts->options = &house.rules->options;
}

static void make_house(const char *file, const char *set, const char *directory)
{
    struct config *config = calloc(1, sizeof *config);
    must(config && config_load(file, config, report, NULL) == 0, "the configuration");
    must(rules_new(config, report, NULL, &house.rules) == 0, "keys and map");
    free(config);
    make_verifier(set);
    make_parts(directory);
}

/* The ids of which this host knows that they prove nothing. */
static void deny(const char *id, enum deny_kind kind)
{
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash(id, strlen(id), hash);
    must(deny_list_add(house.parts.deny_list, id, hash, fake_wall + 86400, kind) == 0, "deny_list_add");
}

static void on_prompt(void *argument, const struct c2m_prompt *prompt)
{
    (void)argument;
    (void)prompt;
    house.prompted = true;
}

static void on_verdict(void *argument, const struct outcome *outcome)
{
    (void)argument;
    house.outcome = *outcome;
    house.judged = true;
}

/* alice, at a prompt of SERVICE. A grant that nobody hears leaves nothing behind, so each token is judged alone. */
static void type(const char service[40], const char *typed, size_t length)
{
    const struct login_peer peer = {.prompt = on_prompt, .verdict = on_verdict};
    struct login_request request = {
        .root_door = true, .can_ask = true, .uid = 1001, .deadline_ms = 10000, .user = "alice"};
    struct login *login = NULL;
    snprintf(request.service, sizeof request.service, "%s", service);
    must(process_read(getpid(), &request.caller) == 0, "process_read");
    house.prompted = house.judged = false;
    must(login_new(&house.parts, &request, &peer, &login) == 0 && house.prompted, "nothing was asked");
    must(login_answer(login, typed, length), "login_answer");
    for (int turn = 0; !house.judged && turn < 500; turn++)
        must(loop_turn(house.parts.loop, 20) == 0, "loop_turn");
    must(house.judged || house.prompted, "no verdict");
    if (house.judged)
        login_unheard(login);
    login_free(login);
    loop_turn(house.parts.loop, 0);
    throttle_forget(house.parts.throttle);
}

static const char *verifier_says(const char *typed, size_t length)
{
    SECRET_CLEANUP struct secret *secret = NULL;
    struct verified verified;
    if (length == 0)
        return reason_word(REASON_EMPTY);
    must(secret_new(typed, length, &secret) == 0, "secret_new");
    verifier_forget(house.parts.verifier);
    enum reason reason = verifier_check(house.parts.verifier, secret, &verified);
    verifier_forget(house.parts.verifier);
    return reason_word(reason);
}

static void answer(const char service[40], const char *typed, size_t length)
{
    const char *alone = verifier_says(typed, length);
    type(service, typed, length);
    if (house.judged)
        printf("%s %s %s\n", outcome_word(house.outcome.verdict), reason_word(house.outcome.reason), alone);
    else
        printf("asked_for_more none %s\n", alone);
}

static void release(void)
{
    struct login_parts *parts = &house.parts;
    throttle_free(parts->throttle);
    attempts_free(parts->attempts);
    names_free(parts->names);
    presences_free(parts->presences);
    sessions_free(parts->sessions);
    ledger_free(parts->ledger);
    revoker_free(house.revoker);
    deny_list_free(parts->deny_list);
    api_free(parts->api);
    budget_free(house.budget);
    http_free(house.http);
    verifier_free(parts->verifier);
    store_close(parts->store);
    rules_free(house.rules);
    loop_free(parts->loop);
}

int main(int count, char **arguments)
{
    char service[40];
    size_t length;
    must(count == 5, "usage: verify CONFIG SET|- NOW DIRECTORY");
    fake_wall = atoll(arguments[3]);
    must(process_open("/proc") == 0, "/proc");
    make_house(arguments[1], arguments[2], arguments[4]);
    deny("tok_revoked", DENY_REVOKED);
    deny("tok_ours", DENY_OURS);
    while (scanf("%39s %zu", service, &length) == 2 && getchar() == '\n') {
        char *typed =
            malloc(length > 0 ? length : 1); /* of its very size, so that a sanitizer sees a byte too many */
        must(typed && fread(typed, 1, length, stdin) == length, "a record is cut");
        answer(service, typed, length);
        free(typed);
    }
    must(feof(stdin), "no record");
    release();
    return 0;
}
