/*
 * What a login costs: pam_start to pam_end (authenticate and acct_mgmt) through the same loop for pam_permit,
 * pam_unix and pam_c2m. Run by run.sh in a private world, as root; prints name=value lines, times in µs.
 *
 * usage: login SHORT_TOKEN_FILE LONG_TOKEN_FILE STATE_DIR HELPER_PID
 */
#include "base/store.h"
#include "session/schema.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 300, LONG_ROUNDS = 100, AT_ONCE = 100, MANY_SESSIONS = 1000, TOKEN_SIZE = 8192 };

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void report(const char *name, double *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, by_value);
    printf("%s_p50=%.1f\n%s_p99=%.1f\n", name, times[count / 2], name, times[count * 99 / 100]);
    fflush(stdout);
}

static void die(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int answer(int count, const struct pam_message **messages, struct pam_response **out, void *argument)
{
    struct pam_response *responses = calloc((size_t)count, sizeof *responses);
    if (!responses)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++)
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            responses[i].resp = strdup(argument);
    *out = responses;
    return PAM_SUCCESS;
}

/* One login; the handle stays open for who opens a session with it. */
static pam_handle_t *authenticate(const char *service, const char *secret)
{
    static struct pam_conv conversation;
    static char typed[TOKEN_SIZE];
    pam_handle_t *pam = NULL;
    snprintf(typed, sizeof typed, "%s", secret);
    conversation = (struct pam_conv){answer, typed};
    int r = pam_start(service, "alice", &conversation, &pam);
    if (r == PAM_SUCCESS)
        r = pam_authenticate(pam, 0);
    if (r == PAM_SUCCESS)
        r = pam_acct_mgmt(pam, 0);
    if (r == PAM_SUCCESS)
        return pam;
    fprintf(stderr, "bench: %s: %s\n", service, pam_strerror(pam, r));
    pam_end(pam, r);
    return NULL;
}

static double time_login(const char *service, const char *secret)
{
    double begun = now_us();
    pam_handle_t *pam = authenticate(service, secret);
    if (!pam)
        exit(1);
    pam_end(pam, PAM_SUCCESS);
    return now_us() - begun;
}

/* Each login beside one by pam_permit, which costs what libpam costs: the machine is not always as fast. */
static void measure(const char *name, const char *service, const char *secret, int rounds)
{
    double times[ROUNDS], beyond[ROUNDS];
    char label[64];
    time_login(service, secret);
    time_login("bench-permit", "");
    for (int i = 0; i < rounds; i++) {
        times[i] = time_login(service, secret);
        beyond[i] = times[i] - time_login("bench-permit", "");
    }
    report(name, times, rounds);
    snprintf(label, sizeof label, "%s_beyond", name);
    report(label, beyond, rounds);
}

static void no_waiter(void *argument, int error)
{
    (void)argument;
    if (error < 0)
        die("commit");
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
        die("store");
    for (int i = 0; i < ROUNDS; i++) {
        double begun = now_us();
        store_bind_text(statement, 1, "alice");
        store_bind_integer(statement, 2, i);
        if (store_write(statement) < 0 || store_after_commit(store, no_waiter, NULL) < 0)
            die("write");
        store_turn(store);
        times[i] = now_us() - begun;
    }
    store_finish(statement);
    store_close(store);
    report("commit", times, ROUNDS);
}

/* sudo's path: a session of alice's, her shell on a terminal, and below it a process with her real uid and root's effective one. */
static void sudo_below_shell(int report_fd)
{
    dup2(report_fd, STDOUT_FILENO);
    if (setresuid(1001, 0, 0) < 0)
        die("setresuid");
    measure("session", "sudo", "", ROUNDS);
    exit(0);
}

static void shell_on_terminal(int report_fd)
{
    if (setresuid(1001, 0, 0) <
        0) /* its real uid is what counts; the effective one lets its child be a sudo */
        die("setresuid");
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
        pam_handle_t *pam = authenticate("bench", token);
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
        die("session");
}

static void measure_at_once(const char *token)
{
    pid_t children[AT_ONCE];
    int gate[2], failed = 0;
    char byte;
    if (pipe(gate) < 0)
        die("pipe");
    fflush(stdout);
    for (int i = 0; i < AT_ONCE; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            close(gate[1]);
            (void)!read(gate[0], &byte, 1); /* until it is closed */
            _exit(authenticate("bench", token) ? 0 : 1);
        }
    }
    double begun = now_us();
    close(gate[1]);
    for (int i = 0; i < AT_ONCE; i++) {
        int status = 1;
        waitpid(children[i], &status, 0);
        failed += status != 0;
    }
    double spent = now_us() - begun;
    printf("at_once_failed=%d\nlogins_per_second=%.0f\n", failed, (double)AT_ONCE / (spent / 1e6));
    fflush(stdout);
}

