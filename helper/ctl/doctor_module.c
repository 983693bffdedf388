/*
 * doctor: the module's file, and who still runs an older one.
 */
#include "check.h"
#include "doctor_module.h"

#include "c2m/module_version.h"

#include <dlfcn.h>
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PACKAGED "/usr/share/doc/libpam-c2m" /* each Debian package has such a folder */

/* The machine that a file is made for: class and e_machine; 0: it is no program. */
static unsigned machine_of(const char *path)
{
    Elf64_Ehdr header; /* e_ident and e_machine are where Elf32_Ehdr has them */
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, &header, sizeof header);

    if (fd >= 0)
        close(fd);
    if (got < (ssize_t)sizeof(Elf32_Ehdr) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
        return 0;
    return (unsigned)header.e_ident[EI_CLASS] << 16 | header.e_machine;
}

static bool holds_modules(const char *folder, unsigned kind, char *dir, size_t size)
{
    char path[PATH_MAX];

    if (snprintf(dir, size, "%s/security", folder) >= (int)size ||
        snprintf(path, sizeof path, "%s/pam_permit.so", dir) >= (int)sizeof path)
        return false;
    return machine_of(path) == kind;
}

/* In a folder of FOLDER, which is named after the kind of machine. */
static bool found_below(const char *folder, unsigned kind, char *dir, size_t size)
{
    const struct dirent *entry;
    char below[PATH_MAX];
    bool found = false;
    DIR *opened = opendir(folder);

    if (opened == NULL)
        return false;
    while (!found && (entry = readdir(opened)) != NULL) {
        int length = snprintf(below, sizeof below, "%s/%s", folder, entry->d_name);
        found =
            entry->d_name[0] != '.' && length < (int)sizeof below && holds_modules(below, kind, dir, size);
    }
    closedir(opened);
    return found;
}

/*
 * Where libpam of this program's kind looks: pam_permit.so comes with it. Folder by folder, because glob(3) of glibc
 * 2.36 frees twice where memory is short in the middle of a path.
 */
static bool find_modules(char *dir, size_t size)
{
    static const char *const roots[] = {"/usr/lib", "/usr/lib64", "/lib"};
    unsigned own = machine_of("/proc/self/exe");
    bool found = false;

    for (size_t i = 0; !found && i < sizeof roots / sizeof roots[0]; i++)
        found = holds_modules(roots[i], own, dir, size) || found_below(roots[i], own, dir, size);
    return found;
}

/* In a child: what a broken file does to it is nobody else's. */
static bool loads(const char *path, char *why, size_t size)
{
    int fds[2];

    why[0] = '\0';
    if (pipe2(fds, O_CLOEXEC) < 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        const char *error = dlopen(path, RTLD_NOW | RTLD_LOCAL) == NULL ? dlerror() : NULL;
        ssize_t written = error == NULL ? 0 : write(fds[1], error, strlen(error));
        _exit(written == 0 ? 0 : 1);
    }
    close(fds[1]);
    ssize_t got = read(fds[0], why, size - 1);
    why[got > 0 ? got : 0] = '\0';
    close(fds[0]);
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return status == 0;
}

void doctor_module_mend(struct report *report)
{
    if (access(PACKAGED, F_OK) < 0) {
        report_mend(report, "install it again: make install");
        return;
    }
    report_mend(report, "apt-get install --reinstall libpam-c2m");
    report_fix(report, "apt-get install --reinstall libpam-c2m");
}

bool doctor_module_path(char *path, size_t size)
{
    char dir[256];

    return find_modules(dir, sizeof dir) && snprintf(path, size, "%s/pam_c2m.so", dir) < (int)size;
}

/* From NUL to NUL: the mark stands in one piece, behind whatever has no NUL at its end. */
int doctor_module_version(const char *path, char *out, size_t size)
{
    char *piece = NULL;
    const char *mark = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return -errno;
    while (mark == NULL && getdelim(&piece, &room, '\0', file) >= 0)
        mark = strstr(piece, C2M_MODULE_VERSION_MARK);
    int rc = mark != NULL ? 0 : feof(file) ? -ENODATA : -EIO;
    if (rc == 0)
        snprintf(out, size, "%s", mark + strlen(C2M_MODULE_VERSION_MARK));
    free(piece);
    fclose(file);
    return rc;
}

static void check_file(struct reports *reports, const char *path, const char *dir)
{
    struct report *report;
    char why[200];

    if (access(path, F_OK) != 0)
        report = report_add(reports, REPORT_FAIL, "pam_c2m.so is not in %s", dir);
    else if (machine_of(path) != machine_of("/proc/self/exe"))
        report = report_add(reports, REPORT_FAIL, "pam_c2m.so in %s is not for this kind of machine", dir);
    else if (!loads(path, why, sizeof why))
        report = report_add(
            reports, REPORT_FAIL, "pam_c2m.so does not load: %s", why[0] == '\0' ? "it crashes" : why);
    else
        return;
    doctor_module_mend(report);
    report_at(report, path, 0);
}

void check_module_file(struct doctor *doctor, struct reports *reports)
{
    char dir[256], path[300];

    (void)doctor;
    if (!find_modules(dir, sizeof dir)) {
        report_add(reports, REPORT_SKIP, "no folder of PAM modules was found");
        return;
    }
    snprintf(path, sizeof path, "%s/pam_c2m.so", dir);
    check_file(reports, path, dir);
}

/* "/usr/lib/.../libpam.so.0.85.1 (deleted)" */
static bool is_replaced(const char *line)
{
    const char *name = strrchr(line, '/');
    const char *deleted = strstr(line, " (deleted)");

    return name != NULL && deleted != NULL &&
           (strncmp(name, "/libpam.so.", 11) == 0 || strncmp(name, "/pam_c2m.so ", 12) == 0);
}

static bool maps_replaced(const char *pid)
{
    char path[300], line[4096];
    bool replaced = false;

    snprintf(path, sizeof path, "/proc/%s/maps", pid);
    FILE *maps = fopen(path, "re");
    if (maps == NULL)
        return false; /* it has ended */
    while (!replaced && fgets(line, sizeof line, maps) != NULL)
        replaced = is_replaced(line);
    fclose(maps);
    return replaced;
}

static void tell_replaced(struct reports *reports, const char *pid)
{
    char path[300], name[32] = "?";

    snprintf(path, sizeof path, "/proc/%s/comm", pid);
    FILE *comm = fopen(path, "re");
    if (comm != NULL) {
        if (fgets(name, sizeof name, comm) != NULL)
            name[strcspn(name, "\n")] = '\0';
        fclose(comm);
    }
    struct report *report = report_add(
        reports, REPORT_WARN, "process %s (%s) runs a libpam or pam_c2m.so that was replaced", pid, name);
    report_mend(report, "start it again: systemctl restart, for sshd ssh");
}

void check_module_replaced(struct doctor *doctor, struct reports *reports)
{
    struct dirent *entry;

    (void)doctor;
    if (!check_as_root(reports, "what other processes have loaded"))
        return;
    DIR *proc = opendir("/proc");
    while (proc != NULL && (entry = readdir(proc)) != NULL) {
        if (entry->d_name[strspn(entry->d_name, "0123456789")] == '\0' && maps_replaced(entry->d_name))
            tell_replaced(reports, entry->d_name);
    }
    if (proc != NULL)
        closedir(proc);
}
