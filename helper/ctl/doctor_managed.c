/*
 * doctor: does pam-auth-update still change /etc/pam.d/common-*? A line that it did not write itself freezes it: it says so
 * to nobody who reads its exit status, and changes nothing any more.
 */
#include "check.h"
#include "shipped.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAVED "/var/lib/pam"
enum { LINES_MAX = 64, LINE_SIZE = 512 };

static const struct {
    const char *name, *type;
} parts[] = {{"auth", "auth"}, {"account", "account"}, {"password", "password"}, {"session", "session"},
    {"session-noninteractive", "session"}};

/* What it wrote last, control and module of each line. */
struct saved {
    char lines[LINES_MAX][LINE_SIZE];
    size_t count;
};

static void drop(char *at, size_t length)
{
    memmove(at, at + length, strlen(at + length) + 1);
}

/* Jumps are not compared: "success=1" and "success=end" in a control become "success=". */
static void forget_jumps(char *line)
{
    char *open = strchr(line, '['), *close = open == NULL ? NULL : strchr(open, ']');
    if (close == NULL)
        return;
    size_t before = strcspn(open, "0123456789");
    if (open + before < close)
        drop(open + before, strspn(open + before, "0123456789"));
    char *end = strstr(open, "=end");
    close = strchr(open, ']');
    if (end != NULL && close != NULL && end < close)
        drop(end + 1, 3);
}

/* Cuts it behind the module: what stands there are options, which it takes over. */
static void cut_options(char *line)
{
    char *at = line[0] == '[' ? strchr(line, ']') : line + strcspn(line, " \t");

    if (at == NULL || *at == '\0')
        return;
    at += *at == ']';
    at += strspn(at, " \t");
    at[strcspn(at, " \t\n")] = '\0';
}

static bool read_saved(struct saved *saved, const char *name)
{
    char path[300], line[LINE_SIZE];

    saved->count = 0;
    snprintf(path, sizeof path, SAVED "/%s", name);
    FILE *file = fopen(path, "re");
    while (file != NULL && saved->count < LINES_MAX && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "Module: ", 8) == 0 || line[0] == '\n')
            continue;
        forget_jumps(line);
        cut_options(line);
        snprintf(saved->lines[saved->count++], LINE_SIZE, "%s", line);
    }
    if (file != NULL)
        fclose(file);
    return file != NULL;
}

/* Is it the next of them, or a later one? Those before were removed by hand, which it bears. */
static bool take(const struct saved *saved, size_t *next, char *line, const char *type)
{
    size_t length = strlen(type);

    if (strncmp(line, type, length) == 0 && isspace((unsigned char)line[length])) {
        line += length;
        line += strspn(line, " \t");
    }
    forget_jumps(line);
    while (*next < saved->count) {
        const char *known = saved->lines[(*next)++];
        if (strncmp(line, known, strlen(known)) == 0)
            return true;
    }
    return false;
}

/* The number of the first line that it did not write; 0: there is none. */
static unsigned foreign_line(FILE *file, const struct saved *saved, const char *type)
{
    static const char *const marks[] = {"# here are the per-package modules (the \"Primary\" block)",
        "# here's the fallback if no module succeeds",
        "# and here are more per-package modules (the \"Additional\" block)",
        "# end of pam-auth-update config"};
    char line[LINE_SIZE];
    size_t mark = 0, next = 0;
    unsigned number = 0;

    while (mark < 4 && fgets(line, sizeof line, file) != NULL) {
        number++;
        if (strncmp(line, marks[mark], strlen(marks[mark])) == 0)
            mark++;
        else if (mark % 2 == 1 && !take(saved, &next, line, type))
            return number;
    }
    return mark < 3 ? number + 1 : 0;
}

void check_stack_managed(struct doctor *doctor, struct reports *reports)
{
    (void)doctor;
    if (access(SHIPPED_PROFILE, F_OK) != 0)
        return; /* the stacks are the administrator's own */
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct saved *saved = &(struct saved){.count = 0};
        char path[300];
        snprintf(path, sizeof path, "/etc/pam.d/common-%s", parts[i].name);
        FILE *file = fopen(path, "re");
        if (file == NULL)
            continue;
        unsigned line = read_saved(saved, parts[i].name) ? foreign_line(file, saved, parts[i].type) : 0;
        fclose(file);
        if (line == 0)
            continue;
        struct report *report = report_add(reports, REPORT_WARN,
            "common-%s was edited by hand: pam-auth-update does nothing any more, and says 0", parts[i].name);
        report_mend(report, "move that line out of the block, or pam-auth-update --force (saves .pam-old)");
        report_fix(report, "pam-auth-update --force");
        report_at(report, path, line);
    }
}
