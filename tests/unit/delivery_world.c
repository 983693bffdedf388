/* See delivery_world.h. */
#include "delivery_world.h"

#include "tokens.h"
#include "verifying.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct delivery *delivery;
struct jwks *delivery_jwks;
struct session session;
struct result results[4];
static struct verifier *verifier;
static struct token_key *key;
static struct sessions *sessions;
static struct presences *presences;

const struct token_key *delivery_key(void)
{
    return key;
}

struct verifier *delivery_verifier(void)
{
    return verifier;
}

void deliver_with_prefix(const char *scopes, const char *prefix)
{
    const struct delivery_parts parts = {.loop = world.loop,
        .store = world.store,
        .vault = world.vault,
        .api = world.api,
        .verifier = verifier,
        .jwks = &delivery_jwks,
        .ledger = world.ledger,
        .sessions = sessions,
        .presences = presences};
    struct delivery_options options = {.prefix = prefix};
    assert_int_equal(scopes_parse(&options.scopes, scopes, strlen(scopes)), 0);
    delivery_free(delivery);
    assert_int_equal(delivery_new(&parts, &options, &delivery), 0);
}

void deliver_scopes(const char *scopes)
{
    deliver_with_prefix(scopes, NULL);
}

int delivery_world_set_up(void **state)
{
    static char client[] = "c2m_alice", none[] = "";
    revocation_world_set_up(state);
    key = token_key_ed25519();
    verifier = verifying_new("EdDSA", key);
    assert_int_equal(sessions_new(world.loop, world.store, world.ledger, &sessions), 0);
    assert_int_equal(presences_new(world.loop, world.ledger, &presences), 0);
    delivery = NULL;
    memset(results, 0, sizeof results);
    session = (struct session){.reference = SESSION,
        .state = C2M_SESSION_ACTIVE,
        .user = "alice",
        .uid = 1001,
        .form = C2M_FORM_LONG,
        .tty = none,
        .rhost = none,
        .client = client,
        .token_id = none,
        .scopes = none,
        .audiences = none};
    deliver_scopes("jobs:read jobs:submit");
    assert_int_equal(hold(SESSION, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(hold(SESSION, LEDGER_PASTED_LONG, "lt_1"), 0);
    world_turn();
    return 0;
}

int delivery_world_tear_down(void **state)
{
    delivery_free(delivery);
    delivery = NULL;
    presences_free(presences);
    sessions_free(sessions);
    verifier_free(verifier);
    token_key_free(key);
    return revocation_world_tear_down(state);
}

static void ask(struct result *result, int64_t min_ttl);

static void told(void *argument, struct delivery_result *answer)
{
    struct result *result = argument;
    result->count++;
    result->reason = answer->reason;
    result->expires = answer->expires;
    result->retry_after = answer->retry_after;
    if (answer->token)
        snprintf(result->token, sizeof result->token, "%s", secret_bytes(answer->token));
    if (result->cancels)
        delivery_cancel(delivery, result->cancels);
    if (result->asks_again)
        ask(result->asks_again, 60);
}

static void ask(struct result *result, int64_t min_ttl)
{
    delivery_get(delivery, &session, min_ttl, TIMEOUT_MS, told, result);
}

void get(int index, int64_t min_ttl)
{
    ask(&results[index], min_ttl);
}

static void answer_exchange(const char *token, const char *answered_scopes, const char *answered_id)
{
    struct api_token answer = {.retry_after = -1};
    assert_int_equal(scopes_parse(&answer.scopes, answered_scopes, strlen(answered_scopes)), 0);
    snprintf(answer.token_id, sizeof answer.token_id, "%s", answered_id);
    int index = fake_api_waiting();
    assert_true(index >= 0);
    fake_api_issue((unsigned)index, token, &answer);
}

void issue_payload(const char *payload, const char *answered_scopes, const char *answered_id)
{
    char *token = token_mint(key, "EdDSA", "{\"alg\":\"EdDSA\"}", payload);
    answer_exchange(token, answered_scopes, answered_id);
    free(token);
    world_turn();
}

void issue_text(const char *token, const char *answered_id)
{
    answer_exchange(token, "", answered_id);
    world_turn();
}

void issue_without_a_turn(const char *scopes, const char *id)
{
    char more[256];
    snprintf(more, sizeof more, ",\"scope\":\"%s\"", scopes);
    char *payload = token_payload("c2m_alice", id, fake_wall, fake_wall + SHORT_LIFE, more);
    char *token = token_mint(key, "EdDSA", "{\"alg\":\"EdDSA\"}", payload);
    answer_exchange(token, "", id);
    free(token);
    free(payload);
}

void issue(const char *scopes, const char *id)
{
    issue_without_a_turn(scopes, id);
    world_turn();
}

void expect_token(int index, const char *id)
{
    assert_int_equal(results[index].count, 1);
    assert_int_equal(results[index].reason, REASON_CREDENTIAL);
    assert_true(results[index].token[0]);
    assert_int_equal(denied(id, NULL), DENY_OURS);
    assert_int_equal(denied(NULL, results[index].token), DENY_OURS);
}

void expect_refused(int index, enum reason reason)
{
    assert_int_equal(results[index].count, 1);
    assert_int_equal(results[index].reason, reason);
    assert_string_equal(results[index].token, "");
}
