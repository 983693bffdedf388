/* Complaints, and what was seen where. */
#include "config_reading.h"

#include "c2m/printable.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 4, 0))) static void say(
    struct reading *reading, const char *prefix, int line, const char *format, va_list arguments)
{
    char where[CONFIG_PATH_SIZE + 16], what[512], sentence[1024];
    snprintf(where, sizeof where, line > 0 ? "%s:%d" : "%s", reading->config->file, line);
    vsnprintf(what, sizeof what, format, arguments);
    snprintf(sentence, sizeof sentence, "%s%s: %s", prefix, where, what);
    for (char *c = sentence; *c; c++) /* a service's name, say, is the file's */
        if (*c < ' ' || *c > '~')
            *c = '?';
    reading->report(reading->argument, sentence);
}

void reading_fault(struct reading *reading, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(reading, "", line, format, arguments);
    va_end(arguments);
    reading->errors++;
}

void reading_warn(struct reading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(reading, "warning: ", 0, format, arguments);
    va_end(arguments);
}

const char *reading_shown(char *out, const char *text)
{
    return c2m_printable(out, C2M_PRINTABLE_SIZE, text, strlen(text));
}

const struct config_key *config_key_find(const char *section, const char *name)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (strcmp(config_keys[i].section, section) == 0 && strcmp(config_keys[i].name, name) == 0)
            return &config_keys[i];
    return NULL;
}

bool config_is_service(const char *section)
{
    return strncmp(section, "service ", 8) == 0;
}

int reading_seen(const struct reading *reading, const char *section, const char *name)
{
    for (unsigned i = 0; i < reading->seen_count; i++)
        if (strcmp(reading->seen[i].section, section) == 0 && strcmp(reading->seen[i].key, name) == 0)
            return reading->seen[i].line;
    return 0;
}

bool reading_refused(const struct reading *reading, const char *section, const char *name)
{
    const struct config_key *key = config_key_find(config_is_service(section) ? "service" : section, name);
    return key && reading->refused[key - config_keys];
}
