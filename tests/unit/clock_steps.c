/* See clock_steps.h. A world is an hour and a half; its short tokens live for an hour, long ones for 30 days. */
#include "clock_steps.h"

#include "session/presence.h"
#include "session/schema.h"
#include "session/sessions.h"

#include "disk.h"
#include "fakes/api.h"
#include "fakes/clock.h"
#include "fakes/loop.h"
#include "made_proc.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    ALICE = 1001,
    PTS_3 = 0x8803,
    SECOND = 1000,
    MINUTE = 60 * SECOND,
    HOUR = 60 * MINUTE,
    YEAR = 365 * 24 * 3600, /* s */
    START = 1700000000,
    SHORT_LIFE = 3600,
    LONG_LIFE = 30 * 24 * 3600,
    REUSE_MS = 15 * MINUTE,
    SLEEP_MS = 8 * HOUR,
    REQUESTS_MOST = 300, /* of five orders in a world in which the API is away for half an hour */
};

static const struct step {
    const char *name;
    int64_t by, to; /* seconds: relative, or absolute; both 0: the machine sleeps */
} steps[CLOCK_STEPS] = {
    {"an hour ahead", 3600, 0},
    {"an hour back", -3600, 0},
    {"ten years ahead", 10L * YEAR, 0},
    {"ten years back", -10L * YEAR, 0},
    {"to 1970", 0, 10},
    {"to just before 2038", 0, 2147483647 - 20},
    {"beyond 2038", 0, 2147483648L + YEAR},
    {"beyond 2106", 0, 4294967296L + YEAR},
    {"a minute ahead", 60, 0},
    {"a minute back", -60, 0},
    {"two days ahead", 2L * 24 * 3600, 0},
    {"asleep for 8 h", 0, 0},
};

/* When the clock is right again, whether the helper is started again while it is wrong, and when alice logs out. */
static const int64_t corrections[] = {30 * SECOND, 40 * MINUTE, -1};
enum { BEFORE, DURING, AFTER, TIMES, LIVES = 3, RESTARTS = 2 };

enum { PASTED, LONG, EXCHANGED, SUDO, FORMER, WAITING, TOKENS };
static const char *const names[TOKENS] = {"pasted", "long", "exchanged", "sudo", "former", "waiting"};

static struct {
    struct loop *loop;
    struct store *store;
    struct vault *vault;
    struct api *api;
    struct deny_list *deny_list;
    struct revoker *revoker;
    struct ledger *ledger;
    struct sessions *sessions;
    struct presences *presences;
    char folder[256], key_folder[256], key[300];
    struct clock_figures *figures;
    char label[96];
    bool api_is_up, restarted;
    int64_t proved_ms, asleep_ms;
    int64_t over_ms[TOKENS]; /* when it is dead of age, in truth */
    bool given_up[TOKENS], revoked[TOKENS];
    pid_t child;
    struct process process; /* opens everything, and leads the terminal */
} world;

static void wrong(unsigned *count, const char *what, const char *which)
{
    struct clock_figures *figures = world.figures;
    ++*count;
    if (!figures->first[0])
        snprintf(figures->first, sizeof figures->first, "%s: %s %s", world.label, which, what);
}

static void commit(void *store)
{
    store_turn(store);
}

static void start(void)
{
    static const struct ledger_options options = {.revoke_pasted_long = true};
    assert_int_equal(loop_new(&world.loop), 0);
    assert_int_equal(store_open(world.folder, schema_sql, SCHEMA_VERSION, &world.store), 0);
    loop_set_turn_hook(world.loop, commit, world.store);
    assert_int_equal(vault_new(world.key, &world.vault), 0);
    assert_int_equal(api_new(world.loop, NULL, NULL, "", &world.api), 0);
    assert_int_equal(deny_list_new(world.store, &world.deny_list), 0);
    assert_int_equal(revoker_new(world.loop, world.store, world.vault, world.api, &world.revoker), 0);
    assert_int_equal(
        ledger_new(world.store, world.vault, world.deny_list, world.revoker, &options, &world.ledger), 0);
    assert_int_equal(sessions_new(world.loop, world.store, world.ledger, &world.sessions), 0);
    assert_int_equal(presences_new(world.loop, world.ledger, &world.presences), 0);
    assert_int_equal(sessions_resume(world.sessions), 0);
    fake_loop_settle(world.loop);
}

