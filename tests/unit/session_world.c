/* See session_world.h. */
#include "session_world.h"

#include "session/schema.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct session_world world;
static pid_t children[64];
static unsigned child_count, references;

void __real_loop_timer_set(struct loop_timer *timer, int64_t delay_ms);
void __wrap_loop_timer_set(struct loop_timer *timer, int64_t delay_ms);

void __wrap_loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
    __real_loop_timer_set(timer, world.hurry ? 0 : delay_ms);
}

static void commit(void *store)
{
    store_turn(store);
}

static void ended(void *argument, const struct session *session, enum reason why)
{
    (void)argument;
    assert_int_equal(session->state, C2M_SESSION_CLOSED);
    assert_non_null(session->scopes);
    world.ended++;
    world.ended_why = why;
    memcpy(world.ended_reference, session->reference, sizeof world.ended_reference);
}

static void start(void)
{
    assert_int_equal(loop_new(&world.loop), 0);
    assert_int_equal(store_open(world.folder, schema_sql, SCHEMA_VERSION, &world.store), 0);
    loop_set_turn_hook(world.loop, commit, world.store);
    assert_int_equal(sessions_new(world.loop, world.store, NULL, &world.sessions), 0);
    assert_int_equal(presences_new(world.loop, NULL, &world.presences), 0);
    sessions_on_end(world.sessions, ended, NULL);
    world.ended = 0;
    forget_log();
}

static void stop(void)
{
    presences_free(world.presences);
    sessions_free(world.sessions);
    store_close(world.store);
    loop_free(world.loop);
}

/* Some tests watch more than a thousand processes; a shell gives 1,024 descriptors. The helper does the same. */
static void descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 4096) {
        limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int session_world_set_up(void **state)
{
    (void)state;
    descriptors();
    world = (struct session_world){.hurry = false};
    disk_fails_from = disk_fails_at = 0;
    fake_wall = 1700000000;
    fake_boot_ms = 3600000;
    fake_boot_id = "6a1f0c52-8b7e-4d3a-9c11-2f5e7d904b68";
    fake_ledger_reset();
    snprintf(world.folder, sizeof world.folder, "%s", disk_folder());
    made_proc_open();
    start();
    return 0;
}

int session_world_tear_down(void **state)
{
    (void)state;
    disk_fails_from = disk_fails_at = 0;
    stop();
    made_proc_close();
    disk_remove(world.folder);
    while (child_count > 0) {
        kill(children[--child_count], SIGKILL);
        waitpid(children[child_count], NULL, 0);
    }
    return 0;
}

void session_world_fresh(void)
{
    session_world_tear_down(NULL);
    session_world_set_up(NULL);
}

void session_world_restart(void)
{
    stop();
    start();
    assert_int_equal(sessions_resume(world.sessions), 0);
    turn();
}

void turn(void)
{
    assert_int_equal(loop_turn(world.loop, 1), 0);
}

/* It holds none of our descriptors, the lock of the store among them, when this returns. */
pid_t child(void)
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

void child_kill(pid_t pid)
{
    siginfo_t info;
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

void child_reap(pid_t pid)
{
    child_kill(pid);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    for (unsigned i = 0; i < child_count; i++)
        if (children[i] == pid)
            children[i] = children[--child_count];
}

struct process_facts made(pid_t pid, pid_t parent, uid_t uid)
{
    const struct process_facts facts = {.process = {.pid = pid, .start = 10 * (uint64_t)pid},
        .parent = parent,
        .leader = pid,
        .state = 'S',
        .real_uid = uid,
        .effective_uid = uid,
        .login_uid = PROCESS_NO_UID,
        .audit_id = PROCESS_NO_AUDIT_ID};
    made_proc_put(&facts);
    return facts;
}

const struct verified *token(void)
{
    static struct verified verified;
    verified = (struct verified){.claims = {.subject = "c2m_alice",
                                     .token_id = "tok_1",
                                     .audiences = "web1\nweb2\n",
                                     .scopes = {.text = "login:web1 jobs:read"},
                                     .issued = fake_wall - 10,
                                     .expires = fake_wall + 3600,
                                     .type = CLAIMS_TYPE_SHORT}};
    memset(verified.hash, 0xab, sizeof verified.hash);
    return &verified;
}

int try_pend(const char *reference, const struct process_facts *authenticator,
    const struct process_facts *parent, const char *user, uint32_t uid, struct session **out)
{
    const struct session_login login = {.reference = reference,
        .user = user,
        .service = "sshd",
        .tty = "ssh",
        .rhost = "192.0.2.7",
        .uid = uid,
        .form = C2M_FORM_SHORT,
        .authenticator = *authenticator,
        .parent = *parent,
        .token = token()};
    fake_ledger_give(reference, 1);
    return sessions_pend(world.sessions, &login, out);
}

struct session *pend(const struct process_facts *authenticator, const struct process_facts *parent,
    const char *user, uint32_t uid)
{
    struct session *session = NULL;
    char reference[9];
    snprintf(reference, sizeof reference, "%08x", ++references);
    assert_int_equal(try_pend(reference, authenticator, parent, user, uid, &session), 0);
    assert_non_null(session);
    turn();
    return session;
}

int64_t rows_of(const char *table)
{
    struct store_statement *count;
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    assert_int_equal(store_prepare(world.store, sql, &count), 0);
    assert_int_equal(store_row(count), 1);
    int64_t rows = store_integer(count, 0);
    store_finish(count);
    return rows;
}
