/*
 * doctor: sudo's rules, by its own word (cvtsudoers), where sudo asks pam_c2m.
 */
#include "authd.h"
#include "check.h"
#include "memory.h"
#include "shipped.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUDO "/usr/bin/sudo"
#define CVTSUDOERS "/usr/bin/cvtsudoers"

void check_sudo_rs(struct doctor *doctor, struct reports *reports)
{
    struct capture *capture = &(struct capture){.status = 0};

    if (!check_asks(doctor, reports, "sudo", SUDO))
        return;
    capture_run(capture, (const char *const[]){SUDO, "--version", NULL});
    if (strncmp(capture->text, "sudo-rs", 7) != 0)
        return;
    struct report *report =
        report_add(reports, REPORT_WARN, SUDO " is sudo-rs, which was not tried with pam_c2m");
    report_mend(report, "install sudo, or try each of your rules");
}

void check_sudo_readable(struct doctor *doctor, struct reports *reports)
{
    if (!check_as_root(reports, "sudo's rules"))
        return;
    capture_run(&doctor->sudoers, (const char *const[]){CVTSUDOERS, "-f", "sudoers", "/etc/sudoers", NULL});
    if (doctor->sudoers.status == -ENOENT)
        report_add(reports, REPORT_SKIP, "sudo's rules: cvtsudoers is missing");
    else if (doctor->sudoers.status != 0)
        report_mend(report_add(reports, REPORT_FAIL, "sudo's rules are broken"), "visudo -c names the line");
}

/* The first line of sudo's files that sets WORD. */
static void find_place(struct report *report, const char *word)
{
    glob_t files = {.gl_pathc = 0};
    char line[1024];

    glob("/etc/sudoers", 0, NULL, &files);
    glob("/etc/sudoers.d/*", GLOB_APPEND, NULL, &files);
    for (size_t i = 0; i < files.gl_pathc && report->file[0] == '\0'; i++) {
        FILE *file = fopen(files.gl_pathv[i], "re");
        for (unsigned number = 1; file != NULL && fgets(line, sizeof line, file) != NULL; number++) {
            if (line[strspn(line, " \t")] == '#' || strstr(line, word) == NULL || report->file[0] != '\0')
                continue;
            report_at(report, files.gl_pathv[i], number);
        }
        if (file != NULL)
            fclose(file);
    }
    globfree(&files);
}

/*
 * Calls SEE with each setting of Defaults ("timestamp_timeout=0", "!pam_session") and whom it binds (" " for all,
 * ":alice", "@host", ">root", "!/bin/x").
 */
static void each_default(
    const char *text, void (*see)(void *data, const char *binding, const char *setting), void *data)
{
    char *copied = strdup(text), *rest = copied;

    if (copied == NULL)
        memory_short();
    for (char *at = copied; (at = strstr(at, "\\\n")) != NULL;)
        at[0] = at[1] = ' ';
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (strncmp(line, "Defaults", 8) != 0)
            continue;
        char *settings = line + 8 + strcspn(line + 8, " \t");
        char end = *settings;
        *settings = '\0';
        char binding[200];
        snprintf(binding, sizeof binding, "%s", line + 8);
        settings += end != '\0';
        for (char *setting; (setting = strsep(&settings, ",")) != NULL;)
            see(data, binding, setting + strspn(setting, " \t"));
    }
    free(copied);
}

static void fix_rules(struct report *report)
{
    report_fix(report, "install -m 0440 %s/sudoers.d/c2m /etc/sudoers.d/", shipped_examples());
}

/* sudo's stack; NULL: it could not be rehearsed. */
static const struct stack *stack_of_sudo(const struct doctor *doctor)
{
    for (size_t s = 0; s < doctor->service_count; s++)
        if (strcmp(doctor->services[s].name, "sudo") == 0)
            return &doctor->services[s].stack;
    return NULL;
}

/* Has STACK, which may be NULL, a line of pam_c2m of this type, with the word in its arguments? */
static bool has_line(const struct stack *stack, enum stack_type type, const char *word)
{
    for (size_t i = 0; stack != NULL && i < stack->count; i++)
        if (stack->lines[i].type == type && stack_line_is(&stack->lines[i], "pam_c2m.so") &&
            strstr(stack->lines[i].arguments, word) != NULL)
            return true;
    return false;
}

/* Does pam_c2m answer sudo without a prompt, where it can? A SKIP where that cannot be told. */
static bool reuses(const struct doctor *doctor, struct reports *reports)
{
    const struct stack *stack = stack_of_sudo(doctor);

    if (stack == NULL)
        report_add(reports, REPORT_SKIP, "whether sudo's stack says reuse: it could not be read");
    return has_line(stack, STACK_AUTH, "reuse");
}

