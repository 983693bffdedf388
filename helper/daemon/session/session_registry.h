/* What the files of `sessions` share: the list of the living, and what belongs to a session beside its facts. */
#ifndef SESSION_SESSION_REGISTRY_H
#define SESSION_SESSION_REGISTRY_H

#include "session/closed_audits.h"
#include "session/process_watch.h"
#include "session/session_rows.h"
#include "session/sessions.h"
#include "session/table.h"
#include "session/unsaved.h"

#include <sys/queue.h>

enum {
    SESSIONS_MAX = 16384, /* the ended ones that wait to be written included */
    SESSIONS_PENDING_MAX = 1024,
    SESSIONS_PENDING_MS = 120000,
};

struct session_entry {
    struct session session; /* first: a struct session * is its entry's address */
    TAILQ_ENTRY(session_entry) link; /* of one of the three lists below */
    struct sessions *owner;
    struct table_link by_reference;
    struct process_watch authenticator, parent; /* pending: both; active: the opener's alone */
    int64_t due_boot_ms; /* pending: dropped then */
    struct unsaved_row row;
    bool on_disk; /* a commit of its row succeeded */
};
TAILQ_HEAD(session_list, session_entry);

struct sessions {
    struct loop *loop;
    struct store *store;
    struct ledger *ledger;
    struct session_rows *rows;
    struct unsaved unsaved;
    struct closed_audits closed_audits;
    struct session_list living; /* newest first */
    struct session_list ended; /* closed, and their rows are not known to be gone */
    struct table by_reference; /* of both */
    struct session_list
        graves; /* freed in the next turn: whoever got one in this turn may still look at it */
    unsigned counts[C2M_SESSION_CLOSED + 1]; /* by state; of closed ones those that wait to be written */
    bool write_fails; /* said in the log once */
    struct loop_timer *overdue, *reaper, *retry;
    void (*on_end)(void *argument, const struct session *session, enum reason why);
    void *on_end_argument;
};

/* session_entry.c: a new entry, in no list and of no state yet; -EAGAIN when there are too many, -ENOMEM. SESSION's heap parts become its own. */
int session_entry_new(struct sessions *sessions, struct session *session, struct session_entry **out);
/* Watches who may open it, pending, or its opener, active. -ESRCH: none of them lives. */
int session_watch(struct session_entry *entry, enum c2m_session_state state);
void session_entry_free(struct session_entry *entry);

/* sessions.c. It joins the living, in STATE; WHY is NONE when it comes from the store. */
void session_begin(struct session_entry *entry, enum c2m_session_state state, enum reason why);
/* It closes, once: its tokens go, its row goes, its listener is told. */
void session_end(struct session_entry *entry, enum reason why);
/* Drops the pending ones whose time is over, and waits for the next. */
void sessions_drop_overdue(struct sessions *sessions);

/* session_lookup.c: the living or the ended one of that name; NULL. */
struct session_entry *session_entry_find(const struct sessions *sessions, const char *reference);

/* session_saving.c: the rows follow memory, which is right whatever the disk does. */
int session_saving_init(struct sessions *sessions);
/* Frees every entry; what is not written is not. */
void session_saving_deinit(struct sessions *sessions);
/* Writes the row now, in this turn's transaction; a negative errno: it is tried again. */
int session_save(struct session_entry *entry);
/* After it closed: its row goes, its fresh audit id is kept, then its memory goes. */
void session_save_end(struct session_entry *entry);

#endif
