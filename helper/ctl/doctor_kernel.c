/*
 * doctor: what the kernel keeps from the helper.
 */
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The number or word behind "hidepid="; "" when processes are not hidden. */
static void hidepid_of_proc(char *out, size_t size)
{
    FILE *mounts = setmntent("/proc/self/mounts", "re");
    const struct mntent *mount;

    out[0] = '\0';
    while (mounts != NULL && (mount = getmntent(mounts)) != NULL) {
        const char *option = strcmp(mount->mnt_dir, "/proc") == 0 ? hasmntopt(mount, "hidepid") : NULL;
        if (option != NULL && strlen(option) > 8)
            snprintf(out, size, "%.*s", (int)strcspn(option + 8, ","), option + 8);
    }
    if (mounts != NULL)
        endmntent(mounts);
    if (strcmp(out, "0") == 0 || strcmp(out, "off") == 0)
        out[0] = '\0';
}

static bool is_helper(const char *pid)
{
    char path[64], name[32] = "";

    snprintf(path, sizeof path, "/proc/%.20s/comm", pid);
    FILE *comm = fopen(path, "re");
    if (comm == NULL)
        return false;
    if (fgets(name, sizeof name, comm) == NULL)
        name[0] = '\0';
    fclose(comm);
    return strcmp(name, "c2m-authd\n") == 0;
}

/*
 * Does a helper see the same /proc as we do? The shipped unit gives it another. 1 or 0; -EACCES: root in a container
 * without CAP_SYS_PTRACE is not told.
 */
static int helper_shares_proc(void)
{
    struct stat own, its;
    struct dirent *entry;
    int shares = 0;
    DIR *proc = opendir("/proc");

    while (proc != NULL && shares != 1 && (entry = readdir(proc)) != NULL) {
        char path[64];
        if (entry->d_name[strspn(entry->d_name, "0123456789")] != '\0' || !is_helper(entry->d_name))
            continue;
        snprintf(path, sizeof path, "/proc/%.20s/ns/mnt", entry->d_name);
        if (stat(path, &its) < 0)
            shares = errno == EACCES || errno == EPERM ? -EACCES : shares;
        else if (stat("/proc/self/ns/mnt", &own) == 0 && its.st_ino == own.st_ino)
            shares = 1;
    }
    if (proc != NULL)
        closedir(proc);
    return shares;
}

void check_helper_hidepid(struct doctor *doctor, struct reports *reports)
{
    char hidden[32];

    (void)doctor;
    hidepid_of_proc(hidden, sizeof hidden);
    if (hidden[0] == '\0' || !check_as_root(reports, "whether the helper sees processes in spite of hidepid"))
        return;
    int shares = helper_shares_proc();
    if (shares < 0)
        report_add(reports, REPORT_SKIP,
            "whether the helper sees processes in spite of hidepid=%s: only with CAP_SYS_PTRACE", hidden);
    if (shares <= 0)
        return;
    struct report *report =
        report_add(reports, REPORT_FAIL, "/proc hides processes from the helper (hidepid=%s)", hidden);
    report_mend(report, "use the shipped unit (ProcSubset=pid), or mount -o remount,hidepid=0 /proc");
    report_fix(report, "mount -o remount,hidepid=0 /proc");
}

void check_kernel(struct doctor *doctor, struct reports *reports)
{
    (void)doctor;
    if (syscall(SYS_pidfd_open, getpid(), 0) < 0 && errno == ENOSYS)
        report_mend(report_add(reports, REPORT_FAIL, "this kernel has no pidfd"), "Linux 5.3 or later");
    if (access("/proc/self/sessionid", F_OK) != 0 && errno == ENOENT)
        report_mend(report_add(reports, REPORT_WARN,
                        "no audit session ids: sessions are recognised by the terminal's leader alone"),
            "a kernel with CONFIG_AUDIT");
}
