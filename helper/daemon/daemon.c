/* Wiring only: who owns what, who is told what. No rule of the house stands here. */
#include "daemon.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/http.h"
#include "base/log.h"
#include "base/vault.h"
#include "ipc/requests.h"
#include "keys.h"
#include "login/expiry.h"
#include "login/renewal.h"
#include "login/rotation.h"
#include "login/throttle.h"
#include "session/issuing.h"
#include "state.h"
#include "stopping.h"
#include "watchdog.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { HOUSEKEEPING_MS = 60 * 1000, CONNECT_TIMEOUT_MS = 3000 };

struct daemon {
    struct rules *rules; /* what a reload replaces */
    struct loop *loop;
    struct store *store;
    const char *state_dir; /* the caller's */
    struct vault *vault;
    struct http *http;
    struct budget *budget;
    struct tally *tally;
    struct revoker *revoker;
    struct login_parts parts;
    struct delivery *delivery;
    struct renewal *renewal;
    struct expiry *expiry;
    struct enrolled *enrolled;
    struct rotation *rotation;
    struct admin admin;
    struct user_lines user_lines;
    struct requests requests;
    struct server *server;
    struct loop_timer *housekeeping;
    struct watchdog *watchdog;
    struct loop_signal *term, *interrupt, *hangup;
    struct stopping *stopping;
};

static void turn(void *argument)
{
    const struct daemon *daemon = argument;
    store_turn(daemon->store);
    if (!store_damaged(daemon->store))
        return;
    log_message(
        LOG_LEVEL_ERROR, "state: the database is damaged: this helper ends, and the next one sets it aside");
    loop_stop(daemon->loop);
}

/* Whoever asks the API for tokens goes first: what is under way becomes the orphans', who have it revoked. */
static void stop_asking(struct daemon *daemon)
{
    server_free(STEAL(daemon->server));
    rotation_free(STEAL(daemon->rotation));
    expiry_free(STEAL(daemon->expiry)); /* which asks what may be renewed */
    renewal_free(STEAL(daemon->renewal));
    delivery_free(STEAL(daemon->delivery));
}

static void stop(void *argument)
{
    struct daemon *daemon = argument;
    stop_asking(daemon);
    stopping_begin(daemon->stopping);
}

static void keep_house(void *argument)
{
    struct daemon *daemon = argument;
    deny_list_prune(daemon->parts.deny_list);
    int r = store_checkpoint(daemon->store);
    if (r < 0 && r != -EBUSY)
        log_message(LOG_LEVEL_WARNING, "state: checkpoint: %s", log_errno(r));
    malloc_trim(0); /* what a thousand logins at once took, and what lies free between what stays */
    loop_timer_set(daemon->housekeeping, HOUSEKEEPING_MS);
}

static void use_rules(struct daemon *daemon)
{
    daemon->parts.policy = &daemon->rules->config.policy;
    daemon->parts.user_map = daemon->rules->user_map;
    daemon->parts.client_secrets = daemon->rules->client_secrets;
    daemon->parts.options = &daemon->rules->options;
    daemon->parts.host = &daemon->rules->host;
}

static void report_error(void *argument, const char *sentence)
{
    (void)argument;
    log_message(strncmp(sentence, "warning: ", 9) == 0 ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR, "%s", sentence);
}

/* The API's address and keys at rest belong to parts that are made once; the sandbox knows the ports of the start. */
static bool needs_restart(const struct config *a, const struct config *b)
{
    return strcmp(a->api_url, b->api_url) != 0 || strcmp(a->api_ca, b->api_ca) != 0 ||
           strcmp(a->api_proxy, b->api_proxy) != 0 || a->requests_per_minute != b->requests_per_minute ||
           http_port(a->jwks, 443) != http_port(b->jwks, 443) || strcmp(a->seal_key, b->seal_key) != 0 ||
           a->pasted_long_revoke != b->pasted_long_revoke ||
           strcmp(a->delivery_scopes.text, b->delivery_scopes.text) != 0 ||
           strcmp(a->scope_prefix, b->scope_prefix) != 0;
}

/* A broken file leaves everything as it was. What needs a restart is said, not half done. */
static void reload(void *argument)
{
    struct daemon *daemon = argument;
    struct rules *rules = NULL;
    struct config *config CLEANUP_FREE = calloc(1, sizeof *config);
    if (!config || config_load(daemon->rules->config.file, config, report_error, NULL) != 0 ||
        rules_new(config, report_error, NULL, &rules) < 0) {
        log_message(LOG_LEVEL_ERROR, "reload: the old configuration stays in force");
        return;
    }
    if (keys_reload(&daemon->parts, daemon->http, rules) < 0) {
        rules_free(rules);
        log_message(LOG_LEVEL_ERROR, "reload: no memory: the old configuration stays in force");
        return;
    }
    if (needs_restart(&daemon->rules->config, config))
        log_message(LOG_LEVEL_WARNING, "reload: [api], [delivery], [revocation] and another port of [verify] "
                                       "jwks take effect with a restart");
    vault_free(STEAL(rules->vault)); /* it was only tried */
    rules_free(daemon->rules);
    daemon->rules = rules;
    use_rules(daemon);
    throttle_forget(daemon->parts.throttle);
    log_message(LOG_LEVEL_NOTICE, "reload: done");
}