static long memory_kb(pid_t pid, const char *field)
{
    char path[64], line[256];
    long kb = -1;
    snprintf(
        path, sizeof path, "/proc/%d/%s", (int)pid, strncmp(field, "Vm", 2) == 0 ? "status" : "smaps_rollup");
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, field, strlen(field)) == 0)
            kb = strtol(line + strlen(field) + 1, NULL, 10);
    if (file)
        fclose(file);
    return kb;
}

/* A thousand openers, each with a session of its own on one token. */
static void measure_memory(const char *token, pid_t helper)
{
    int gate[2], ready[2];
    char byte;
    if (pipe(gate) < 0 || pipe(ready) < 0)
        die("pipe");
    printf("helper_rss_before_kb=%ld\n", memory_kb(helper, "VmRSS:"));
    fflush(stdout);
    for (int i = 0; i < MANY_SESSIONS; i++) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(gate[1]);
            pam_handle_t *pam = authenticate("bench", token);
            byte = pam && pam_open_session(pam, 0) == PAM_SUCCESS ? 'y' : 'n';
            (void)!write(ready[1], &byte, 1);
            (void)!read(gate[0], &byte, 1);
            _exit(0);
        }
        if (read(ready[0], &byte, 1) != 1 || byte != 'y')
            die("one of a thousand sessions");
    }
    printf("helper_rss_1000_kb=%ld\n", memory_kb(helper, "VmRSS:"));
    fflush(stdout);
    close(gate[1]);
    while (wait(NULL) > 0)
        ;
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
        pam_handle_t *pam = NULL;
        struct pam_conv conversation = {answer, NULL};
        pam_start("bench-permit", "alice", &conversation, &pam); /* libpam itself is loaded and warm */
        pam_authenticate(pam, 0);
        int libraries = count_libraries();
        long private_kb = memory_kb(getpid(), "Private_Dirty:"), rss_kb = memory_kb(getpid(), "Rss:");
        if (!dlopen(module, RTLD_NOW))
            die(dlerror());
        printf("module_libraries=%d\nmodule_private_kb=%ld\nmodule_rss_kb=%ld\n",
            count_libraries() - libraries - 1, memory_kb(getpid(), "Private_Dirty:") - private_kb,
            memory_kb(getpid(), "Rss:") - rss_kb);
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
}

static void read_token(const char *file, char *out)
{
    FILE *stream = fopen(file, "re");
    if (!stream || !fgets(out, TOKEN_SIZE, stream))
        die(file);
    fclose(stream);
    out[strcspn(out, "\n")] = '\0';
}

int main(int argc, char **argv)
{
    static char short_token[TOKEN_SIZE], long_token[TOKEN_SIZE];
    if (argc != 6)
        return 64;
    read_token(argv[1], short_token);
    read_token(argv[2], long_token);
    const char *part = getenv("BENCH_PART");
    if (part && !authenticate("bench-permit", ""))
        die("holder");
    if (part && strcmp(part, "warm") == 0) {
        time_login("bench", long_token);
        return 0;
    }
    if (part && strcmp(part, "session") == 0) {
        measure_session(short_token);
        return 0;
    }
    if (part && strcmp(part, "long") == 0) {
        measure("long", "bench", long_token, LONG_ROUNDS);
        return 0;
    }
    measure_module(argv[5]);
    measure_commit(argv[3]);
    /* what has been loaded stays: dlopen would cost each of them more than what it does */
    if (!authenticate("bench-permit", "") || !authenticate("bench-unix", "alice-password"))
        die("holders");
    measure("permit", "bench-permit", "", ROUNDS);
    measure("unix", "bench-unix", "alice-password", ROUNDS / 10);
    pam_handle_t *holder =
        authenticate("bench", short_token); /* holds the token while the others come and go */
    if (!holder || pam_open_session(holder, 0) != PAM_SUCCESS)
        die("holder");
    measure("short", "bench", short_token, ROUNDS);
    measure_session(short_token);
    measure_at_once(short_token);
    measure_memory(short_token, (pid_t)strtol(argv[4], NULL, 10));
    pam_close_session(holder, 0);
    return 0;
}
