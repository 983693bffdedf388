/* See cast.h. */
#include "cast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

bool cast_fresh = true;

static struct process_facts put(struct process_facts facts)
{
    made_proc_put(&facts);
    return facts;
}

static pid_t next_pid(void)
{
    static pid_t last = 5000000; /* beyond the real ones */
    return ++last;
}

struct process_facts spawn_daemon(uint32_t uid)
{
    return made(next_pid(), 1, uid);
}

struct process_facts spawn(const struct process_facts *parent)
{
    struct process_facts facts = *parent;
    facts.process.pid = next_pid();
    facts.process.start = 10 * (uint64_t)facts.process.pid;
    facts.parent = parent->process.pid;
    facts.group = facts.foreground = facts.process.pid;
    return put(facts);
}

struct process_facts spawn_leader(const struct process_facts *parent, uint32_t tty)
{
    struct process_facts facts = spawn(parent);
    facts.leader = facts.process.pid;
    facts.tty = tty;
    return put(facts);
}

struct process_facts spawn_as(const struct process_facts *parent, uint32_t uid)
{
    struct process_facts facts = spawn(parent);
    facts.real_uid = facts.effective_uid = uid;
    return put(facts);
}

struct process_facts spawn_setuid(const struct process_facts *parent)
{
    struct process_facts facts = spawn(parent);
    facts.effective_uid = 0;
    return put(facts);
}

/* pam_loginuid in OPENER, then our session line. */
static struct session *open_session(
    struct process_facts *opener, const char *user, uint32_t uid, uint32_t audit_id, bool fresh)
{
    opener->audit_id = audit_id;
    opener->login_uid = audit_id == PROCESS_NO_AUDIT_ID ? PROCESS_NO_UID : uid;
    made_proc_put(opener);
    struct session *session = sessions_open(world.sessions, opener, user);
    assert_non_null(session);
    assert_int_equal(session->fresh, fresh);
    turn();
    return session;
}

static struct process_facts opener_of(uint32_t audit_id, bool fresh)
{
    struct process_facts listener = spawn_daemon(0);
    struct process_facts opener = made(child(), listener.process.pid, 0);
    if (!fresh)
        opener.audit_id = audit_id;
    return put(opener);
}

static struct process_facts sshd_shell(const struct process_facts *monitor, uint32_t uid, uint32_t tty)
{
    struct process_facts of_user = spawn_as(monitor, uid);
    return spawn_leader(&of_user, tty);
}

struct login ssh(const char *user, uint32_t uid, uint32_t audit_id, bool fresh, uint32_t tty)
{
    struct login login = {.opener = opener_of(audit_id, fresh)};
    struct process_facts authenticator = made(child(), login.opener.process.pid, 0);
    pend(&authenticator, &login.opener, user, uid);
    login.session = open_session(&login.opener, user, uid, audit_id, fresh);
    login.shell = sshd_shell(&login.opener, uid, tty);
    return login;
}

struct process_facts ssh_by_key(uint32_t uid, uint32_t audit_id, uint32_t tty)
{
    struct process_facts monitor = spawn_daemon(0);
    monitor.audit_id = audit_id;
    monitor.login_uid = audit_id == PROCESS_NO_AUDIT_ID ? PROCESS_NO_UID : uid;
    made_proc_put(&monitor);
    return sshd_shell(&monitor, uid, tty);
}

struct login console(const char *user, uint32_t uid, uint32_t audit_id, bool fresh, uint32_t tty)
{
    struct login login = {.opener = opener_of(audit_id, fresh)};
    pend(&login.opener, &NO_PARENT, user, uid);
    login.session = open_session(&login.opener, user, uid, audit_id, fresh);
    login.shell = spawn_as(&login.opener, uid);
    login.shell.leader = login.shell.process.pid;
    login.shell.tty = tty;
    made_proc_put(&login.shell);
    return login;
}

struct login console_led(const char *user, uint32_t uid, uint32_t audit_id, bool fresh, uint32_t tty)
{
    struct login login = {.opener = opener_of(audit_id, fresh)};
    login.opener.leader = login.opener.process.pid;
    login.opener.tty = tty;
    made_proc_put(&login.opener);
    pend(&login.opener, &NO_PARENT, user, uid);
    login.session = open_session(&login.opener, user, uid, audit_id, fresh);
    login.shell = spawn_as(&login.opener, uid);
    return login;
}

bool granted(const struct process_facts *caller, uint32_t uid)
{
    enum reason why;
    const struct session *session = standing_find(world.sessions, caller, uid, &why);
    return session && standing_presence(session, caller, REUSE_MS) == REASON_NONE;
}

enum reason refused(const struct process_facts *caller, uint32_t uid)
{
    enum reason why = REASON_NONE;
    assert_null(standing_find(world.sessions, caller, uid, &why));
    return why;
}

enum reason asked(const struct process_facts *caller, const struct session *session)
{
    enum reason why = REASON_INTERNAL;
    assert_ptr_equal(standing_find(world.sessions, caller, session->uid, &why), session);
    assert_int_equal(why, REASON_NONE);
    return standing_presence(session, caller, REUSE_MS);
}
