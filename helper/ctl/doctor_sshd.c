/*
 * doctor: what sshd makes of its configuration, by its own word (sshd -T).
 */
#include "check.h"
#include "sshd_config.h"
#include "sshd_mend.h"
#include "users_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define SSHD "/usr/sbin/sshd"
#define NO_FOLDER "/run/sshd is missing: start ssh once"

/* Of nobody in particular, but without a port sshd judges no Match LocalPort. -G takes none of it. */
#define ANYBODY "laddr=127.0.0.1,lport=22"

/* Its first line that is no warning of a key. */
static void first_line(const struct capture *capture, char *out, size_t size)
{
    const char *line = capture->text, *next;

    while ((next = strchr(line, '\n')) != NULL && next[1] != '\0' && strncmp(line, "Unable to load", 14) == 0)
        line = next + 1;
    snprintf(out, size, "%.*s", (int)strcspn(line, "\r\n"), line);
}

/* After a boot with ssh.socket: -T then says nothing else. */
static bool lacks_folder(const struct capture *capture)
{
    return strstr(capture->text, "privilege separation directory") != NULL;
}

/*
 * -T says all, to root, and where sshd has run since boot; -G, since 9.3, needs neither, but does not see methods that
 * are off. False: SKIPped.
 */
static bool reads_config(struct doctor *doctor, struct reports *reports)
{
    bool root = geteuid() == 0;

    if (root)
        capture_run(&doctor->sshd, (const char *const[]){SSHD, "-T", "-f", SSHD_CONFIG, "-C", ANYBODY, NULL});
    bool never_ran = root && lacks_folder(&doctor->sshd);
    if (root && !never_ran)
        return true;
    capture_run(&doctor->sshd, (const char *const[]){SSHD, "-G", "-f", SSHD_CONFIG, NULL});
    if (doctor->sshd.status != 0)
        report_add(reports, REPORT_SKIP, "sshd's configuration: %s", root ? NO_FOLDER : "only root can tell");
    return doctor->sshd.status == 0;
}

void check_sshd_config(struct doctor *doctor, struct reports *reports)
{
    char line[200];

    doctor->sshd.status = -ENOENT;
    if (!check_asks(doctor, reports, "sshd", SSHD) || !reads_config(doctor, reports) ||
        doctor->sshd.status == 0)
        return;
    first_line(&doctor->sshd, line, sizeof line);
    bool methods = strstr(doctor->sshd.text, "AuthenticationMethods") != NULL;
    struct report *report =
        methods ? report_add(
                      reports, REPORT_FAIL, "AuthenticationMethods asks for a method that is off: %s", line)
                : report_add(reports, REPORT_FAIL, "sshd refuses its configuration: %s", line);
    report_mend(report,
        methods ? "enable that method, or remove it from AuthenticationMethods" : "sshd -t names the line");
    struct sshd_place place = sshd_config_find(SSHD_CONFIG, "authenticationmethods", false);
    report_at(report, methods && place.line != 0 ? place.file : SSHD_CONFIG, methods ? place.line : 0);
}

/* The value of a word, "" when sshd was not asked. */
static const char *value(const struct doctor *doctor, const char *word, char *out, unsigned size)
{
    out[0] = '\0';
    if (doctor->sshd.status == 0)
        capture_value(&doctor->sshd, word, out, size);
    return out;
}

static void must_be_yes(struct doctor *doctor, struct reports *reports, const char *word, const char *name)
{
    char now[32], setting[64];

    if (strcmp(value(doctor, word, now, sizeof now), "no") != 0)
        return;
    struct sshd_place place = sshd_config_find(SSHD_CONFIG, word, false);
    struct report *report =
        report_add(reports, REPORT_FAIL, "%s is no%s", name, place.line == 0 ? " by default" : "");
    snprintf(setting, sizeof setting, "%s yes", name);
    sshd_mend(report, &place, setting);
}