static void stop(void)
{
    presences_free(world.presences);
    sessions_free(world.sessions);
    ledger_free(world.ledger);
    revoker_free(world.revoker);
    deny_list_free(world.deny_list);
    api_free(world.api);
    vault_free(world.vault);
    store_close(world.store);
    loop_free(world.loop);
}

static int index_of(const char *token_id)
{
    for (int i = 0; i < TOKENS; i++)
        if (strcmp(names[i], token_id) == 0)
            return i;
    fail();
    return 0;
}

static void serve(const struct fake_request *request, struct api_revocation *answer)
{
    world.figures->requests++;
    if (!world.api_is_up) {
        answer->reason = REASON_API_UNREACHABLE;
        return;
    }
    world.revoked[index_of(request->token_id)] = true;
    answer->status = 204;
}

static void hash_of(int token, uint8_t hash[VAULT_HASH_SIZE])
{
    vault_hash(names[token], strlen(names[token]), hash);
}

static bool is_dead_here(int token)
{
    uint8_t hash[VAULT_HASH_SIZE];
    hash_of(token, hash);
    return deny_list_find(world.deny_list, names[token], NULL) == DENY_REVOKED &&
           deny_list_find(world.deny_list, NULL, hash) == DENY_REVOKED;
}

/* Whatever is given up must be dead on this host for as long as it would live. */
static void look(void)
{
    deny_list_prune(world.deny_list);
    for (int i = 0; i < TOKENS; i++) {
        if (!world.given_up[i] || fake_boot_ms >= world.over_ms[i])
            continue;
        world.figures->denied++;
        if (!is_dead_here(i))
            wrong(&world.figures->revived, "is not denied any more", names[i]);
    }
    bool within = fake_boot_ms < world.proved_ms + REUSE_MS && !world.restarted;
    bool found = presences_find(world.presences, ALICE, PTS_3, world.process) != NULL;
    world.figures->proven += found && within;
    if (found && !within)
        wrong(&world.figures->stale, "beyond its bound", "a presence");
    if (!found && within)
        wrong(&world.figures->forgotten, "within its bound", "no presence");
    if (!found)
        world.given_up[SUDO] |= fake_boot_ms >= world.proved_ms + REUSE_MS + world.asleep_ms;
}

static void pass(int64_t ms)
{
    enum { BEAT = 10 * SECOND };
    for (int64_t end = fake_boot_ms + ms; fake_boot_ms < end;) {
        fake_loop_pass(world.loop, end - fake_boot_ms < BEAT ? end - fake_boot_ms : BEAT);
        while (fake_api_serve(serve) > 0)
            fake_loop_settle(world.loop);
        look();
    }
}

static struct verified *verified_of(int token)
{
    static struct verified verified;
    verified = (struct verified){
        .claims = {.subject = "c2m_alice", .scopes = {.text = "login:web1"}, .type = CLAIMS_TYPE_SHORT}};
    snprintf(verified.claims.token_id, sizeof verified.claims.token_id, "%s", names[token]);
    verified.claims.issued = fake_wall;
    verified.claims.expires = fake_wall + SHORT_LIFE;
    hash_of(token, verified.hash);
    return &verified;
}

static void hold(const char *reference, int token, enum ledger_kind kind)
{
    struct secret *bearer SECRET_CLEANUP = NULL;
    uint8_t hash[VAULT_HASH_SIZE];
    int64_t life = token == LONG ? LONG_LIFE : SHORT_LIFE;
    hash_of(token, hash);
    assert_int_equal(secret_new(names[token], strlen(names[token]), &bearer), 0);
    const struct ledger_token held = {.kind = kind,
        .user = "alice",
        .client = "c2m_alice",
        .token_id = names[token],
        .hash = hash,
        .expires = fake_wall + life,
        .may_revoke = true};
    assert_int_equal(ledger_hold(world.ledger, reference, &held, bearer), 0);
    world.over_ms[token] = fake_boot_ms + life * 1000;
}

