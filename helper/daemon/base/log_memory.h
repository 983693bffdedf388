/*
 * The last lines of the log that name a login, kept in memory for c2mctl explain. Bounded: the oldest makes room. What it
 * does not know any more stands in the log itself.
 */
#ifndef BASE_LOG_MEMORY_H
#define BASE_LOG_MEMORY_H

#include "base/log.h"

enum { LOG_MEMORY_LINES = 4096 };

struct log_memory_line {
    int64_t at; /* wall clock */
    enum log_level level;
    char reference[9]; /* of the login that it names */
    char *text; /* as it stands in the log */
};

/* Begins anew, with nothing. */
void log_memory_open(void);
void log_memory_close(void);

/* A line that names no login is not kept. Without memory for it the line is missing, and what is older counts as forgotten. */
void log_memory_add(enum log_level level, const char *reference, const char *text);

/* The wall clock since which every such line is still here. */
int64_t log_memory_since(void);

/* Calls EACH with every line, the oldest first. */
void log_memory_each(void (*each)(void *argument, const struct log_memory_line *line), void *argument);

#endif
