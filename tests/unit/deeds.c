/* See deeds.h. */
#include "deeds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IS_TOKEN_ID "tok_%u"

long deeds_now;
struct deed deeds[DEEDS_MAX];
unsigned deeds_count;
static struct process_facts listener;
static bool revoked[DEEDS_MAX];

static void bury(struct deed *deed)
{
    if (deed->lives) {
        dies(&deed->authenticator);
        dies(&deed->opener);
    }
    deed->lives = false;
}

void deeds_end_processes(void)
{
    for (unsigned i = 0; i < deeds_count; i++)
        bury(&deeds[i]);
}

void deeds_forget(void)
{
    deeds_end_processes();
    while (deeds_count > 0)
        login_free(deeds[--deeds_count].login);
    if (listener.process.pid > 0)
        dies(&listener);
    listener = (struct process_facts){.process = {.pid = 0}};
}

static void prompted(void *argument, const struct c2m_prompt *prompt)
{
    (void)argument, (void)prompt;
}

static void judged(void *argument, const struct outcome *outcome)
{
    struct deed *deed = argument;
    deed->refused = outcome->verdict == C2M_GRANTED ? REASON_NONE : outcome->reason;
    if (outcome->verdict == C2M_GRANTED)
        deed->granted = deeds_now;
    memcpy(deed->reference, outcome->reference, sizeof deed->reference);
}

static struct deed *arrive(void)
{
    if (deeds_count == DEEDS_MAX)
        return NULL;
    if (listener.process.pid == 0)
        listener = spawn_daemon();
    struct deed *deed = &deeds[deeds_count];
    *deed = (struct deed){.is_long = deeds_count % 3 == 2,
        .lives = true,
        .granted = DEEDS_NEVER,
        .opened = DEEDS_NEVER,
        .closed = DEEDS_NEVER,
        .ending = DEEDS_NEVER};
    snprintf(deed->token_id, sizeof deed->token_id, IS_TOKEN_ID, deeds_count++);
    deed->opener = spawn(&listener);
    deed->authenticator = spawn(&deed->opener);
    return deed;
}

static char *short_token(const char *id)
{
    char *payload = token_payload("c2m_alice", id, fake_wall - 10, fake_wall + LIFE, GOOD);
    char *token = token_mint(world.key, "EdDSA", "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", payload);
    free(payload);
    return token;
}

struct deed *deed_log_in(void)
{
    struct deed *deed = arrive();
    if (!deed)
        return NULL;
    const struct login_peer peer = {.prompt = prompted, .verdict = judged, .argument = deed};
    struct login_request request = request_of("sshd", "alice", ALICE, &deed->authenticator, &deed->opener);
    char long_token[40], *text = NULL;
    snprintf(long_token, sizeof long_token, "lt_%s_0123456789abcdef", deed->token_id);
    if (!deed->is_long)
        text = short_token(deed->token_id);
    assert_int_equal(login_new(&world.parts, &request, &peer, &deed->login), 0);
    const char *typed = text ? text : long_token;
    assert_true(login_answer(deed->login, typed, strlen(typed)));
    free(text);
    return deed;
}

/* The long token says whose short one it is to be. */
void deeds_exchange(void)
{
    for (unsigned i = 0; i < fake_api_count(); i++) {
        const struct fake_request *request = fake_api_request(i);
        struct api_token answer = {.outcome = API_OK, .reason = REASON_CREDENTIAL, .retry_after = -1};
        if (request->answered || request->kind != FAKE_EXCHANGE)
            continue;
        snprintf(answer.token_id, sizeof answer.token_id, "%.*s",
            (int)(strrchr(request->bearer, '_') - request->bearer - 3), request->bearer + 3);
        answer.expires = fake_wall + LIFE;
        unsigned number;
        assert_int_equal(sscanf(answer.token_id, IS_TOKEN_ID, &number), 1);
        deeds[number].obtained = true;
        char *token = short_token(answer.token_id);
        fake_api_issue(i, token, &answer);
        free(token);
    }
}