static struct process_facts facts(void)
{
    return (struct process_facts){.process = world.process,
        .parent = 1,
        .leader = world.process.pid,
        .tty = PTS_3,
        .state = 'S',
        .login_uid = PROCESS_NO_UID,
        .audit_id = PROCESS_NO_AUDIT_ID};
}

static void log_in(const char *reference, int token)
{
    const struct session_login login = {.reference = reference,
        .user = reference,
        .service = "sshd",
        .tty = "ssh",
        .rhost = "192.0.2.7",
        .uid = ALICE,
        .form = C2M_FORM_SHORT,
        .authenticator = facts(),
        .token = verified_of(token)};
    struct session *session;
    assert_int_equal(sessions_pend(world.sessions, &login, &session), 0);
    fake_loop_settle(world.loop);
}

static void open_session(const char *reference)
{
    const struct process_facts opener = facts();
    assert_non_null(sessions_open(world.sessions, &opener, reference));
    fake_loop_settle(world.loop);
}

/* One with a short token, one with a long one and what it bought; sudo's presence; what is denied, and what waits. */
static void set_the_scene(void)
{
    hold("aaaaaaaa", PASTED, LEDGER_PASTED_SHORT);
    log_in("aaaaaaaa", PASTED);
    open_session("aaaaaaaa");
    hold("bbbbbbbb", LONG, LEDGER_PASTED_LONG);
    hold("bbbbbbbb", EXCHANGED, LEDGER_EXCHANGED);
    log_in("bbbbbbbb", EXCHANGED);
    open_session("bbbbbbbb");
    hold("cccccccc", SUDO, LEDGER_PASTED_SHORT);
    assert_int_equal(presences_prove(world.presences, "cccccccc", ALICE, PTS_3, world.process, C2M_FORM_SHORT,
                         verified_of(SUDO), REUSE_MS),
        0);
    world.proved_ms = fake_boot_ms;
    assert_int_equal(ledger_release(world.ledger, "cccccccc"), 0);
    world.api_is_up = true;
    hold("dddddddd", FORMER, LEDGER_PASTED_SHORT);
    assert_int_equal(ledger_release(world.ledger, "dddddddd"), 0);
    world.given_up[FORMER] = true;
    pass(SECOND);
    world.api_is_up = false;
    hold("eeeeeeee", WAITING, LEDGER_PASTED_SHORT);
    assert_int_equal(ledger_release(world.ledger, "eeeeeeee"), 0);
    world.given_up[WAITING] = true;
    pass(SECOND);
}

static void expect_session(const char *reference)
{
    const struct session *session = sessions_find(world.sessions, reference);
    world.figures->sessions++;
    if (session && session->state == C2M_SESSION_ACTIVE)
        world.figures->kept++;
    else
        wrong(&world.figures->lost, "is no session any more", reference);
}

