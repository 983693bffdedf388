/*
 * What /proc/PID/stat and /proc/PID/status say, from their text alone. Both hold a name that the process chose
 * itself (PR_SET_NAME): any byte but NUL, so ") R 1 1 1" and a line end are among them.
 */
#ifndef BASE_PROCESS_TEXT_H
#define BASE_PROCESS_TEXT_H

#include "base/process.h"

#include <stddef.h>

/* Fills process, parent, leader, tty, the groups and state from the whole text of stat. -EPROTO: not such a text, or not PID's. */
int process_text_stat(const char *text, size_t length, pid_t pid, struct process_facts *out);

/* Lines of status are given one by one, without their ends and perhaps cut; those that matter are far shorter. */
struct process_status {
    bool has_uids;
    uid_t real_uid, effective_uid;
    unsigned namespaces; /* numbers in NSpid; 0: no such line */
};
void process_text_status_line(struct process_status *status, const char *line);

/* A decimal number and a line end or not, as in loginuid and sessionid; OTHERWISE when it is none of 32 bits. */
uint32_t process_text_number(const char *text, uint32_t otherwise);

#endif
