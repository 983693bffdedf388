/*
 * The machine in a report: versions, PAM's stacks, sshd, systemd, the log.
 */
#include "bundle.h"
#include "capture.h"

#include "c2m/wire.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum { LOG_LINES = 300 };

static void write_capture(FILE *out, const char *const *words)
{
    struct capture *capture = &(struct capture){.status = 0};

    capture_run(capture, words);
    if (capture->status == -ENOENT)
        fprintf(out, "there is no %s\n", words[0]);
    else
        fprintf(out, "%s\n", capture->text);
}

void bundle_about(const struct options *options, FILE *out)
{
    static const char *const packages[] = {"/usr/bin/dpkg-query", "-W", "-f",
        "${Package} ${Version} ${Status}\n", "libpam-c2m", "c2m-authd", "c2m-tools", "libpam-modules",
        "openssh-server", "sudo", "systemd", NULL};
    FILE *release = fopen("/etc/os-release", "re");
    char line[300];
    struct utsname kernel;
    time_t now = time(NULL);
    struct tm utc;

    (void)options;
    fprintf(out, "c2mctl " C2M_HELPER_VERSION "\n");
    if (uname(&kernel) == 0)
        fprintf(out, "%s %s %s\n", kernel.sysname, kernel.release, kernel.machine);
    while (release != NULL && fgets(line, sizeof line, release) != NULL)
        if (strncmp(line, "PRETTY_NAME", 11) == 0)
            fputs(line, out);
    if (release != NULL)
        fclose(release);
    if (gmtime_r(&now, &utc) != NULL && strftime(line, sizeof line, "%Y-%m-%d %H:%M:%S UTC", &utc) > 0)
        fprintf(out, "%s\n", line);
    fprintf(out, "as %s\n", geteuid() == 0 ? "root" : "a user: root is told more");
    write_capture(out, packages);
}

/* "auth [success=1 default=ignore] pam_unix.so (2 arguments)": where a password may stand, nothing is shown. */
static void write_pam_line(FILE *out, char *line)
{
    char *module = strstr(line, "pam_");

    line[strcspn(line, "#\n")] = '\0';
    if (line[strspn(line, " \t")] == '\0')
        return;
    if (module == NULL || strncmp(module, "pam_c2m", 7) == 0 || line[0] == '@') {
        bool known = module != NULL || line[0] == '@' || strstr(line, "include") != NULL;
        fprintf(out, "%s\n", known ? line : BUNDLE_LEFT_OUT);
        return;
    }
    char *arguments = module + strcspn(module, " \t");
    bool more = arguments[strspn(arguments, " \t")] != '\0';
    *arguments = '\0';
    fprintf(out, "%s%s\n", line, more ? " ..." : "");
}

static bool is_ours(const char *path)
{
    FILE *file = fopen(path, "re");
    const char *name = strrchr(path, '/') + 1;
    char line[1024];
    bool ours = strncmp(name, "common-", 7) == 0;

    while (!ours && file != NULL && fgets(line, sizeof line, file) != NULL)
        ours = strstr(line, "pam_c2m") != NULL;
    if (file != NULL)
        fclose(file);
    return ours && strchr(name, '.') == NULL && name[strlen(name) - 1] != '~';
}

void bundle_stacks(const struct options *options, FILE *out)
{
    glob_t files = {.gl_pathc = 0};
    char line[1024];

    (void)options;
    glob("/etc/pam.d/*", 0, NULL, &files);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        FILE *file = is_ours(files.gl_pathv[i]) ? fopen(files.gl_pathv[i], "re") : NULL;
        if (file == NULL)
            continue;
        fprintf(out, "-- %s\n", files.gl_pathv[i]);
        while (fgets(line, sizeof line, file) != NULL)
            write_pam_line(out, line);
        fclose(file);
    }
    globfree(&files);
}

void bundle_sshd(const struct options *options, FILE *out)
{
    static const char *const words[] = {"usepam", "kbdinteractiveauthentication", "passwordauthentication",
        "pubkeyauthentication", "permitrootlogin", "authenticationmethods", "pamservicename",
        "clientaliveinterval", "clientalivecountmax", "maxauthtries", "logingracetime", "maxstartups",
        "usedns", "persourcepenalties", "persourcepenaltyexemptlist"};
    struct capture *capture = &(struct capture){.status = 0};
    char value[300];

    (void)options;
    capture_run(capture, (const char *const[]){"/usr/sbin/sshd", geteuid() == 0 ? "-T" : "-G", NULL});
    if (capture->status != 0)
        fprintf(out, "sshd does not say: status %d\n", capture->status);
    for (size_t i = 0; capture->status == 0 && i < sizeof words / sizeof words[0]; i++)
        if (capture_value(capture, words[i], value, sizeof value) != NULL)
            fprintf(out, "%s %s\n", words[i], value);
}

void bundle_units(const struct options *options, FILE *out)
{
    (void)options;
    static const char properties[] =
        "--property=Id,LoadState,ActiveState,SubState,UnitFileState,Result,NRestarts,ExecMainStatus,"
        "DropInPaths,CapabilityBoundingSet";
    write_capture(out, (const char *const[]){"/usr/bin/systemctl", "show", "c2m-authd.service",
                           "c2m-authd.socket", "c2m-authd-user.socket", properties, NULL});
}

/* A ring of the last lines. */
struct tail {
    char *lines[LOG_LINES];
    size_t count;
};

static void tail_add(struct tail *tail, const char *line)
{
    char **place = &tail->lines[tail->count++ % LOG_LINES];

    free(*place);
    *place = strdup(line);
}

static void tail_write(struct tail *tail, FILE *out)
{
    size_t first = tail->count > LOG_LINES ? tail->count - LOG_LINES : 0;

    for (size_t i = first; i < tail->count; i++)
        fprintf(out, "%s\n", tail->lines[i % LOG_LINES] == NULL ? "" : tail->lines[i % LOG_LINES]);
    for (size_t i = 0; i < LOG_LINES; i++)
        free(tail->lines[i]);
}

/* "c2m-authd[12]: ", "sshd(pam_c2m)[12]: ", "pam_c2m(sshd:auth): " */
static bool is_by_us(const char *line)
{
    return strstr(line, "c2m-authd[") != NULL || strstr(line, "c2m-authd:") != NULL ||
           strstr(line, "pam_c2m(") != NULL;
}

static void read_log(struct tail *tail, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[8192];

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (is_by_us(line))
            tail_add(tail, line);
    }
    if (file != NULL)
        fclose(file);
}

void bundle_log(const struct options *options, FILE *out)
{
    struct capture *journal = &(struct capture){.status = 0};
    struct tail tail = {.count = 0};

    (void)options;
    capture_run(journal, (const char *const[]){"/usr/bin/journalctl", "--no-pager", "-q", "-n", "200", "-o",
                             "short-iso", "-g", "c2m", "-t", "c2m-authd", "-t", "sshd", "-t", "sudo", NULL});
    char *rest = journal->status == 0 ? journal->text : NULL;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        if (is_by_us(line))
            tail_add(&tail, line);
    if (tail.count == 0) {
        read_log(&tail, "/var/log/syslog");
        read_log(&tail, "/var/log/auth.log");
    }
    tail_write(&tail, out);
}
