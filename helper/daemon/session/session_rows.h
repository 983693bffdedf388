/* The tables `sessions` and `closed_audits` of state.db. */
#ifndef SESSION_SESSION_ROWS_H
#define SESSION_SESSION_ROWS_H

#include "base/clock.h"
#include "base/store.h"
#include "session/sessions.h"

#include <stdbool.h>

struct session_rows;

int session_rows_new(struct store *store, struct session_rows **out);
void session_rows_free(struct session_rows *rows);

/* Each writes in this turn's transaction: 0, or a negative errno and nothing was done. All may be repeated. */
int session_rows_write(struct session_rows *rows, const struct session *session);
int session_rows_delete(struct session_rows *rows, const char *reference);
int session_rows_add_audit(struct session_rows *rows, uint32_t audit_id, uint32_t uid);
/* Forgets those below LOWEST, which are the oldest. */
int session_rows_forget_audits(struct session_rows *rows, uint32_t lowest);
/* Forgets the audit ids of other boots. */
int session_rows_prune_audits(struct session_rows *rows);

struct session_row {
    struct session session; /* its heap parts become the callee's */
    char boot[CLOCK_BOOT_ID_SIZE];
    bool sound; /* every field was one of ours; else only the reference counts */
};
/* Calls FN for each session, the oldest first; FN writes nothing. Stops at and returns its non-zero result. */
int session_rows_each(
    struct session_rows *rows, int (*fn)(void *argument, struct session_row *row), void *argument);
/* Calls FN for each audit id of this boot. */
int session_rows_audits(
    struct session_rows *rows, int (*fn)(void *argument, uint32_t audit_id, uint32_t uid), void *argument);

#endif