static void session_ended(void *argument, const struct session *session, enum reason why)
{
    const struct daemon *daemon = argument;
    (void)why;
    if (daemon->delivery)
        delivery_forget(daemon->delivery, session->reference);
    if (daemon->renewal)
        renewal_forget(daemon->renewal, session->reference);
}

static int make_api(struct daemon *daemon)
{
    const struct config *config = &daemon->rules->config;
    const struct http_options options = {
        .ca_file = config->api_ca[0] ? config->api_ca : NULL,
        .proxy = config->api_proxy[0] ? config->api_proxy : NULL,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
    };
    int r = http_new(daemon->loop, &options, &daemon->http);
    if (r == 0)
        r = tally_new(&daemon->tally);
    if (r == 0)
        r = mismatches_new(&daemon->parts.mismatches);
    if (r == 0)
        r = budget_new((unsigned)config->requests_per_minute, &daemon->budget);
    if (r == 0)
        r = api_new(daemon->loop, daemon->http, daemon->budget, config->api_url, &daemon->parts.api);
    if (r < 0)
        return r;
    api_set_orphan(daemon->parts.api, login_orphan, &daemon->parts);
    api_set_tally(daemon->parts.api, daemon->tally);
    api_set_mismatches(daemon->parts.api, daemon->parts.mismatches);
    return 0;
}

static int make_keys(struct daemon *daemon)
{
    return keys_new(&daemon->parts, daemon->http, daemon->rules);
}

static int make_sessions(struct daemon *daemon)
{
    struct login_parts *parts = &daemon->parts;
    const struct ledger_options options = {
        .revoke_pasted_long = daemon->rules->config.pasted_long_revoke != 0};
    int r = deny_list_new(daemon->store, &parts->deny_list);
    if (r == 0)
        r = revoker_new(daemon->loop, daemon->store, daemon->vault, parts->api, &daemon->revoker);
    if (r == 0)
        r = ledger_new(
            daemon->store, daemon->vault, parts->deny_list, daemon->revoker, &options, &parts->ledger);
    if (r == 0)
        r = sessions_new(daemon->loop, daemon->store, parts->ledger, &parts->sessions);
    if (r == 0)
        r = presences_new(daemon->loop, parts->ledger, &parts->presences);
    return r;
}

static int make_delivery(struct daemon *daemon)
{
    const struct config *config = &daemon->rules->config;
    const struct delivery_parts parts = {
        .loop = daemon->loop,
        .store = daemon->store,
        .vault = daemon->vault,
        .api = daemon->parts.api,
        .verifier = daemon->parts.verifier,
        .jwks = &daemon->parts.jwks,
        .ledger = daemon->parts.ledger,
        .sessions = daemon->parts.sessions,
        .presences = daemon->parts.presences,
    };
    const struct delivery_options options = {
        .scopes = config->delivery_scopes, .prefix = config->scope_prefix[0] ? config->scope_prefix : NULL};
    int r = delivery_new(&parts, &options, &daemon->delivery);
    if (r == 0)
        sessions_on_end(daemon->parts.sessions, session_ended, daemon);
    return r;
}

static int make_renewal(struct daemon *daemon)
{
    int r = renewal_new(&daemon->parts, &daemon->renewal);
    return r < 0 ? r : expiry_new(&daemon->parts, daemon->renewal, &daemon->expiry);
}

static int make_enrolled(struct daemon *daemon)
{
    int r = enrolled_new(daemon->store, daemon->vault, daemon->parts.ledger, &daemon->enrolled);
    daemon->parts.enrolled = daemon->enrolled;
    if (r == 0)
        revoker_set_host(daemon->revoker, enrolled_host_bearer, daemon->enrolled);
    return r < 0 ? r : rotation_new(&daemon->parts, daemon->enrolled, &daemon->rotation);
}

static int make_login(struct daemon *daemon)
{
    daemon->parts.loop = daemon->loop;
    daemon->parts.store = daemon->store;
    use_rules(daemon);
    int r = names_new(daemon->store, &daemon->parts.names);
    if (r == 0)
        r = attempts_new(&daemon->parts.attempts);
    return r < 0 ? r : throttle_new(&daemon->parts.throttle);
}

