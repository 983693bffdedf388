/*
 * The name in stat stands in parentheses that it may itself contain; nothing behind it can hold one, so the last
 * one ends it. In status the kernel escapes the name's line ends, so a line that begins with "Uid:" is the kernel's.
 */
#include "base/process_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    FIELD_STATE = 3,
    FIELD_PARENT,
    FIELD_GROUP,
    FIELD_LEADER,
    FIELD_TTY,
    FIELD_FOREGROUND,
    FIELD_START = 22
}; /* proc(5) */

/* Reads one number that a blank, a line end or the end of the text follows; NULL when there is none. */
static const char *number(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    uint64_t magnitude = 0;
    const char *digit = text + negative;
    if (*digit < '0' || *digit > '9')
        return NULL;
    for (; *digit >= '0' && *digit <= '9'; digit++) {
        if (magnitude > (uint64_t)INT64_MAX / 10 - 1)
            return NULL;
        magnitude = magnitude * 10 + (uint64_t)(*digit - '0');
    }
    *value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return *digit == '\0' || strchr(" \t\n", *digit) ? digit : NULL;
}

static bool read_fields(const char *text, struct process_facts *out)
{
    for (int field = FIELD_PARENT; field <= FIELD_START; field++) {
        int64_t value;
        const char *end = *text == ' ' ? number(text + 1, &value) : NULL;
        if (!end)
            return false;
        text = end;
        if (field == FIELD_PARENT)
            out->parent = (pid_t)value;
        else if (field == FIELD_GROUP)
            out->group = (pid_t)value;
        else if (field == FIELD_LEADER)
            out->leader = (pid_t)value;
        else if (field == FIELD_TTY)
            out->tty = (uint32_t)value;
        else if (field == FIELD_FOREGROUND)
            out->foreground = (pid_t)value;
        else if (field == FIELD_START)
            out->process.start = (uint64_t)value;
    }
    return true;
}

int process_text_stat(const char *text, size_t length, pid_t pid, struct process_facts *out)
{
    char start[32];
    size_t before = (size_t)snprintf(start, sizeof start, "%d (", (int)pid);
    const char *end = memrchr(text, ')', length);
    if (length < before || memcmp(text, start, before) != 0 || !end)
        return -EPROTO;
    if (memchr(text, '\0', length) || end[1] != ' ' || end[2] == '\0' || end[2] == ' ')
        return -EPROTO;
    out->process.pid = pid;
    out->state = end[2];
    return read_fields(end + 3, out) ? 0 : -EPROTO;
}

static bool read_uids(const char *text, struct process_status *status)
{
    int64_t real, effective;
    const char *end = number(text, &real);
    if (!end || *end != '\t' || !number(end + 1, &effective))
        return false;
    status->real_uid = (uid_t)real;
    status->effective_uid = (uid_t)effective;
    return true;
}

/* 0 when there is anything else among them. */
static unsigned count_numbers(const char *text)
{
    unsigned count = 0;
    int64_t value;
    const char *end = number(text, &value);
    for (; end && *end; end = number(end + 1, &value))
        count++;
    return end ? count + 1 : 0;
}

void process_text_status_line(struct process_status *status, const char *line)
{
    if (strncmp(line, "Uid:\t", 5) == 0)
        status->has_uids = read_uids(line + 5, status);
    else if (strncmp(line, "NSpid:\t", 7) == 0)
        status->namespaces = count_numbers(line + 7);
}

uint32_t process_text_number(const char *text, uint32_t otherwise)
{
    int64_t value;
    const char *end = number(text, &value);
    bool whole = end && (*end == '\0' || strcmp(end, "\n") == 0);
    return whole && value >= 0 && value <= UINT32_MAX ? (uint32_t)value : otherwise;
}
