// link: tests/bench/measure/measure.c
/*
 * What a login costs: pam_start to pam_end (authenticate and acct_mgmt) through the same loop for pam_permit,
 * pam_unix and pam_c2m. Run by run.sh in a private world, as root; prints name=value lines, times in µs.
 *
 * usage: login module MODULE | commit STATE_DIR | short SHORT_FILE | session SHORT_FILE | codes FILE
 *        login long NAME LONG_FILE [ROUNDS]       the lines begin with NAME
 */
#include "base/store.h"
#include "measure/measure.h"
#include "session/schema.h"

#include <dlfcn.h>
#include <errno.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 300, LONG_ROUNDS = 100 };

/* What has been loaded stays: dlopen would cost each login more than what it does. */
static void hold(const char *service, const char *secret)
{
    if (!measure_authenticate(service, secret))
        measure_die(service);
}

/* Each login beside one by pam_permit, which costs what libpam costs: the machine is not always as fast. */
static void measure(const char *name, const char *service, const char *secret, int rounds)
{
    double times[ROUNDS], beyond[ROUNDS];
    char label[64];
    measure_login(service, secret);
    measure_login("bench-permit", "");
    for (int i = 0; i < rounds; i++) {
        times[i] = measure_login(service, secret);
        beyond[i] = times[i] - measure_login("bench-permit", "");
    }
    measure_report(name, times, rounds);
    snprintf(label, sizeof label, "%s_beyond", name);
    measure_report(label, beyond, rounds);
}

static void no_waiter(void *argument, int error)
{
    (void)argument;
    if (error < 0)
        measure_die("commit");
}

/* One commit with synchronous=FULL, by the helper's own store, on the same file system. */
static void measure_commit(const char *state_dir)
{
    struct store *store;
    struct store_statement *statement;
    char directory[512];
    double times[ROUNDS];
    snprintf(directory, sizeof directory, "%s/bench", state_dir);
    if (mkdir(directory, 0700) < 0 || store_open(directory, schema_sql, SCHEMA_VERSION, &store) < 0 ||
        store_prepare(store, "INSERT OR REPLACE INTO names (user, uid) VALUES (?1, ?2)", &statement) < 0)
        measure_die("store");
    if (store_checkpoint(store) < 0) /* as the helper's is: its log has its room */
        measure_die("checkpoint");
    for (int i = 0; i < ROUNDS; i++) {
        double begun = measure_now();
        store_bind_text(statement, 1, "alice");
        store_bind_integer(statement, 2, i);
        if (store_write(statement) < 0 || store_after_commit(store, no_waiter, NULL) < 0)
            measure_die("write");
        store_turn(store);
        times[i] = measure_now() - begun;
    }
    store_finish(statement);
    store_close(store);
    measure_report("commit", times, ROUNDS);
}

/* sudo's path: a session of alice's, her shell on a terminal, and below it a process with her real uid and root's effective one. */
static void sudo_below_shell(int report_fd)
{
    dup2(report_fd, STDOUT_FILENO);
    if (setresuid(1001, 0, 0) < 0)
        measure_die("setresuid");
    measure("session", "sudo", "", ROUNDS);
    exit(0);
}

static void shell_on_terminal(int report_fd)
{
    if (setresuid(1001, 0, 0) <
        0) /* its real uid is what counts; the effective one lets its child be a sudo */
        measure_die("setresuid");
    pid_t sudo = fork();
    if (sudo == 0)
        sudo_below_shell(report_fd);
    int status = 1;
    waitpid(sudo, &status, 0);
    exit(WEXITSTATUS(status));
}

static void measure_session(const char *token)
{
    fflush(stdout);
    pid_t monitor = fork();
    if (monitor == 0) {
        pam_handle_t *pam = measure_authenticate("bench", token);
        int terminal, status = 1, out = dup(STDOUT_FILENO);
        if (!pam || pam_open_session(pam, 0) != PAM_SUCCESS)
            exit(1);
        pid_t shell = forkpty(&terminal, NULL, NULL, NULL);
        if (shell == 0)
            shell_on_terminal(out);
        waitpid(shell, &status, 0);
        exit(WEXITSTATUS(status));
    }
    int status = 1;
    waitpid(monitor, &status, 0);
    if (status != 0)
        measure_die("session");
}

static int count_libraries(void)
{
    char line[512], last[512] = "";
    int count = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    while (maps && fgets(line, sizeof line, maps)) {
        char *path = strchr(line, '/');
        if (path && strstr(path, ".so") && strcmp(path, last) != 0) {
            snprintf(last, sizeof last, "%s", path);
            count++;
        }
    }
    if (maps)
        fclose(maps);
    return count;
}

static void measure_module(const char *module)
{
    fflush(stdout);
    if (fork() == 0) {
        hold("bench-permit", ""); /* libpam itself is loaded and warm */
        int libraries = count_libraries();
        long private_kb = measure_memory_kb(getpid(), "Private_Dirty:"),
             rss_kb = measure_memory_kb(getpid(), "Rss:");
        if (!dlopen(module, RTLD_NOW))
            measure_die(dlerror());
        printf("module_libraries=%d\nmodule_private_kb=%ld\nmodule_rss_kb=%ld\n",
            count_libraries() - libraries - 1, measure_memory_kb(getpid(), "Private_Dirty:") - private_kb,
            measure_memory_kb(getpid(), "Rss:") - rss_kb);
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
}

/* A code is good for one login: FILE has one a line. */
static void measure_codes(const char *file)
{
    double times[ROUNDS];
    char code[64];
    int rounds = 0;
    FILE *codes = fopen(file, "re");
    if (!codes)
        measure_die(file);
    while (rounds < ROUNDS && fgets(code, sizeof code, codes)) {
        code[strcspn(code, "\n")] = '\0';
        times[rounds++] = measure_login("bench", code);
    }
    fclose(codes);
    measure_report("code", times, rounds);
}

/* Beside pam_unix, which asks for what a machine asks without us. */
static void measure_short(const char *token)
{
    hold("bench-unix", "alice-password");
    measure("permit", "bench-permit", "", ROUNDS);
    measure("unix", "bench-unix", "alice-password", ROUNDS / 10);
    /* holds the token while the others come and go */
    pam_handle_t *holder = measure_authenticate("bench", token);
    if (!holder || pam_open_session(holder, 0) != PAM_SUCCESS)
        measure_die("holder");
    measure("short", "bench", token, ROUNDS);
    pam_close_session(holder, 0);
}

static void measure_long(const char *name, const char *token, const char *rounds)
{
    int count = rounds ? atoi(rounds) : LONG_ROUNDS;
    if (count < 1 || count > ROUNDS)
        exit(64);
    measure(name, "bench", token, count);
}

int main(int argc, char **argv)
{
    static char token[MEASURE_TOKEN_SIZE];
    const char *part = argc > 2 ? argv[1] : "", *file = argv[argc - 1];
    if (strcmp(part, "module") == 0)
        return measure_module(file), 0;
    hold("bench-permit", "");
    if (strcmp(part, "commit") == 0)
        return measure_commit(file), 0;
    if (strcmp(part, "codes") == 0)
        return measure_codes(file), 0;
    if (strcmp(part, "long") == 0 && argc > 3) {
        measure_read_token(argv[3], token);
        return measure_long(argv[2], token, argv[4]), 0;
    }
    measure_read_token(file, token);
    if (strcmp(part, "short") == 0)
        return measure_short(token), 0;
    if (strcmp(part, "session") == 0)
        return measure_session(token), 0;
    return 64;
}
