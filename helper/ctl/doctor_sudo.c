/*
 * doctor: sudo's rules, by its own word (cvtsudoers), where sudo asks pam_c2m.
 */
#include "authd.h"
#include "check.h"
#include "memory.h"
#include "shipped.h"
#include "sudo_rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUDO "/usr/bin/sudo"
#define CVTSUDOERS "/usr/bin/cvtsudoers"
#define OUR_RULES "/etc/sudoers.d/c2m"

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

static struct sudo_place find_place(struct report *report, const struct sudo_default *rule)
{
    struct sudo_place place = sudo_rules_find(rule);

    if (place.line != 0)
        report_at(report, place.file, place.line);
    return place;
}

/* WANTED for all: by our rules, unless RULE, which decides, stands elsewhere: it would go on to decide. */
static void mend_rule(struct report *report, const struct sudo_default *rule, const char *wanted)
{
    if (rule->setting[0] != '\0' && strcmp(find_place(report, rule).file, OUR_RULES) != 0) {
        report_mend(report, "make that %s", wanted);
        return;
    }
    report_mend(report, "Defaults %s in " OUR_RULES, wanted);
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

/* Is it about timestamp_timeout? */
static bool read_minutes(const struct sudo_default *one, double *minutes)
{
    bool off = strcmp(one->setting, "!timestamp_timeout") == 0;

    if (!off && strncmp(one->setting, "timestamp_timeout=", 18) != 0)
        return false;
    *minutes = off ? 0 : atof(one->setting + 18);
    return true;
}

struct timestamps {
    double minutes; /* for all */
    struct sudo_default all, longer; /* what says so; one for some for whom it is longer */
};

static void see_timestamp(void *data, const struct sudo_default *one, unsigned line)
{
    struct timestamps *timestamps = data;
    double minutes;

    (void)line;
    if (!read_minutes(one, &minutes))
        return;
    if (one->binding[0] == '\0') {
        timestamps->minutes = minutes;
        timestamps->all = *one;
    } else if (minutes != 0) {
        timestamps->longer = *one;
    } else if (strcmp(one->binding, timestamps->longer.binding) == 0) {
        timestamps->longer.setting[0] = '\0';
    }
}

void check_sudo_timestamp(struct doctor *doctor, struct reports *reports)
{
    struct timestamps timestamps = {.minutes = 15}; /* sudo's own default */
    /* its account phase refuses a session that is over, whoever remembers it */
    bool refused = has_line(stack_of_sudo(doctor), STACK_ACCOUNT, "");
    const char *whose = refused ? "and then asks for no token" : "a revoked one too";
    struct report *report;

    sudo_rules_each(doctor->sudoers.text, see_timestamp, &timestamps);
    if (timestamps.minutes != 0)
        report = report_add(
            reports, REPORT_WARN, "sudo remembers a login for %g minutes, %s", timestamps.minutes, whose);
    else if (timestamps.longer.setting[0] != '\0')
        report = report_add(reports, REPORT_WARN, "sudo remembers a login, %s: Defaults%s %s", whose,
            timestamps.longer.binding, timestamps.longer.setting);
    else
        return;
    mend_rule(report, timestamps.minutes != 0 ? &timestamps.all : &timestamps.longer, "timestamp_timeout=0");
}

static void see_pam(void *data, const struct sudo_default *one, unsigned line)
{
    static const struct {
        const char *setting, *what;
    } settings[] = {{"!pam_acct_mgmt", "sudo does not ask whether an account or session is still alive"},
        {"!pam_session", "sudo opens no session, whose end revokes its token"}};

    (void)line;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (strcmp(one->setting, settings[i].setting) != 0)
            continue;
        struct report *report = report_add(data, i == 0 ? REPORT_FAIL : REPORT_WARN, "%s: Defaults%s %s",
            settings[i].what, one->binding, one->setting);
        report_mend(report, "remove %s", one->setting);
        find_place(report, one);
    }
}

void check_sudo_pam(struct doctor *doctor, struct reports *reports)
{
    sudo_rules_each(doctor->sudoers.text, see_pam, reports);
}

/* A rule for some that wants it. */
static void see_asking(void *data, const struct sudo_default *one, unsigned line)
{
    struct sudo_default *each_time = data;
    double minutes;

    (void)line;
    if (one->binding[0] != '\0' && read_minutes(one, &minutes) && minutes == 0)
        *each_time = *one;
}

/* For all it is how sudo asks pam_c2m at all; for some it is a rule of its own, which reuse would pass. */
void check_sudo_reuse(struct doctor *doctor, struct reports *reports)
{
    struct sudo_default each_time = {.setting = ""};
    char reuse[32];

    if (!reuses(doctor, reports) ||
        !authd_value(check_config(doctor), "service sudo", "reuse", reuse, sizeof reuse) || atof(reuse) == 0)
        return;
    sudo_rules_each(doctor->sudoers.text, see_asking, &each_time);
    if (each_time.setting[0] == '\0')
        return;
    struct report *report = report_add(reports, REPORT_WARN,
        "sudoers wants to ask each time, and reuse = %s does not: Defaults%s %s", reuse, each_time.binding,
        each_time.setting);
    report_mend(report, "remove that, or reuse= of [service sudo] in %s", check_config(doctor));
    find_place(report, &each_time);
}

struct noninteractive {
    bool on; /* for all */
    struct sudo_default off, some; /* what says so; one for some who have it on */
};

static void see_noninteractive(void *data, const struct sudo_default *one, unsigned line)
{
    struct noninteractive *seen = data;
    bool on = strcmp(one->setting, "noninteractive_auth") == 0;

    (void)line;
    if (on && one->binding[0] != '\0')
        seen->some = *one;
    if (one->binding[0] != '\0' || (!on && strcmp(one->setting, "!noninteractive_auth") != 0))
        return;
    seen->on = on;
    seen->off = *one;
    if (on)
        seen->off.setting[0] = '\0';
}

void check_sudo_noninteractive(struct doctor *doctor, struct reports *reports)
{
    struct noninteractive seen = {.on = false};
    struct report *report;

    if (!reuses(doctor, reports))
        return;
    sudo_rules_each(doctor->sudoers.text, see_noninteractive, &seen);
    if (seen.on)
        return;
    if (seen.some.setting[0] != '\0')
        report = report_add(reports, REPORT_WARN, "sudo -n asks pam_c2m for some only: Defaults%s %s",
            seen.some.binding, seen.some.setting);
    else
        report = report_add(
            reports, REPORT_WARN, "sudo -n never asks pam_c2m, which could answer without a prompt");
    mend_rule(report, &seen.off, "noninteractive_auth");
}
