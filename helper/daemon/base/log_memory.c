/* A ring of lines, each in memory of its own: most of them are a fifth of the longest. Part of the log's one global. */
#include "base/log_memory.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    struct log_memory_line lines[LOG_MEMORY_LINES];
    size_t first, count;
    int64_t since;
} memory;

static void forget_first(void)
{
    free(memory.lines[memory.first].text);
    memory.since = memory.lines[memory.first].at + 1; /* the rest of that second may be here or not */
    memory.first = (memory.first + 1) % LOG_MEMORY_LINES;
    memory.count--;
}

void log_memory_open(void)
{
    log_memory_close();
    memory.since = clock_wall();
}

void log_memory_close(void)
{
    while (memory.count > 0)
        forget_first();
    memory.first = 0;
}

void log_memory_add(enum log_level level, const char *reference, const char *text)
{
    char *copy = reference[0] ? strdup(text) : NULL;
    if (!reference[0])
        return;
    if (!copy) {
        memory.since = clock_wall() + 1;
        return;
    }
    if (memory.count == LOG_MEMORY_LINES)
        forget_first();
    struct log_memory_line *line = &memory.lines[(memory.first + memory.count++) % LOG_MEMORY_LINES];
    *line = (struct log_memory_line){.at = clock_wall(), .level = level, .text = copy};
    snprintf(line->reference, sizeof line->reference, "%s", reference);
}

int64_t log_memory_since(void)
{
    return memory.since;
}

void log_memory_each(void (*each)(void *argument, const struct log_memory_line *line), void *argument)
{
    for (size_t i = 0; i < memory.count; i++)
        each(argument, &memory.lines[(memory.first + i) % LOG_MEMORY_LINES]);
}
