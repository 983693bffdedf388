/*
 * Every answer starts from "no". /proc is read in steps, and the processes may change between two of them, so
 * each step is sound by itself: a process changes its parent only when that parent dies, and then to one that
 * lived before; a pid is not used again while a process has it, nor a session leader's while its session has a
 * member.
 */
#include "session/standing.h"

#include "base/clock.h"
#include "session/session.h"

#include <stdbool.h>

static bool living(const struct process_facts *facts)
{
    return facts->process.pid > 0 && !facts->foreign && facts->state != 'Z' && facts->state != 'X';
}

static bool read_living(pid_t pid, struct process_facts *out)
{
    return process_read(pid, out) == 0 && living(out);
}

/* Read when the first session needs it, and for all: a user may have a thousand, and make the helper look at each. */
struct once {
    bool read, lives;
    struct process_facts facts;
};

static const struct process_facts *living_once(struct once *once, pid_t pid)
{
    if (!once->read)
        once->lives = read_living(pid, &once->facts);
    once->read = true;
    return once->lives ? &once->facts : NULL;
}

struct line {
    struct once leader, between; /* of the caller; the leader's parent */
};

static bool still_child(const struct process_facts *child, pid_t parent)
{
    struct process_facts again;
    return process_read_stat(child->process.pid, &again) == 0 && living(&again) &&
           process_same(again.process, child->process) && again.parent == parent;
}

/* LEADER is the opener, its child, or its grandchild through a child of the session's user. */
static bool descends(
    const struct session *session, const struct process_facts *leader, struct once *leaders_parent)
{
    const struct process_facts *between;
    struct process opener = session->opener;
    if (process_same(leader->process, opener))
        return true;
    if (leader->parent == opener.pid)
        return session_opener_lives(session);
    between = living_once(leaders_parent, leader->parent);
    return between && between->real_uid == session->uid && between->parent == opener.pid &&
           session_opener_lives(session) && still_child(leader, between->process.pid);
}

/* Cheap first: most sessions are other users', and /proc is read for the few that are left. */
static bool stands(
    const struct session *session, const struct process_facts *caller, uint32_t uid, struct line *line)
{
    const struct process_facts *leader;
    if (session->state != C2M_SESSION_ACTIVE || session->uid != uid)
        return false;
    if (session->fresh)
        return session->audit_id != PROCESS_NO_AUDIT_ID && caller->audit_id == session->audit_id &&
               caller->login_uid == uid;
    leader = living_once(&line->leader, caller->leader);
    return leader && descends(session, leader, &line->between);
}

struct session *standing_find(
    struct sessions *sessions, const struct process_facts *caller, uint32_t uid, enum reason *why)
{
    struct session *session;
    struct line line = {.leader.read = false};
    *why = caller->foreign ? REASON_FOREIGN_NAMESPACE : REASON_NOT_STANDING;
    if (!living(caller) || uid == 0 || uid == PROCESS_NO_UID || caller->real_uid != uid)
        return NULL;
    if (caller->login_uid == uid && sessions_closed_audit(sessions, caller->audit_id, uid))
        *why = REASON_SESSION_CLOSED;
    for (session = sessions_first(sessions); session; session = sessions_next(sessions, session)) {
        if (!stands(session, caller, uid, &line))
            continue;
        if (session_opener_lives(session)) {
            *why = REASON_NONE;
            return session;
        }
        *why = REASON_SESSION_CLOSED; /* its opener died, and the loop has not heard of it yet */
    }
    return NULL;
}

bool standing_leader(const struct session *session, struct process leader)
{
    struct process_facts facts;
    struct line line = {.leader.read = false};
    return read_living(leader.pid, &facts) && process_same(facts.process, leader) &&
           stands(session, &facts, session->uid, &line);
}

/* The caller's terminal, by the kernel: whose it is, is for the caller of this to judge, by *leader. */
static bool read_terminal(const struct process_facts *caller, struct process_facts *leader)
{
    if (!living(caller) || caller->tty == 0 || !read_living(caller->leader, leader))
        return false;
    return leader->leader == leader->process.pid && leader->tty == caller->tty &&
           process_alive(caller->process);
}

/*
 * login(1) of shadow stays its terminal's leader, with root's real uid. So does a sudo that a user made the leader
 * of one, under rules that ask for another's password; but only a login gets a fresh audit id.
 */
static bool login_leads(const struct session *session, const struct process_facts *leader)
{
    return session->fresh && leader->real_uid == 0 && process_same(leader->process, session->opener);
}

bool standing_in_front(const struct process_facts *caller)
{
    return caller->tty != 0 && caller->group > 0 && caller->group == caller->foreground;
}

enum reason standing_presence(
    const struct session *session, const struct process_facts *caller, int64_t reuse_ms)
{
    struct process_facts leader;
    struct once between = {.read = false};
    int64_t age = clock_boot_ms() - session->proved_boot_ms;
    if (session->state != C2M_SESSION_ACTIVE || caller->effective_uid != 0 ||
        caller->real_uid != session->uid)
        return REASON_NOT_STANDING;
    if (!standing_in_front(caller) || !read_terminal(caller, &leader) ||
        (leader.real_uid != session->uid && !login_leads(session, &leader)))
        return REASON_NO_TERMINAL;
    if (!descends(session, &leader, &between))
        return REASON_NOT_STANDING;
    return session->proved_boot_ms > 0 && age >= 0 && age < reuse_ms ? REASON_NONE : REASON_STALE_PROOF;
}

enum reason standing_terminal(
    const struct process_facts *caller, uint32_t uid, struct process *leader, uint32_t *tty)
{
    struct process_facts facts;
    if (uid == 0 || !read_terminal(caller, &facts) || facts.real_uid != uid)
        return REASON_NO_TERMINAL;
    *leader = facts.process;
    *tty = caller->tty;
    return REASON_NONE;
}
