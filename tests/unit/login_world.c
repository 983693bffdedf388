/* See login_world.h. */
#include "login_world.h"

#include "base/log.h"
#include "login/throttle.h"
#include "session/schema.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct login_world world;
static pid_t children[64];
static unsigned child_count, kept_count;
static char *all_kept[64];
static char log_text_all[65536];
static struct login *living[16]; /* of a test that failed */

void __wrap_log_send(const struct log_line *line, enum log_level level);
void __wrap_log_message(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(const char *text)
{
    size_t used = strlen(log_text_all);
    snprintf(log_text_all + used, sizeof log_text_all - used, "%s\n", text);
}

void __wrap_log_send(const struct log_line *line, enum log_level level)
{
    char text[sizeof line->text + 1];
    (void)level;
    snprintf(text, sizeof text, "%.*s", (int)line->length, line->text);
    note(text);
}

void __wrap_log_message(enum log_level level, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    (void)level;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    note(text);
}

bool said(const char *text)
{
    return strstr(log_text_all, text) != NULL;
}

void forget_log(void)
{
    log_text_all[0] = '\0';
}

static void commit(void *store)
{
    store_turn(store);
}

/* A new file, 0600, in the folder of keys. */
static void put_file(const char *name, const void *bytes, size_t length, char path[320])
{
    snprintf(path, 320, "%s/%s", world.key_folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

static void free_map(const struct user_map *map)
{
    struct user_map *mine;
    memcpy(&mine, &map, sizeof mine);
    user_map_free(mine);
}

void users_are(const char *lines)
{
    struct user_map *map = NULL;
    char path[320], error[256];
    put_file("users", lines, strlen(lines), path);
    assert_int_equal(user_map_load(path, &map, error, sizeof error), 0);
    unlink(path);
    free_map(world.parts.user_map);
    world.parts.user_map = map;
}

static struct policy_rule *service(const char *name)
{
    struct policy *policy = &world.policy;
    snprintf(policy->services[policy->count].name, sizeof policy->services[0].name, "%s", name);
    policy->services[policy->count].rule = policy->login;
    return &policy->services[policy->count++].rule;
}

static void accept_everywhere(struct policy_rule *rule, unsigned forms)
{
    rule->accept[POLICY_LOCAL] = rule->accept[POLICY_REMOTE] = forms;
}

static void make_policy(void)
{
    struct policy_rule *login = &world.policy.login, *ops;
    accept_everywhere(login, 1u << C2M_FORM_SHORT | 1u << C2M_FORM_LONG);
    assert_int_equal(scopes_add(&login->required, "login:web1", 10), 0);
    service("sudo")->reuse_ms = REUSE_MS;
    accept_everywhere(service("off"), 0);
    service("young")->max_age = 60;
    accept_everywhere(service("short"), 1u << C2M_FORM_SHORT);
    accept_everywhere(service("long"), 1u << C2M_FORM_LONG);
    snprintf(service("aud")->audience, POLICY_AUDIENCE_SIZE, "web1");
    ops = service("ops");
    ops->required = (struct scopes){.text = ""};
    assert_int_equal(scopes_add(&ops->required, "ops:root", 8), 0);
}

__attribute__((weak)) int login_world_api(struct loop *loop, struct api **out)
{
    return api_new(loop, NULL, NULL, "", out);
}

static void make_key(void)
{
    char seal[32], path[320];
    vault_random(seal, sizeof seal);
    put_file("seal.key", seal, sizeof seal, path);
}

int login_world_start(void)
{
    static const struct ledger_options options = {.revoke_pasted_long = false};
    struct login_parts *parts = &world.parts;
    char path[320];
    int r = world.open ? world.open(world.folder, &parts->store)
                       : store_open(world.folder, schema_sql, SCHEMA_VERSION, &parts->store);
    if (r < 0)
        return r;
    snprintf(path, sizeof path, "%s/seal.key", world.key_folder);
    assert_int_equal(loop_new(&world.loop), 0);
    parts->loop = world.loop;
    loop_set_turn_hook(world.loop, commit, parts->store);
    assert_int_equal(vault_new(path, &world.vault), 0);
    assert_int_equal(login_world_api(world.loop, &parts->api), 0);
    api_set_orphan(parts->api, login_orphan, parts);
    assert_int_equal(deny_list_new(parts->store, &parts->deny_list), 0);
    assert_int_equal(revoker_new(world.loop, parts->store, world.vault, parts->api, &world.revoker), 0);
    assert_int_equal(
        ledger_new(parts->store, world.vault, parts->deny_list, world.revoker, &options, &parts->ledger), 0);
    assert_int_equal(sessions_new(world.loop, parts->store, parts->ledger, &parts->sessions), 0);
    assert_int_equal(presences_new(world.loop, parts->ledger, &parts->presences), 0);
    assert_int_equal(names_new(parts->store, &parts->names), 0);
    assert_int_equal(attempts_new(&parts->attempts), 0);
    assert_int_equal(throttle_new(&parts->throttle), 0);
    return 0;
}

void login_world_stop(void)
{
    struct login_parts *parts = &world.parts;
    if (!parts->store)
        return;
    throttle_free(parts->throttle);
    attempts_free(parts->attempts);
    names_free(parts->names);
    presences_free(parts->presences);
    sessions_free(parts->sessions);
    ledger_free(parts->ledger);
    revoker_free(world.revoker);
    deny_list_free(parts->deny_list);
    api_free(parts->api);
    store_close(parts->store);
    vault_free(world.vault);
    loop_free(world.loop);
    parts->store = NULL;
}

int login_world_set_up(void **state)
{
    (void)state;
    world = (struct login_world){.options = {.long_prefixes = "lt_ ltk_"}};
    disk_fails_from = disk_fails_at = 0;
    fake_api_reset();
    snprintf(world.folder, sizeof world.folder, "%s", disk_folder());
    snprintf(world.key_folder, sizeof world.key_folder, "%s", disk_folder());
    made_proc_open();
    world.key = token_key_ed25519();
    world.parts.verifier = verifying_new("EdDSA", world.key); /* sets the clocks */
    make_policy();
    make_key();
    assert_int_equal(login_world_start(), 0);
    world.parts.policy = &world.policy;
    world.parts.options = &world.options;
    users_are(LOGIN_WORLD_USERS);
    turns();
    forget_log();
    return 0;
}

int login_world_tear_down(void **state)
{
    struct login_parts *parts = &world.parts;
    (void)state;
    disk_fails_from = disk_fails_at = 0;
    for (size_t slot = 0; slot < sizeof living / sizeof living[0]; slot++) {
        login_free(living[slot]);
        living[slot] = NULL;
    }
    login_world_stop();
    verifier_free(parts->verifier);
    free_map(parts->user_map);
    token_key_free(world.key);
    fake_api_reset();
    made_proc_close();
    disk_remove(world.folder);
    disk_remove(world.key_folder);
    while (kept_count > 0)
        free(all_kept[--kept_count]);
    while (child_count > 0) {
        kill(children[--child_count], SIGKILL);
        waitpid(children[child_count], NULL, 0);
    }
    return 0;
}

void turns(void)
{
    for (int i = 0; i < 4; i++)
        assert_int_equal(loop_turn(world.loop, i < 3 ? 0 : 2), 0);
}

void time_passes(int64_t seconds)
{
    fake_wall += seconds;
    fake_boot_ms += seconds * 1000;
    turns();
}

/* It holds none of our descriptors, the lock of the store among them, when this returns. */
static pid_t child(void)
{
    int ends[2];
    char byte;
    assert_true(child_count < sizeof children / sizeof children[0]);
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close_range(3, ~0U, 0);
        for (;;)
            pause();
    }
    close(ends[1]);
    assert_true(pid > 0);
    assert_int_equal(read(ends[0], &byte, 1), 0);
    close(ends[0]);
    children[child_count++] = pid;
    return pid;
}

void changed(const struct process_facts *facts)
{
    made_proc_put(facts);
}

void dies(const struct process_facts *process)
{
    pid_t pid = process->process.pid;
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    made_proc_remove(pid);
    for (unsigned i = 0; i < child_count; i++)
        if (children[i] == pid)
            children[i] = children[--child_count];
}

struct process_facts spawn(const struct process_facts *parent)
{
    struct process_facts facts = *parent;
    facts.process.pid = child();
    facts.process.start = 10 * (uint64_t)facts.process.pid;
    facts.parent = parent->process.pid;
    facts.group = facts.foreground = facts.process.pid;
    made_proc_put(&facts);
    return facts;
}

struct process_facts spawn_daemon(void)
{
    const struct process_facts init = {.process = {.pid = 1, .start = 1},
        .leader = 1,
        .state = 'S',
        .login_uid = PROCESS_NO_UID,
        .audit_id = PROCESS_NO_AUDIT_ID};
    made_proc_put(&init);
    struct process_facts facts = spawn(&init);
    facts.leader = facts.process.pid;
    made_proc_put(&facts);
    return facts;
}

struct process_facts spawn_leader(const struct process_facts *parent, uint32_t uid, uint32_t tty)
{
    struct process_facts facts = spawn(parent);
    facts.leader = facts.process.pid;
    facts.tty = tty;
    facts.real_uid = facts.effective_uid = uid;
    made_proc_put(&facts);
    return facts;
}

struct process_facts spawn_setuid(const struct process_facts *parent)
{
    struct process_facts facts = spawn(parent);
    facts.effective_uid = 0;
    made_proc_put(&facts);
    return facts;
}

struct process_facts sudo_in(const struct process_facts *shell)
{
    return spawn_setuid(shell);
}

struct person arrives(void)
{
    struct process_facts listener = spawn_daemon();
    struct person person = {.monitor = spawn(&listener)};
    person.authenticator = spawn(&person.monitor);
    return person;
}

struct person logged_in(const char *user, uint32_t uid, const char *token, uint32_t audit)
{
    struct person person = arrives();
    struct asked asked;
    struct login_request request = request_of("sshd", user, uid, &person.authenticator, &person.monitor);
    begin(&asked, &request);
    type(&asked, token);
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
    person.monitor.audit_id = audit; /* pam_loginuid */
    person.monitor.login_uid = uid;
    changed(&person.monitor);
    person.session = sessions_open(world.parts.sessions, &person.monitor, user);
    assert_non_null(person.session);
    turns();
    person.shell = spawn_leader(&person.monitor, uid, PTS_3);
    return person;
}

const char *kept(char *malloced)
{
    assert_true(kept_count < sizeof all_kept / sizeof all_kept[0]);
    return all_kept[kept_count++] = malloced;
}

static const char *mint(const struct token_key *key, const char *client, const char *id, int64_t issued,
    int64_t expires, const char *more)
{
    char *payload = token_payload(client, id, issued, expires, more);
    char *token = token_mint(key, "EdDSA", "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", payload);
    free(payload);
    return kept(token);
}

const char *token_lasting(
    const char *client, const char *id, int64_t issued, int64_t expires, const char *more)
{
    return mint(world.key, client, id, issued, expires, more);
}

const char *token_for(const char *client, const char *id, const char *more)
{
    return token_lasting(client, id, fake_wall - 10, fake_wall + LIFE, more);
}

const char *forged_for(const char *client, const char *id)
{
    struct token_key *other = token_key_ed25519();
    const char *token = mint(other, client, id, fake_wall - 10, fake_wall + LIFE, GOOD);
    token_key_free(other);
    return token;
}

static void prompted(void *argument, const struct c2m_prompt *prompt)
{
    struct asked *asked = argument;
    asked->prompts++;
    asked->prompt = *prompt;
}

static void judged(void *argument, const struct outcome *outcome)
{
    struct asked *asked = argument;
    asked->verdicts++;
    asked->outcome = *outcome;
}

struct login_request request_of(const char *service_name, const char *user, uint32_t uid,
    const struct process_facts *caller, const struct process_facts *parent)
{
    struct login_request request = {.root_door = true,
        .can_ask = true,
        .reuse = true,
        .uid = uid,
        .deadline_ms = 10000,
        .caller = *caller,
        .parent = *parent};
    snprintf(request.service, sizeof request.service, "%s", service_name);
    snprintf(request.user, sizeof request.user, "%s", user);
    return request;
}

void begin(struct asked *asked, const struct login_request *request)
{
    const struct login_peer peer = {.prompt = prompted, .verdict = judged, .argument = asked};
    *asked = (struct asked){.login = NULL};
    assert_int_equal(login_new(&world.parts, request, &peer, &asked->login), 0);
    size_t slot = 0;
    while (living[slot])
        slot++;
    assert_true(slot < sizeof living / sizeof living[0] - 1);
    living[slot] = asked->login;
}

void type(struct asked *asked, const char *typed)
{
    assert_int_equal(asked->prompts, 1);
    assert_true(login_answer(asked->login, typed, strlen(typed)));
    turns();
}

void alice_types(struct asked *asked, const char *service_name, const char *typed)
{
    struct person person = arrives();
    struct login_request request =
        request_of(service_name, "alice", ALICE, &person.authenticator, &person.monitor);
    begin(asked, &request);
    type(asked, typed);
}

void finished(struct asked *asked)
{
    for (size_t slot = 0; slot < sizeof living / sizeof living[0]; slot++)
        if (living[slot] == asked->login)
            living[slot] = NULL;
    login_free(asked->login);
    asked->login = NULL;
    turns();
}

void expect_verdict(
    const struct asked *asked, enum c2m_verdict_code verdict, enum reason reason, enum c2m_text text)
{
    assert_int_equal(asked->verdicts, 1);
    assert_string_equal(reason_word(asked->outcome.reason), reason_word(reason));
    assert_string_equal(outcome_word(asked->outcome.verdict), outcome_word(verdict));
    assert_int_equal(asked->outcome.text, text);
    /* no number where none is told, but for the length of what was typed */
    if (verdict != C2M_DENIED && verdict != C2M_FORBIDDEN && verdict != C2M_EXHAUSTED &&
        reason != REASON_INTERNAL)
        assert_int_equal(asked->outcome.text_argument[0], 0);
}

bool revocation_asked(const char *token_id)
{
    for (unsigned i = 0; i < fake_api_count(); i++) {
        const struct fake_request *request = fake_api_request(i);
        if (request->kind == FAKE_REVOKE && strcmp(request->token_id, token_id) == 0)
            return true;
    }
    return false;
}

static int count_holder(void *argument, const char *holder)
{
    unsigned *count = argument;
    *count += ledger_count(world.parts.ledger, holder);
    return 0;
}

unsigned tokens_held(void)
{
    unsigned count = 0;
    assert_int_equal(ledger_holders(world.parts.ledger, false, count_holder, &count), 0);
    return count;
}

int64_t rows_of(const char *table)
{
    struct store_statement *count;
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    assert_int_equal(store_prepare(world.parts.store, sql, &count), 0);
    assert_int_equal(store_row(count), 1);
    int64_t rows = store_integer(count, 0);
    store_finish(count);
    return rows;
}

enum deny_kind denied(const char *token_id)
{
    return deny_list_find(world.parts.deny_list, token_id, NULL);
}