void daemon_free(struct daemon *daemon)
{
    if (!daemon)
        return;
    struct login_parts *parts = &daemon->parts;
    stop_asking(daemon); /* undoes what was under way: the rest must still stand */
    if (daemon->store)
        store_turn(daemon->store);
    loop_signal_free(daemon->term);
    loop_signal_free(daemon->interrupt);
    loop_signal_free(daemon->hangup);
    loop_timer_free(daemon->housekeeping);
    expiry_free(daemon->expiry);
    stopping_free(daemon->stopping);
    watchdog_free(daemon->watchdog);
    enrolled_free(daemon->enrolled);
    throttle_free(parts->throttle);
    attempts_free(parts->attempts);
    names_free(parts->names);
    presences_free(parts->presences);
    sessions_free(parts->sessions);
    ledger_free(parts->ledger);
    revoker_free(daemon->revoker);
    deny_list_free(parts->deny_list);
    keys_free(parts);
    api_free(parts->api);
    budget_free(daemon->budget);
    http_free(daemon->http);
    tally_free(daemon->tally);
    mismatches_free(parts->mismatches);
    if (daemon->store)
        store_close(daemon->store);
    vault_free(daemon->vault);
    loop_free(daemon->loop);
    rules_free(daemon->rules);
    free(daemon);
}

static void daemon_freep(struct daemon **daemon)
{
    daemon_free(*daemon);
}

int daemon_new(struct rules *rules, const char *state_dir, bool adopt, struct daemon **out)
{
    struct daemon *daemon CLEANUP(daemon_freep) = calloc(1, sizeof *daemon);
    if (!daemon) {
        rules_free(rules);
        return -ENOMEM;
    }
    daemon->rules = rules;
    daemon->state_dir = state_dir;
    int r = loop_new(&daemon->loop);
    daemon->vault = STEAL(rules->vault);
    if (r == 0)
        r = state_open(state_dir, "/etc/machine-id", adopt, &daemon->store);
    int (*const parts[])(struct daemon *) = {
        make_login, make_api, make_keys, make_sessions, make_delivery, make_renewal, make_enrolled};
    for (size_t i = 0; r == 0 && i < sizeof parts / sizeof parts[0]; i++)
        r = parts[i](daemon);
    if (r < 0) {
        log_message(LOG_LEVEL_ERROR, "cannot start: %s", log_errno(r));
        return r;
    }
    *out = STEAL(daemon);
    return 0;
}

static bool is_session(void *argument, const char *holder)
{
    return sessions_find(argument, holder) != NULL;
}

int daemon_open(struct daemon *daemon, const struct server_sockets *sockets)
{
    daemon->admin = (struct admin){.sessions = daemon->parts.sessions,
        .jwks = &daemon->parts.jwks,
        .revoker = daemon->revoker,
        .api = daemon->parts.api,
        .budget = daemon->budget,
        .store = daemon->store,
        .state_dir = daemon->state_dir,
        .tally = daemon->tally,
        .mismatches = daemon->parts.mismatches,
        .started = clock_wall()};
    daemon->requests = (struct requests){.parts = &daemon->parts,
        .delivery = daemon->delivery,
        .enrolled = daemon->enrolled,
        .renewal = daemon->renewal,
        .admin = &daemon->admin,
        .user_lines = &daemon->user_lines};
    const struct server_handlers handlers = {
        .message = requests_handle, .known_uid = requests_known_uid, .argument = &daemon->requests};
    loop_set_turn_hook(daemon->loop, turn, daemon);
    int r = sessions_resume(daemon->parts.sessions);
    if (r == 0)
        r = enrolled_resume(daemon->enrolled, is_session, daemon->parts.sessions);
    if (r == 0)
        r = issuing_resume(daemon->parts.store);
    if (r == 0)
        r = stopping_new(daemon->loop, daemon->parts.api, &daemon->stopping);
    if (r == 0)
        r = loop_signal_new(daemon->loop, SIGTERM, stop, daemon, &daemon->term);
    if (r == 0)
        r = loop_signal_new(daemon->loop, SIGINT, stop, daemon, &daemon->interrupt);
    if (r == 0)
        r = loop_signal_new(daemon->loop, SIGHUP, reload, daemon, &daemon->hangup);
    if (r == 0)
        r = loop_timer_new(daemon->loop, keep_house, daemon, &daemon->housekeeping);
    if (r == 0)
        r = watchdog_new(daemon->loop, &daemon->watchdog);
    if (r == 0)
        r = server_new(daemon->loop, sockets, &handlers, &daemon->server);
    if (r < 0) {
        log_message(LOG_LEVEL_ERROR, "cannot start: %s", log_errno(r));
        return r;
    }
    loop_timer_set(daemon->housekeeping, HOUSEKEEPING_MS);
    return 0;
}

int daemon_run(struct daemon *daemon)
{
    int r = loop_run(daemon->loop);
    return r == 0 && store_damaged(daemon->store) ? -EUCLEAN : r;
}
