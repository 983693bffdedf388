/*
 * A configuration while it is read: what was seen where, and what was complained of. Between config.c, which reads the
 * file, config_items.c, which judges it item by item, and config_whole.c, which judges the whole. Nobody else includes it.
 */
#ifndef CONFIG_READING_H
#define CONFIG_READING_H

#include "config.h"
#include "config_keys.h"

enum { SEEN_MAX = 1024 };

struct reading {
    struct config *config;
    config_report report;
    void *argument;
    int errors;
    bool skipping; /* below a section that is none of ours, which was said at its header */
    bool refused[CONFIG_KEYS_MAX]; /* by the table: that key's value was said to be wrong */
    bool unknown; /* such a section or key was met: what is missing may stand there */
    struct {
        char section[80];
        char key[32];
        int line;
    } seen[SEEN_MAX];
    unsigned seen_count;
};

/* "FILE:LINE: what"; LINE 0: of the file as a whole. Counted. */
__attribute__((format(printf, 3, 4))) void reading_fault(
    struct reading *reading, int line, const char *format, ...);
__attribute__((format(printf, 2, 3))) void reading_warn(struct reading *reading, const char *format, ...);
/* What stands in the file, through the printable filter. OUT holds C2M_PRINTABLE_SIZE bytes and is returned. */
const char *reading_shown(char *out, const char *text);
/* The line that a key, or a section's header (NAME ""), was met in; 0. */
int reading_seen(const struct reading *reading, const char *section, const char *name);
/* That key's value was said to be wrong. SECTION as it is written, "service sudo". */
bool reading_refused(const struct reading *reading, const char *section, const char *name);
bool config_is_service(const char *section);
/* NULL: the table has none of that name there ("service" for [service NAME]). */
const struct config_key *config_key_find(const char *section, const char *name);

/* For ini_read; the services after the others, because each starts as a copy of [login]. */
int reading_services(void *argument, const char *section, const char *name, const char *value, int line);
int reading_others(void *argument, const char *section, const char *name, const char *value, int line);
/* What only the whole can tell. */
void reading_check(struct reading *reading);

#endif
