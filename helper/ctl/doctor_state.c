/*
 * doctor: the helper's state. What it cannot write down it does not grant.
 */
#include "check.h"

#include <errno.h>
#include <glob.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define STATE "/var/lib/c2m"
enum { ROOM_MIN = 1 << 20 };

/* DIR and what is in it that matters: false when it is another's. */
static bool is_own(struct reports *reports, const char *path, uid_t uid)
{
    struct stat status;

    if (stat(path, &status) < 0) {
        if (errno != ENOENT)
            report_add(reports, REPORT_SKIP, "%s: %s", path, strerrordesc_np(errno));
        return true;
    }
    if (status.st_uid == uid && (status.st_mode & 077) == 0)
        return true;
    struct report *report = report_add(reports, REPORT_FAIL,
        status.st_uid != uid ? "the helper's state is not c2m-authd's"
                             : "others may read the helper's state");
    report_mend(report, "chown -R c2m-authd: " STATE " && chmod -R go= " STATE);
    report_fix(report, "chown -R c2m-authd: " STATE " && chmod -R go= " STATE);
    report_at(report, path, 0);
    return false;
}

void check_state_owner(struct doctor *doctor, struct reports *reports)
{
    static const char *const paths[] = {STATE, STATE "/state.db", STATE "/state.db-wal"};
    const struct passwd *user;

    (void)doctor;
    if (!check_user(reports, "c2m-authd", &user))
        return;
    if (user == NULL) {
        struct report *report = report_add(reports, REPORT_FAIL, "there is no user c2m-authd");
        report_mend(report, "useradd --system --no-create-home --shell /usr/sbin/nologin c2m-authd");
        report_fix(report, "useradd --system --no-create-home --shell /usr/sbin/nologin c2m-authd");
        return;
    }
    if (!check_as_root(reports, "whose the helper's state is"))
        return;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (!is_own(reports, paths[i], user->pw_uid))
            return;
}

/* The helper keeps space in reserve, and lets nobody in while it is not whole. Without one the file system alone tells. */
static bool reserve_is_whole(struct reports *reports, bool has_room)
{
    struct stat status;

    if (stat(STATE "/reserve", &status) == 0)
        return status.st_size >= ROOM_MIN;
    if (errno == ENOENT)
        return has_room;
    report_add(reports, REPORT_SKIP, "whether its reserve is whole: %s", check_unread(errno));
    return true;
}

void check_state_room(struct doctor *doctor, struct reports *reports)
{
    struct statvfs file_system;
    bool has_room;
    struct report *report;

    (void)doctor;
    if (statvfs(STATE, &file_system) < 0) {
        if (errno != ENOENT)
            report_add(reports, REPORT_SKIP, STATE ": %s", strerrordesc_np(errno));
        return;
    }
    has_room = (unsigned long long)file_system.f_bavail * file_system.f_frsize >= ROOM_MIN;
    if ((file_system.f_flag & ST_RDONLY) != 0) {
        report = report_add(reports, REPORT_FAIL, "no new logins: the file system is read-only");
        report_mend(report, "mount -o remount,rw, and look for the cause in the kernel's log");
    } else if (!reserve_is_whole(reports, has_room)) {
        /* With room again the next login makes it whole. */
        report = has_room ? report_add(reports, REPORT_WARN,
                                "the file system was full: its reserve is not whole yet")
                          : report_add(reports, REPORT_FAIL, "no new logins: the file system is full");
        report_mend(report, "make room there");
    } else if (!has_room) {
        report = report_add(reports, REPORT_WARN, "no new logins soon: the file system is nearly full");
        report_mend(report, "make room there");
    } else {
        return;
    }
    report_at(report, STATE, 0);
}

/* One that was damaged was set aside, and stays until somebody has looked. A name is 'state.db.damaged-TIME', beside -wal and -shm. */
void check_state_damaged(struct doctor *doctor, struct reports *reports)
{
    glob_t found = {.gl_pathc = 0};

    (void)doctor;
    if (!check_as_root(reports, "whether a damaged state was set aside"))
        return;
    int rc = glob(STATE "/state.db.damaged-*[0-9]", GLOB_ERR, NULL, &found);
    if (rc != 0 && rc != GLOB_NOMATCH)
        report_add(reports, REPORT_SKIP, STATE ": it cannot be read");
    for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++) {
        struct report *report = report_add(reports, REPORT_WARN,
            "the helper's state was damaged and set aside: its sessions were ended, and a token that could "
            "not "
            "be read is not revoked");
        report_mend(report, "look at the disk; the log says what was read; then rm %s*", found.gl_pathv[i]);
        report_at(report, found.gl_pathv[i], 0);
    }
    globfree(&found);
}
