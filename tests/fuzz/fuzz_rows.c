// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c tests/fuzz/hostile_rows.c tests/fuzz/kept_statements.c -Wl,--wrap=store_prepare,--wrap=store_finish
/*
 * A start on a database whose rows say anything. An input is 's' (first salvaged into a fresh one) or another letter,
 * then rows: see hostile_rows.h. Whatever they say, the helper starts, and starts again; only a session whose opener
 * lives is active, root stands in none; what is sent to the API has a token's id; what is denied by a sound row is.
 */
#include "given.h"
#include "hostile_rows.h"
#include "kept_statements.h"

#include "base/http_headers.h"
#include "base/log.h"
#include "login_world.h"
#include "salvage.h"
#include "session/enrolled.h"
#include "session/schema.h"
#include "session/standing.h"

#include <stdio.h>
#include <string.h>

enum { ANSWERS_MAX = 64 };

static struct person person;
static struct store *fresh;
static struct started {
    struct deny_list *deny_list;
    struct revoker *revoker;
    struct ledger *ledger;
    struct sessions *sessions;
    struct presences *presences;
    struct enrolled *enrolled;
    struct names *names;
} started;

static void set_up(void)
{
    void *state = NULL;
    char folder[256];
    disk_is_lazy = true;
    kept_statements_alone();
    login_world_set_up(&state);
    person = arrives();
    snprintf(folder, sizeof folder, "%s", disk_folder());
    must(store_open(folder, schema_sql, SCHEMA_VERSION, &fresh) == 0, "there is a second store");
}

static void turn(struct store *store)
{
    loop_set_turn_hook(world.loop, (void (*)(void *))store_turn, store);
    for (int i = 0; i < 4; i++)
        must(loop_turn(world.loop, 0) == 0, "the loop turns");
}

static bool is_session(void *argument, const char *holder)
{
    return sessions_find(argument, holder) != NULL;
}

static void start(struct store *store)
{
    static const struct ledger_options options = {.revoke_pasted_long = false};
    struct started *s = &started;
    loop_set_turn_hook(world.loop, (void (*)(void *))store_turn, store);
    must(deny_list_new(store, &s->deny_list) == 0, "the deny list starts");
    must(
        revoker_new(world.loop, store, world.vault, world.parts.api, &s->revoker) == 0, "the revoker starts");
    must(ledger_new(store, world.vault, s->deny_list, s->revoker, &options, &s->ledger) == 0,
        "the ledger starts");
    must(sessions_new(world.loop, store, s->ledger, &s->sessions) == 0, "the sessions start");
    must(presences_new(world.loop, s->ledger, &s->presences) == 0, "the presences start");
    must(enrolled_new(store, world.vault, s->ledger, &s->enrolled) == 0, "what is enrolled is loaded");
    must(names_new(store, &s->names) == 0, "the names start");
    must(sessions_resume(s->sessions) == 0, "the sessions are resumed");
    must(enrolled_resume(s->enrolled, is_session, s->sessions) == 0, "what is enrolled is resumed");
}

static void stop(void)
{
    names_free(started.names);
    enrolled_free(started.enrolled);
    presences_free(started.presences);
    sessions_free(started.sessions);
    ledger_free(started.ledger);
    revoker_free(started.revoker);
    deny_list_free(started.deny_list);
}

static int revocation_holds(void *argument, const struct c2m_revocation *revocation)
{
    (void)argument;
    must(revocation->user.length <= C2M_NAME_MAX && revocation->token_id.length <= C2M_ID_MAX &&
             revocation->word.length <= C2M_NAME_MAX,
        "a revocation is shown within its bounds");
    return 0;
}

static int enrollment_holds(void *argument, const struct enrollment *enrollment)
{
    (void)argument;
    must(strlen(enrollment->owner) <= C2M_NAME_MAX && strlen(enrollment->holder) <= C2M_REFERENCE_SIZE,
        "an enrollment is within its bounds");
    return 0;
}

static void sessions_hold(void)
{
    enum reason why;
    struct process_facts root = person.monitor;
    root.real_uid = root.effective_uid = 0;
    for (struct session *s = sessions_first(started.sessions); s; s = sessions_next(started.sessions, s)) {
        struct c2m_session shown;
        struct claims claims;
        must(s->state == C2M_SESSION_PENDING || s->state == C2M_SESSION_ACTIVE, "a session has a state");
        must(s->state != C2M_SESSION_ACTIVE || process_alive(s->opener), "an active session's opener lives");
        must(strlen(s->reference) == C2M_REFERENCE_SIZE, "a session has a reference");
        session_describe(started.sessions, s, &shown);
        session_claims(s, &claims);
        must(!claims_has_audience(&claims, "web1") || strstr(s->audiences, "web1"),
            "an audience is the row's");
    }
    must(standing_find(started.sessions, &root, 0, &why) == NULL, "root stands in no session");
}

/* Each is answered, so that what follows from the answer runs as well. */
static void api_answers(void)
{
    static const struct api_revocation answers[] = {{.status = 204, .retry_after = -1},
        {.status = 401, .json = true, .retry_after = -1}, {.status = 503, .retry_after = 5}};
    for (unsigned n = 0; n < ANSWERS_MAX && fake_api_waiting() >= 0; n++) {
        unsigned index = (unsigned)fake_api_waiting();
        const struct fake_request *request = fake_api_request(index);
        must(request->kind == FAKE_REVOKE, "a start revokes and asks for nothing else");
        must(http_safe_id(request->token_id, strlen(request->token_id)),
            "what is revoked is one segment of a path");
        fake_api_answer(index, &answers[n % 3]);
    }
}

static void run(struct store *store)
{
    fake_api_reset();
    start(store);
    for (int i = 0; i < 2; i++) {
        turn(store);
        sessions_hold();
        api_answers();
    }
    revoker_each(started.revoker, revocation_holds, NULL);
    enrolled_each(started.enrolled, enrollment_holds, NULL);
    stop();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct given given = {data, size};
    struct salvaged salvaged;
    if (!fresh)
        set_up();
    struct store *store = world.parts.store;
    fake_wall = NOW;
    forget_log();
    bool salvages = given_byte(&given) == 's';
    hostile_rows_put(store, &given, &person.monitor.process);
    turn(store);
    if (salvages) {
        must(salvage_readable(store), "the tables can be read");
        must(salvage(store, fresh, false, &salvaged) == 0, "what makes sense is taken over");
        run(fresh);
    }
    run(store);
    run(store);
    hostile_rows_delete(store);
    hostile_rows_delete(fresh);
    turn(store);
    turn(fresh);
    fake_api_reset();
    return 0;
}