static void opened(void *argument, int error)
{
    struct deed *deed = argument;
    if (error == 0)
        deed->opened = deeds_now;
}

void deed_open(struct deed *deed)
{
    deed->opening = true;
    deed->opener.audit_id = 100 + (uint32_t)(deed - deeds);
    deed->opener.login_uid = ALICE;
    changed(&deed->opener);
    assert_non_null(sessions_open(world.parts.sessions, &deed->opener, "alice"));
    assert_int_equal(store_after_commit(world.parts.store, opened, deed), 0);
}

static void closed(void *argument, int error)
{
    struct deed *deed = argument;
    if (error == 0)
        deed->closed = deeds_now;
}

void deed_close(struct deed *deed)
{
    deed->ending = deeds_now;
    assert_true(sessions_close(world.parts.sessions, deed->opener.process, "alice"));
    assert_int_equal(store_after_commit(world.parts.store, closed, deed), 0);
}

void deed_settle(struct deed *deed)
{
    if (deed->login && (deed->granted != DEEDS_NEVER || deed->refused != REASON_NONE)) {
        login_free(deed->login);
        deed->login = NULL;
    }
    deed->ended |= deed->refused != REASON_NONE || deed->ending != DEEDS_NEVER;
    if (deed->ended)
        bury(deed);
}

static bool has_row(const char *sql, const char *value)
{
    struct store_statement *statement;
    assert_int_equal(store_prepare(world.parts.store, sql, &statement), 0);
    store_bind_text(statement, 1, value);
    bool found = store_row(statement) == 1;
    store_finish(statement);
    return found;
}

static bool is_past(long moment, long when)
{
    return moment != DEEDS_NEVER && moment < when;
}

static bool lost(const char **why, const char *what)
{
    *why = what;
    return false;
}

bool deed_on_disk(const struct deed *deed, long when, const char **why)
{
    bool session = has_row("SELECT 1 FROM sessions WHERE reference = ?1", deed->reference);
    bool token = has_row("SELECT 1 FROM tokens WHERE token_id = ?1", deed->token_id);
    if (is_past(deed->closed, when)) {
        if (session)
            return lost(why, "a session that was closed is back");
        if (!has_row("SELECT 1 FROM revocations WHERE token_id = ?1", deed->token_id))
            return lost(why, "the order of a close is lost");
        if (!has_row("SELECT 1 FROM denied WHERE kind = 2 AND token_id = ?1", deed->token_id))
            return lost(why, "the token of a close is denied no more");
        return true;
    }
    if (!is_past(deed->granted, when) || is_past(deed->ending, when))
        return true; /* either way is right */
    if (!session || !token || !has_row("SELECT 1 FROM holders WHERE holder = ?1", deed->reference))
        return lost(why, "a grant is lost");
    if (is_past(deed->opened, when) &&
        !has_row("SELECT 1 FROM sessions WHERE state = 2 AND reference = ?1", deed->reference))
        return lost(why, "an opening is lost");
    return true;
}

static int learn(void *argument, const struct c2m_revocation *revocation)
{
    unsigned number;
    (void)argument;
    if (sscanf(revocation->token_id.bytes, IS_TOKEN_ID, &number) == 1 && number < DEEDS_MAX)
        revoked[number] = true;
    return 0;
}

void deeds_learn_revocations(void)
{
    memset(revoked, 0, sizeof revoked);
    assert_int_equal(revoker_each(world.revoker, learn, NULL), 0);
}

bool deed_ordered(const struct deed *deed)
{
    return revoked[deed - deeds];
}

bool deed_dead(const struct deed *deed, long when, const char **why)
{
    if (!is_past(deed->granted, when))
        return true;
    if (sessions_find(world.parts.sessions, deed->reference))
        return lost(why, "a session without an opener lives on");
    if (denied(deed->token_id) != DENY_REVOKED)
        return lost(why, "its token is not denied");
    if (!revoked[deed - deeds])
        return lost(why, "its token is not ordered to be revoked");
    return true;
}