struct timestamps {
    double all; /* minutes */
    char longer[300]; /* a binding of which it is longer */
};

static void see_timestamp(void *data, const char *binding, const char *setting)
{
    struct timestamps *timestamps = data;
    bool off = strncmp(setting, "!timestamp_timeout", 18) == 0;

    if (!off && strncmp(setting, "timestamp_timeout=", 18) != 0)
        return;
    double minutes = off ? 0 : atof(setting + 18);
    if (binding[0] == '\0')
        timestamps->all = minutes;
    else if (minutes != 0)
        snprintf(timestamps->longer, sizeof timestamps->longer, "Defaults%s %s", binding, setting);
}

void check_sudo_timestamp(struct doctor *doctor, struct reports *reports)
{
    struct timestamps timestamps = {.all = 15}; /* sudo's own default */
    /* its account phase refuses a session that is over, whoever remembers it */
    bool refused = has_line(stack_of_sudo(doctor), STACK_ACCOUNT, "");
    const char *whose = refused ? "and then asks for no token" : "a revoked one too";
    struct report *report;

    each_default(doctor->sudoers.text, see_timestamp, &timestamps);
    if (timestamps.all != 0)
        report = report_add(
            reports, REPORT_WARN, "sudo remembers a login for %g minutes, %s", timestamps.all, whose);
    else if (timestamps.longer[0] != '\0')
        report = report_add(reports, REPORT_WARN, "sudo remembers a login, %s: %s", whose, timestamps.longer);
    else
        return;
    report_mend(report, "Defaults timestamp_timeout=0 in /etc/sudoers.d/c2m, and no other");
    fix_rules(report);
    find_place(report, "timestamp_timeout");
}

static void see_pam(void *data, const char *binding, const char *setting)
{
    static const struct {
        const char *setting, *what;
    } settings[] = {{"!pam_acct_mgmt", "sudo does not ask whether an account or session is still alive"},
        {"!pam_session", "sudo opens no session, whose end revokes its token"}};

    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (strcmp(setting, settings[i].setting) != 0)
            continue;
        struct report *report = report_add(data, i == 0 ? REPORT_FAIL : REPORT_WARN, "%s: Defaults%s %s",
            settings[i].what, binding, settings[i].setting);
        report_mend(report, "remove %s", settings[i].setting);
        find_place(report, settings[i].setting);
    }
}

void check_sudo_pam(struct doctor *doctor, struct reports *reports)
{
    each_default(doctor->sudoers.text, see_pam, reports);
}

static void see_noninteractive(void *data, const char *binding, const char *setting)
{
    bool *on = data;

    if (strcmp(setting, "noninteractive_auth") == 0)
        *on = true;
    else if (strcmp(setting, "!noninteractive_auth") == 0 && binding[0] == '\0')
        *on = false;
}

struct asking {
    char each_time[300]; /* a binding that wants it */
};

static void see_asking(void *data, const char *binding, const char *setting)
{
    struct asking *asking = data;
    bool off = strcmp(setting, "!timestamp_timeout") == 0;

    if (binding[0] != '\0' &&
        (off || (strncmp(setting, "timestamp_timeout=", 18) == 0 && atof(setting + 18) == 0)))
        snprintf(asking->each_time, sizeof asking->each_time, "Defaults%s %s", binding, setting);
}

/* For all it is how sudo asks pam_c2m at all; for some it is a rule of its own, which reuse would pass. */
void check_sudo_reuse(struct doctor *doctor, struct reports *reports)
{
    struct asking asking = {.each_time = ""};
    char reuse[32];

    if (!reuses(doctor, reports) ||
        !authd_value(check_config(doctor), "service sudo", "reuse", reuse, sizeof reuse) || atof(reuse) == 0)
        return;
    each_default(doctor->sudoers.text, see_asking, &asking);
    if (asking.each_time[0] == '\0')
        return;
    struct report *report = report_add(reports, REPORT_WARN,
        "sudoers wants to ask each time, and reuse = %s does not: %s", reuse, asking.each_time);
    report_mend(report, "remove that, or reuse= of [service sudo] in %s", check_config(doctor));
    asking.each_time[strcspn(asking.each_time, " ")] = '\0';
    find_place(report, asking.each_time);
}

void check_sudo_noninteractive(struct doctor *doctor, struct reports *reports)
{
    bool on = false;

    if (!reuses(doctor, reports))
        return;
    each_default(doctor->sudoers.text, see_noninteractive, &on);
    if (on)
        return;
    struct report *report =
        report_add(reports, REPORT_WARN, "sudo -n never asks pam_c2m, which could answer without a prompt");
    report_mend(report, "Defaults noninteractive_auth in /etc/sudoers.d/c2m");
    fix_rules(report);
    find_place(report, "noninteractive_auth");
}
