/*
 * Memory is right, the row follows: what could not be written is written again with a later turn (`unsaved`). An
 * ended session's memory stays until its row is known to be gone, and then for one turn more.
 */
#include "session/session_registry.h"

#include "base/log.h"

static int write_audit(struct sessions *sessions, const struct session *session)
{
    uint32_t lowest = closed_audits_lowest(&sessions->closed_audits);
    int r = session_rows_add_audit(sessions->rows, session->audit_id, session->uid);
    return r < 0 || lowest == 0 ? r : session_rows_forget_audits(sessions->rows, lowest);
}

static int write_row(void *owner, void *record)
{
    struct sessions *sessions = owner;
    const struct session *session = &((struct session_entry *)record)->session;
    if (session->state != C2M_SESSION_CLOSED)
        return session_rows_write(sessions->rows, session);
    /* First what refuses the survivors of the session, then what knew it. */
    int r = session->fresh ? write_audit(sessions, session) : 0;
    return r < 0 ? r : session_rows_delete(sessions->rows, session->reference);
}

static void say(struct sessions *sessions, int error)
{
    if ((error < 0) == sessions->write_fails)
        return;
    sessions->write_fails = error < 0;
    if (error < 0)
        log_message(LOG_LEVEL_ERROR, "sessions: the state cannot be written, tried again every second: %s",
            log_errno(error));
    else
        log_message(LOG_LEVEL_NOTICE, "sessions: the state can be written again");
}

static void bury(struct session_entry *entry)
{
    struct sessions *sessions = entry->owner;
    unsaved_drop(&entry->row);
    table_remove(&sessions->by_reference, &entry->by_reference);
    sessions->counts[C2M_SESSION_CLOSED]--;
    TAILQ_REMOVE(&sessions->ended, entry, link);
    TAILQ_INSERT_TAIL(&sessions->graves, entry, link);
    loop_timer_set(sessions->reaper, 0);
}

/* Nothing of it can be on disk: there is no row to delete, and no end of them while the disk is full. */
static bool never_written(const struct session_entry *entry)
{
    return !entry->on_disk && entry->row.in_flight == 0;
}

static void told(void *owner, void *record, int error)
{
    struct sessions *sessions = owner;
    struct session_entry *entry = record;
    entry->on_disk |= error == 0;
    say(sessions, error);
    if (error < 0)
        loop_timer_set(sessions->retry, UNSAVED_RETRY_MS);
    if (entry->session.state == C2M_SESSION_CLOSED && (unsaved_settled(&entry->row) || never_written(entry)))
        bury(entry);
}

static void free_all(struct session_list *list)
{
    struct session_entry *entry;
    while ((entry = TAILQ_FIRST(list))) {
        TAILQ_REMOVE(list, entry, link);
        session_entry_free(entry);
    }
}

static void reap(void *argument)
{
    struct sessions *sessions = argument;
    free_all(&sessions->graves);
}

static void retry(void *argument)
{
    struct sessions *sessions = argument;
    unsaved_retry(&sessions->unsaved);
    if (!TAILQ_EMPTY(&sessions->unsaved.dirty))
        loop_timer_set(sessions->retry, UNSAVED_RETRY_MS);
}

int session_saving_init(struct sessions *sessions)
{
    unsaved_init(&sessions->unsaved, sessions->store, sessions, write_row, told);
    int r = loop_timer_new(sessions->loop, reap, sessions, &sessions->reaper);
    return r < 0 ? r : loop_timer_new(sessions->loop, retry, sessions, &sessions->retry);
}

void session_saving_deinit(struct sessions *sessions)
{
    free_all(&sessions->living);
    free_all(&sessions->ended);
    free_all(&sessions->graves);
    unsaved_deinit(&sessions->unsaved);
    loop_timer_free(sessions->reaper);
    loop_timer_free(sessions->retry);
}

int session_save(struct session_entry *entry)
{
    int r = unsaved_write(&entry->row);
    if (r < 0) {
        say(entry->owner, r);
        loop_timer_set(entry->owner->retry, UNSAVED_RETRY_MS);
    }
    return r;
}

void session_save_end(struct session_entry *entry)
{
    if (never_written(entry))
        bury(entry);
    else
        session_save(entry);
}
