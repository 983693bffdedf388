/*
 * doctor: what SELinux and AppArmor denied at the helper's sockets, from the log of auditd, or where there is none from the
 * kernel's, by whoever keeps it. A denial that is older than the cure is none: the folder's label, the profile's file.
 */
#include "check.h"
#include "kernel_log.h"
#include "selinux_label.h"
#include "shipped.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const logs[] = {"/var/log/audit/audit.log", "/var/log/kern.log", "/var/log/syslog"};
/* What a line about the helper has. */
#define OURS "run/c2m/|pam\\.sock|user\\.sock|c2m-authd"

struct denial {
    char who[100]; /* the profile, the domain */
    long long when; /* seconds since 1970 */
};

typedef bool denial_reader(struct denial *denial, const char *line);

/*
 * What stands behind WORD, if it is a name and no more: users can write lines of such a log, and what is found here goes
 * into commands.
 */
static bool value_of(char *out, size_t size, const char *line, const char *word)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/:,-";
    const char *found = strstr(line, word);

    if (found == NULL)
        return false;
    found += strlen(word);
    snprintf(out, size, "%.*s", (int)strcspn(found, "\" \n"), found);
    return out[0] != '\0' && out[strspn(out, names)] == '\0' && strstr(out, "..") == NULL;
}

/* "audit(1795607520.123:45):" */
static bool read_time(struct denial *denial, const char *line)
{
    const char *stamp = strstr(line, "audit(");

    denial->when = stamp == NULL ? 0 : atoll(stamp + 6);
    return denial->when > 0;
}

static bool read_apparmor(struct denial *denial, const char *line)
{
    return strstr(line, "apparmor=\"DENIED\"") != NULL && strstr(line, "name=\"/run/c2m/") != NULL &&
           read_time(denial, line) && value_of(denial->who, sizeof denial->who, line, "profile=\"");
}

static bool read_selinux(struct denial *denial, const char *line)
{
    bool ours = strstr(line, "path=\"/run/c2m/") != NULL || strstr(line, "name=\"pam.sock\"") != NULL ||
                strstr(line, "name=\"user.sock\"") != NULL || strstr(line, "comm=\"c2m-authd\"") != NULL;

    return strstr(line, "avc:  denied") != NULL && ours && read_time(denial, line) &&
           value_of(denial->who, sizeof denial->who, line, "scontext=");
}

struct search {
    denial_reader *reader;
    struct denial newest;
    unsigned sources; /* logs that were read */
};

static void see_line(void *data, const char *line)
{
    struct search *search = data;
    struct denial denial;

    if (search->reader(&denial, line) && denial.when >= search->newest.when)
        search->newest = denial;
}

static void search_file(struct search *search, struct reports *reports, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[4096];

    /* in a closed folder it may be there as well */
    if (file == NULL && errno != ENOENT)
        report_add(reports, REPORT_SKIP, "denials in %s: %s", path, check_unread(errno));
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL)
        see_line(search, line);
    search->sources++;
    fclose(file);
}

/* The newest of all logs. False: there is none. SKIPs what cannot be read; where nothing can DENY, no log is missed. */
static bool find_newest(struct reports *reports, denial_reader *reader, bool can_deny, struct denial *newest)
{
    struct search search = {.reader = reader};

    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++)
        search_file(&search, reports, logs[i]);
    if (kernel_log_each(OURS, see_line, &search) == 0)
        search.sources++;
    if (search.sources == 0 && can_deny && reports->count == 0)
        report_add(reports, REPORT_SKIP, "denials: neither the audit log nor the kernel's can be read");
    *newest = search.newest;
    return newest->when > 0;
}

/* Does a line of the file begin with the word, or have it behind a tab? */
static bool file_says(const char *path, const char *word)
{
    FILE *file = fopen(path, "re");
    char line[256];
    bool said = false;

    while (file != NULL && !said && fgets(line, sizeof line, file) != NULL) {
        const char *tab = strchr(line, '\t');
        said = strncmp(tab == NULL ? line : tab + 1, word, strlen(word)) == 0;
    }
    if (file != NULL)
        fclose(file);
    return said;
}

static bool changed_since(const char *path, long long when)
{
    struct stat status;

    return stat(path, &status) == 0 && status.st_ctime > when;
}

#define BUILD_MODULE "build and load the policy module c2m, whose source is in " SHIPPED_DIR "/selinux, and "

static void report_label(struct reports *reports, const char *dir, const struct selinux_label *label)
{
    struct report *report = report_add(reports, label->enforcing ? REPORT_FAIL : REPORT_WARN,
        "SELinux labels %s as %s, not c2m_runtime_t", dir, label->type);

    report_mend(report, label->known ? "restorecon -R %s" : BUILD_MODULE "restorecon -R %s", dir);
    if (label->known)
        report_fix(report, "restorecon -R %s", dir);
}

/* A wrong label is what is denied: then it alone is told. Of a denial the label is half the cure: no command. */
void check_helper_selinux(struct doctor *doctor, struct reports *reports)
{
    const char *dir = doctor->options->runtime_dir;
    struct selinux_label label;
    struct denial denial;

    if (selinux_label_is_wrong(dir, &label)) {
        report_label(reports, dir, &label);
        return;
    }
    if (!find_newest(reports, read_selinux, file_says("/proc/filesystems", "selinuxfs"), &denial) ||
        changed_since(dir, denial.when))
        return;
    struct report *report =
        report_add(reports, REPORT_FAIL, "SELinux denied something at the helper's socket to %s", denial.who);
    report_mend(report, BUILD_MODULE "restorecon -R %s", dir);
}

/* local/NAME, where NAME is the profile's file: /usr/sbin/sshd is usr.sbin.sshd's. */
static void local_file(char *out, size_t size, const char *profile)
{
    int start = snprintf(out, size, "/etc/apparmor.d/local/");

    snprintf(out + start, size - (size_t)start, "%s", profile[0] == '/' ? profile + 1 : profile);
    for (char *at = out + start; *at != '\0'; at++)
        if (*at == '/')
            *at = '.';
}

void check_helper_apparmor(struct doctor *doctor, struct reports *reports)
{
    struct denial denial;
    char local[200];

    bool can_deny = file_says("/sys/module/apparmor/parameters/enabled", "Y") ||
                    access("/proc/self/attr/apparmor/current", F_OK) == 0;
    if (!find_newest(reports, read_apparmor, can_deny, &denial))
        return;
    local_file(local, sizeof local, denial.who);
    if (changed_since(local, denial.when))
        return;
    struct report *report = report_add(
        reports, REPORT_FAIL, "AppArmor's profile %s denies %s", denial.who, doctor->options->runtime_dir);
    report_mend(report, "add %s/* rw, to it, and load it again", doctor->options->runtime_dir);
    report_fix(
        report, "echo '%s/* rw,' >>%s && systemctl reload apparmor", doctor->options->runtime_dir, local);
    report_at(report, local, 0);
}
