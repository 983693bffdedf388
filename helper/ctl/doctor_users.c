/*
 * doctor: the people. Who is mapped, and how root gets in when nothing of C2M works.
 */
#include "check.h"
#include "users_file.h"

#include <errno.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* No name that a shell would take for more: it goes into a command. */
static bool is_name(const char *user)
{
    return user[0] != '-' && user[strspn(user, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

struct seeing {
    struct reports *reports;
    const char *path;
    char clients[65536]; /* "client=user " of those that were seen */
};

/* Days since 1970; -1: never. Root only. */
static long expiry_of(const char *user)
{
    const struct spwd *shadow = geteuid() == 0 ? getspnam(user) : NULL;

    return shadow == NULL ? -1 : shadow->sp_expire;
}

static void see_user(void *data, const struct users_file_entry *entry)
{
    const struct seeing *seeing = data;
    const struct passwd *user;
    struct report *report;

    if (!check_user(seeing->reports, entry->user, &user))
        return;
    if (user == NULL) {
        report = report_add(seeing->reports, REPORT_FAIL, "there is no local user \"%s\"", entry->user);
        report_mend(report, "useradd -m %s, or remove the line", entry->user);
        if (is_name(entry->user))
            report_fix(report, "useradd -m %s", entry->user);
    } else if (user->pw_uid < 1000) {
        report = report_add(seeing->reports, REPORT_WARN, "\"%s\" has uid %u: pam_c2m leaves that user alone",
            entry->user, user->pw_uid);
        report_mend(report, "min_uid= or allow_root on pam_c2m's line, or remove the line");
    } else if (expiry_of(entry->user) >= 0 && expiry_of(entry->user) <= time(NULL) / 86400) {
        report = report_add(seeing->reports, REPORT_WARN, "the account of \"%s\" has expired", entry->user);
        report_mend(report, "chage -E -1 %s, or remove the line", entry->user);
        if (is_name(entry->user))
            report_fix(report, "chage -E -1 %s", entry->user);
    } else {
        return;
    }
    report_at(report, seeing->path, entry->line);
}

static void see_client(struct seeing *seeing, const struct users_file_entry *entry, const char *client)
{
    char known[1100];

    snprintf(known, sizeof known, " %s=", client);
    const char *other = strstr(seeing->clients, known);
    if (other != NULL) {
        other += strlen(known);
        struct report *report = report_add(seeing->reports, REPORT_WARN, "client %s is \"%.*s\" and \"%s\"",
            client, (int)strcspn(other, " "), other, entry->user);
        report_mend(report, "leave it with one of them");
        report_at(report, seeing->path, entry->line);
        return;
    }
    size_t used = strlen(seeing->clients);
    snprintf(seeing->clients + used, sizeof seeing->clients - used, "%s%s ", known, entry->user);
}

static void see_clients(void *data, const struct users_file_entry *entry)
{
    char clients[sizeof entry->clients], *rest = clients;

    snprintf(clients, sizeof clients, "%s", entry->clients);
    for (char *client; (client = strsep(&rest, " ")) != NULL;)
        if (client[0] != '\0')
            see_client(data, entry, client);
}

static void read_users(struct doctor *doctor, struct reports *reports,
    void (*see)(void *data, const struct users_file_entry *entry))
{
    struct seeing seeing = {.reports = reports};
    char path[300];

    users_file_path(check_config(doctor), path, sizeof path);
    seeing.path = path;
    int rc = users_file_read(path, see, &seeing);
    if (rc < 0)
        report_add(reports, REPORT_SKIP, "%s: %s", path, strerrordesc_np(-rc));
}

void check_users_local(struct doctor *doctor, struct reports *reports)
{
    read_users(doctor, reports, see_user);
    if (reports->count == 0)
        check_as_root(reports, "whether accounts have expired");
}

void check_users_client(struct doctor *doctor, struct reports *reports)
{
    read_users(doctor, reports, see_clients);
}

static bool has_key(const struct passwd *root)
{
    static const char *const names[] = {"authorized_keys", "authorized_keys2"};
    struct stat status;
    char path[300];

    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/.ssh/%s", root->pw_dir, names[i]);
        if (stat(path, &status) == 0 && status.st_size > 0)
            return true;
    }
    return false;
}

void check_root_way_in(struct doctor *doctor, struct reports *reports)
{
    const struct passwd *root = getpwnam("root");
    const struct spwd *shadow;

    (void)doctor;
    if (!check_as_root(reports, "whether root has a password or a key"))
        return;
    shadow = getspnam("root");
    if (root == NULL || shadow == NULL) {
        report_add(reports, REPORT_SKIP, "root's account cannot be read");
        return;
    }
    if (shadow->sp_pwdp[0] == '$' || has_key(root))
        return;
    struct report *report =
        report_add(reports, REPORT_WARN, "root has neither a password nor a key: no break-glass");
    report_mend(report, "passwd root, or a key in /root/.ssh/authorized_keys; then try it");
    report_fix(report, "passwd root");
}