/* Since OpenSSH 9.8 it may ask PAM by another name than its own. */
static void must_be_asked_by(struct doctor *doctor, struct reports *reports)
{
    char name[SERVICE_NAME_SIZE];

    if (value(doctor, "pamservicename", name, sizeof name)[0] == '\0')
        return;
    for (size_t i = 0; i < doctor->names.count; i++)
        if (strcmp(doctor->names.names[i], name) == 0)
            return;
    struct sshd_place place = sshd_config_find(SSHD_CONFIG, "pamservicename", false);
    struct report *report =
        report_add(reports, REPORT_FAIL, "sshd asks PAM as %s, which does not ask pam_c2m", name);
    report_mend(report, "remove PAMServiceName, reload ssh");
    if (place.line != 0)
        report_at(report, place.file, place.line);
}

void check_sshd_usepam(struct doctor *doctor, struct reports *reports)
{
    must_be_yes(doctor, reports, "usepam", "UsePAM");
    must_be_asked_by(doctor, reports);
}

void check_sshd_kbdint(struct doctor *doctor, struct reports *reports)
{
    must_be_yes(doctor, reports, "kbdinteractiveauthentication", "KbdInteractiveAuthentication");
}

void check_sshd_alive(struct doctor *doctor, struct reports *reports)
{
    char now[32];

    if (strcmp(value(doctor, "clientaliveinterval", now, sizeof now), "0") != 0)
        return;
    struct sshd_place place = sshd_config_find(SSHD_CONFIG, "clientaliveinterval", false);
    struct report *report = report_add(reports, REPORT_WARN, "dead clients keep their tokens alive");
    sshd_mend(report, &place, "ClientAliveInterval 60");
}

struct matching {
    struct doctor *doctor;
    struct reports *reports;
    bool unread; /* sshd did not answer for one, which is told once */
};

static void tell_unread(struct matching *matching, const char *user, const struct capture *capture)
{
    char line[200];

    first_line(capture, line, sizeof line);
    if (!matching->unread)
        report_add(matching->reports, REPORT_SKIP, "Match for %s: %s", user,
            lacks_folder(capture) ? NO_FOLDER
            : line[0] == '\0'     ? "sshd does not answer"
                                  : line);
    matching->unread = true;
}

/* What of these another user has than everybody else. */
static void see_user(void *data, const struct users_file_entry *entry)
{
    static const char *const words[] = {
        "kbdinteractiveauthentication", "authenticationmethods", "pamservicename"};
    struct matching *matching = data;
    char who[USERS_NAME_SIZE + 64], usual[200], his[200];
    struct capture *capture = &(struct capture){.status = 0};

    snprintf(who, sizeof who, "user=%s,host=localhost,addr=127.0.0.1," ANYBODY, entry->user);
    capture_run(capture, (const char *const[]){SSHD, "-T", "-f", SSHD_CONFIG, "-C", who, NULL});
    if (capture->status != 0)
        tell_unread(matching, entry->user, capture);
    for (size_t i = 0; capture->status == 0 && i < sizeof words / sizeof words[0]; i++) {
        his[0] = '\0';
        capture_value(capture, words[i], his, sizeof his);
        if (strcmp(value(matching->doctor, words[i], usual, sizeof usual), his) == 0 ||
            (i == 1 && strstr(his, "keyboard-interactive") != NULL) || (i == 0 && strcmp(his, "yes") == 0))
            continue;
        struct sshd_place place = sshd_config_find(SSHD_CONFIG, words[i], true);
        struct report *report = report_add(
            matching->reports, REPORT_FAIL, "Match sends %s past pam_c2m: %s %s", entry->user, words[i], his);
        report_mend(report, "remove that from the block, or except the user");
        report_at(report, place.line == 0 ? SSHD_CONFIG : place.file, place.line);
    }
}

void check_sshd_match(struct doctor *doctor, struct reports *reports)
{
    struct matching matching = {.doctor = doctor, .reports = reports};
    char path[300];

    if (!check_as_root(reports, "sshd's Match blocks"))
        return;
    users_file_path(check_config(doctor), path, sizeof path);
    if (users_file_read(path, see_user, &matching) < 0)
        report_add(reports, REPORT_SKIP, "sshd's Match blocks: %s cannot be read", path);
}
