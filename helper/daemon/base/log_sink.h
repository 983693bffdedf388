/*
 * Where the lines of the log go: journald, where it is, else /dev/log; or standard error. Bounded: whoever does not read loses lines, is told
 * how many when he reads again, and never stops the loop.
 */
#ifndef BASE_LOG_SINK_H
#define BASE_LOG_SINK_H

#include "base/log.h"

/* Until this is called, lines go to standard error. */
void log_sink_open(enum log_sink sink);
void log_sink_close(void);

/* TEXT is one line, already filtered, without its line end. */
void log_sink_write(enum log_level level, const char *text);

#endif