static void log_out(void)
{
    static const int tokens[] = {PASTED, LONG, EXCHANGED};
    expect_session("aaaaaaaa");
    expect_session("bbbbbbbb");
    sessions_close(world.sessions, world.process, "aaaaaaaa");
    sessions_close(world.sessions, world.process, "bbbbbbbb");
    fake_loop_settle(world.loop);
    for (unsigned i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        world.given_up[tokens[i]] = true;
}

static void turn_the_clock(const struct step *step)
{
    if (step->by != 0)
        fake_wall += step->by;
    else if (step->to != 0)
        fake_wall = step->to;
    else
        fake_loop_suspend(world.loop, world.asleep_ms = SLEEP_MS);
}

/* A login that nobody opens, around the step: it waits for its two minutes, by the clock that nobody sets. */
static void expect_pending(int64_t since_ms)
{
    struct session *session = sessions_find(world.sessions, "ffffffff");
    bool within = fake_boot_ms - since_ms < 2 * MINUTE;
    world.figures->sessions += within;
    if (session && within)
        world.figures->kept++;
    else if (session && fake_boot_ms - since_ms > 2 * MINUTE + world.asleep_ms)
        wrong(&world.figures->overstayed, "is still pending", "a login");
    else if (!session && within)
        wrong(&world.figures->lost, "is not pending any more", "a login");
}

static void settle(void)
{
    unsigned pending;
    world.api_is_up = true;
    pass(10 * MINUTE); /* beyond the longest wait */
    for (int i = 0; i < TOKENS; i++) {
        world.figures->orders++;
        if (world.given_up[i] && !world.revoked[i] && fake_boot_ms < world.over_ms[i])
            wrong(&world.figures->live, "lives on at the API", names[i]);
    }
    pass(2 * HOUR);
    revoker_counts(world.revoker, &pending, NULL);
    if (pending > 0)
        wrong(&world.figures->stalled, "is pending for ever", "a revocation");
}

static void play(const struct step *step, int64_t correction_ms, bool restart, unsigned logout)
{
    set_the_scene();
    log_in("ffffffff", PASTED);
    int64_t pended_ms = fake_boot_ms;
    pass(20 * SECOND);
    if (logout == BEFORE)
        log_out();
    int64_t right_by = fake_wall * 1000 - fake_boot_ms;
    turn_the_clock(step);
    world.restarted = restart;
    if (restart) {
        stop();
        start();
    }
    look();
    pass(20 * SECOND);
    expect_pending(pended_ms);
    if (logout == DURING)
        log_out();
    pass(correction_ms < 0 ? 30 * MINUTE : correction_ms);
    if (correction_ms >= 0)
        fake_wall = (right_by + fake_boot_ms) / 1000;
    pass(3 * MINUTE);
    expect_pending(pended_ms);
    if (logout == AFTER)
        log_out();
    pass(SECOND);
    settle();
}

static void open_world(void)
{
    char key[32];
    struct clock_figures *figures = world.figures;
    memset(&world, 0, sizeof world);
    world.figures = figures;
    disk_is_lazy = true;
    fake_wall = START;
    fake_boot_ms = HOUR;
    fake_api_reset();
    snprintf(world.folder, sizeof world.folder, "%s", disk_folder());
    snprintf(world.key_folder, sizeof world.key_folder, "%s", disk_folder());
    snprintf(world.key, sizeof world.key, "%s/seal.key", world.key_folder);
    vault_random(key, sizeof key);
    int fd = open(world.key, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, key, sizeof key), sizeof key);
    close(fd);
    made_proc_open();
    world.child = fork();
    if (world.child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close_range(3, ~0U, 0);
        for (;;)
            pause();
    }
    world.process = (struct process){.pid = world.child, .start = 100};
    const struct process_facts opener = facts();
    made_proc_put(&opener);
    start();
}

static void close_world(void)
{
    stop();
    fake_api_reset();
    made_proc_close();
    disk_remove(world.folder);
    disk_remove(world.key_folder);
    kill(world.child, SIGKILL);
    waitpid(world.child, NULL, 0);
}

void clock_steps_run(unsigned step, unsigned every, struct clock_figures *out)
{
    *out = (struct clock_figures){.name = steps[step].name};
    world.figures = out;
    for (unsigned i = step % every; i < LIVES * RESTARTS * TIMES; i += every) {
        unsigned life = i % LIVES, restart = i / LIVES % RESTARTS, logout = i / LIVES / RESTARTS;
        unsigned before = out->requests;
        static const char *const lives[LIVES] = {"soon", "later", "never"};
        static const char *const when[TIMES] = {"before", "during", "after"};
        open_world();
        snprintf(world.label, sizeof world.label, "%s%s, logout %s, %s right", steps[step].name,
            restart ? ", restart" : "", when[logout], lives[life]);
        play(&steps[step], corrections[life], restart, logout);
        if (out->requests - before > REQUESTS_MOST)
            wrong(&out->stalled, "requests: too many", "its");
        close_world();
        out->worlds++;
    }
}

void clock_steps_print(const struct clock_figures *f)
{
    print_message("%-20s %3u worlds: sessions %3u kept %3u lost %u overstayed %u; presence %4u found %u "
                  "stale %u forgotten; "
                  "denied %5u found %u not; orders %3u, %u live, %u stalled; %4u requests%s%s\n",
        f->name, f->worlds, f->sessions, f->kept, f->lost, f->overstayed, f->proven, f->stale, f->forgotten,
        f->denied, f->revived, f->orders, f->live, f->stalled, f->requests, f->first[0] ? "; first: " : "",
        f->first);
}

unsigned clock_steps_wrong(const struct clock_figures *f)
{
    return f->lost + f->overstayed + f->stale + f->forgotten + f->revived + f->live + f->stalled;
}
