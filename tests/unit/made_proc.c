/* See made_proc.h. The files have the form of the kernel's, as far as proc(5) says which fields there are. */
#include "made_proc.h"

#include "disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[256];

void made_proc_open(void)
{
    snprintf(folder, sizeof folder, "%s", disk_folder());
    assert_int_equal(process_open(folder), 0);
}

void made_proc_close(void)
{
    assert_int_equal(process_open("/proc"), 0);
    DIR *stream = opendir(folder);
    const struct dirent *entry;
    while (stream && (entry = readdir(stream)))
        if (entry->d_name[0] != '.')
            made_proc_remove(atoi(entry->d_name));
    if (stream)
        closedir(stream);
    disk_remove(folder);
}

static void put_file(pid_t pid, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void put_file(pid_t pid, const char *name, const char *format, ...)
{
    char path[320];
    va_list arguments;
    snprintf(path, sizeof path, "%s/%d/%s", folder, (int)pid, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    va_start(arguments, format);
    assert_true(vfprintf(file, format, arguments) > 0);
    va_end(arguments);
    assert_int_equal(fclose(file), 0);
}

void made_proc_put(const struct process_facts *facts)
{
    pid_t pid = facts->process.pid;
    char path[320], state = facts->state ? facts->state : 'S';
    snprintf(path, sizeof path, "%s/%d", folder, (int)pid);
    mkdir(path, 0755);
    put_file(pid, "stat",
        "%d (a) name (R) %c %d %d %d %u %d 4194560 1 2 3 4 5 6 7 8 20 0 1 0 %llu 1000 200 "
        "18446744073709551615"
        " 0 0 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
        (int)pid, state, (int)facts->parent, (int)(facts->group ? facts->group : pid), (int)facts->leader,
        facts->tty, (int)(facts->foreground ? facts->foreground : pid),
        (unsigned long long)facts->process.start);
    put_file(pid, "status",
        "Name:\ta) name (R\nUmask:\t0022\nState:\t%c (sleeping)\nTgid:\t%d\nPid:\t%d\nPPid:\t%d\n"
        "Uid:\t%u\t%u\t%u\t%u\nGid:\t1001\t1001\t1001\t1001\nNStgid:\t%d%s\nNSpid:\t%d%s\n"
        "NSpgid:\t%d%s\nNSsid:\t%d%s\nThreads:\t1\n",
        state, (int)pid, (int)pid, (int)facts->parent, facts->real_uid, facts->effective_uid,
        facts->effective_uid, facts->effective_uid, (int)pid, facts->foreign ? "\t7" : "", (int)pid,
        facts->foreign ? "\t7" : "", (int)pid, facts->foreign ? "\t7" : "", (int)pid,
        facts->foreign ? "\t7" : "");
    put_file(pid, "loginuid", "%u", facts->login_uid);
    put_file(pid, "sessionid", "%u", facts->audit_id);
}

void made_proc_remove(pid_t pid)
{
    char path[320];
    snprintf(path, sizeof path, "%s/%d", folder, (int)pid);
    disk_remove(path);
}

struct process_facts made_proc_read(pid_t pid)
{
    struct process_facts facts;
    assert_int_equal(process_read(pid, &facts), 0);
    return facts;
}
