/*
 * One line an outcome: `event=login ref=7f3a91c2 verdict=denied reason=expired user=alice service=sshd`.
 *
 * The only mutable global of the program. Values pass c2m_printable (128 bytes) and are quoted when they hold a
 * blank; so no byte from outside can forge a line. Never give it a secret: log the first 8 hex digits of a hash.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

enum log_sink {
    LOG_SINK_STDERR, /* --foreground; when JOURNAL_STREAM says that it is the journal, that is told by fields */
    LOG_SINK_SYSLOG, /* journald, else /dev/log; found again when it went away */
};
enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7
};

/* Opens the sink; before it, lines go to standard error. DEBUG also lets debug lines through. */
int log_open(enum log_sink sink, int debug);
void log_close(void);

struct log_line {
    size_t length;
    char reference[9]; /* of the login that it names: the value of ref; "" for none */
    char text[1536];
};

/* Starts a line with event=EVENT. */
void log_begin(struct log_line *line, const char *event);
/* Adds key=value; a NULL or empty value is left out. */
void log_text(struct log_line *line, const char *key, const char *value);
void log_bytes(struct log_line *line, const char *key, const char *bytes, size_t length);
void log_number(struct log_line *line, const char *key, int64_t value);
/* Writes the line, whole or not at all; never blocks for long, never fails the caller. */
void log_send(const struct log_line *line, enum log_level level);

/* A plain sentence for the start and the stop, filtered as a whole (up to 1,024 bytes). */
void log_message(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "2: No such file or directory"-free: the text of an errno that may be negative. Static strings only. */
const char *log_errno(int error);

#endif
