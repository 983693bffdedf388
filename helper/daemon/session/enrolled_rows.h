/* What is on disk of enrolled.c, and nobody else's. */
#ifndef SESSION_ENROLLED_ROWS_H
#define SESSION_ENROLLED_ROWS_H

#include "session/enrolled.h"

#include <sys/queue.h>

struct enrolled_entry {
    LIST_ENTRY(enrolled_entry) link;
    struct enrollment enrollment;
    struct bearer secret; /* sealed */
};

void enrolled_entry_free(struct enrolled_entry *entry); /* NULL is fine */

struct enrolled_rows {
    struct store_statement *put, *remove, *read;
};

int enrolled_rows_open(struct enrolled_rows *rows, struct store *store);
void enrolled_rows_close(struct enrolled_rows *rows);
/* FN takes each entry; its negative errno stops. -EINVAL: a row that is none of ours. */
int enrolled_rows_load(const struct enrolled_rows *rows,
    int (*fn)(void *argument, struct enrolled_entry *entry), void *argument);
int enrolled_rows_put(const struct enrolled_rows *rows, const struct enrolled_entry *entry);
int enrolled_rows_delete(const struct enrolled_rows *rows, const char *owner);

#endif
