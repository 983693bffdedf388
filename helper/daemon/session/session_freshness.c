/* Each check alone was walked around by a real sshd or container; only all of them together make an id a proof. */
#include "session/session_freshness.h"

/* The id that the opener itself had at BEGIN; he is the authenticator, or else its parent. */
static uint32_t audit_before(const struct session *session, struct process opener)
{
    return process_same(session->authenticator, opener) ? session->authenticator_audit
                                                        : session->parent_audit;
}

static bool held(const struct sessions *sessions, uint32_t audit_id)
{
    const struct session_entry *entry;
    for (entry = TAILQ_FIRST(&sessions->living); entry; entry = TAILQ_NEXT(entry, link))
        if (entry->session.fresh && entry->session.audit_id == audit_id)
            return true;
    return false;
}

/* The opener is read again after its parent: it was its parent, and the id is still the one. */
static enum session_freshness ask_parent(const struct process_facts *opener)
{
    struct process_facts parent, again;
    if (opener->parent <= 0 || process_read(opener->parent, &parent) < 0 ||
        process_read(opener->process.pid, &again) < 0)
        return SESSION_AUDIT_UNSURE;
    if (!process_same(again.process, opener->process) || again.parent != opener->parent ||
        again.audit_id != opener->audit_id)
        return SESSION_AUDIT_UNSURE;
    return parent.audit_id == opener->audit_id ? SESSION_AUDIT_INHERITED : SESSION_FRESH;
}

enum session_freshness session_freshness(
    const struct sessions *sessions, const struct session *session, const struct process_facts *opener)
{
    if (opener->audit_id == PROCESS_NO_AUDIT_ID)
        return SESSION_AUDIT_UNSET;
    if (opener->audit_id == audit_before(session, opener->process))
        return SESSION_AUDIT_UNCHANGED;
    if (held(sessions, opener->audit_id))
        return SESSION_AUDIT_HELD;
    if (closed_audits_has_id(&sessions->closed_audits, opener->audit_id))
        return SESSION_AUDIT_CLOSED;
    return ask_parent(opener);
}

const char *session_freshness_word(enum session_freshness freshness)
{
    static const char *const words[] = {
        [SESSION_FRESH] = "fresh",
        [SESSION_AUDIT_UNSET] = "unset",
        [SESSION_AUDIT_UNCHANGED] = "unchanged",
        [SESSION_AUDIT_INHERITED] = "inherited",
        [SESSION_AUDIT_HELD] = "held",
        [SESSION_AUDIT_CLOSED] = "closed",
        [SESSION_AUDIT_UNSURE] = "unsure",
    };
    return words[freshness];
}
