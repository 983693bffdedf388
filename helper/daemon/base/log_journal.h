/*
 * A line of the log as journald's native protocol wants it: the message, and each key=value of it as a field of its own,
 * C2M_KEY. So `journalctl C2M_REF=7f3a91c2` finds what `grep ref=7f3a91c2` finds in a file.
 */
#ifndef BASE_LOG_JOURNAL_H
#define BASE_LOG_JOURNAL_H

#include "base/log.h"

#define LOG_JOURNAL_SOCKET "/run/systemd/journal/socket"

enum { LOG_JOURNAL_SIZE = 16384 };

/* Writes the datagram of TEXT into OUT; its length. A field that does not fit is left out; the message always fits. */
size_t log_journal_entry(enum log_level level, const char *text, char out[LOG_JOURNAL_SIZE]);

#endif
