// link: tests/starve/trap.c tests/starve/heap.c tests/starve/served.c
/*
 * A PAM application that is starved: a login, the session's opening and its end, each time in a process of its own, in
 * which one allocation or one system call fails, or which is in a state that no application should be in.
 *
 *   host MODULE [EVERY]     root; EVERY=N: each Nth point
 *
 * The helper grants, denies, or is absent. Where it does not grant nothing may succeed, whatever fails; the stack makes
 * a success of PAM_IGNORE, so that one is noticed too. Nothing may crash, hang, or leave a descriptor or an answer behind.
 */
#include "heap.h"
#include "served.h"
#include "trap.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_S = 14, DESCRIPTORS = 128, STEPS = 4 };
enum failing { NOTHING, ALLOCATION, ALLOCATIONS, CALL };

static const char *const helpers[] = {"grants", "denies", "absent"};
enum { HELPERS = sizeof helpers / sizeof helpers[0] };

static const int errors[] = {EIO, ENOMEM, EMFILE, EINTR, EAGAIN, ENOSPC, EPIPE, EACCES};
enum { ERRORS = sizeof errors / sizeof errors[0] };

struct point {
    enum failing failing;
    long nth;
    int error;
    unsigned state; /* bits of the table below */
};

/* What the child found; shared with it. */
static struct found {
    int codes[STEPS]; /* of PAM; -1: not reached */
    long count;
    int left_open, left_allocated;
} *found;

static struct tally {
    long runs, granted, holes, crashes, hangs, leaks;
} tally;

static char folder[] = "/tmp/c2m-starve.XXXXXX";
static char user[64];

static int converse(
    int count, const struct pam_message **messages, struct pam_response **response, void *data)
{
    struct pam_response *answers = calloc((size_t)count, sizeof *answers);
    (void)data;
    if (!answers)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++) {
        if (messages[i]->msg_style != PAM_PROMPT_ECHO_OFF)
            continue;
        answers[i].resp = strdup("eyJ.a.b");
        if (!answers[i].resp) {
            free(answers);
            return PAM_BUF_ERR;
        }
        heap_watch(answers[i].resp);
    }
    heap_watch(answers);
    *response = answers;
    return PAM_SUCCESS;
}

static unsigned __int128 open_descriptors(void)
{
    unsigned __int128 set = 0;
    for (int fd = 0; fd < DESCRIPTORS; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            set |= (unsigned __int128)1 << fd;
    return set;
}

static void log_in(const char *service)
{
    static int (*const steps[STEPS])(pam_handle_t *, int) = {
        pam_authenticate, pam_acct_mgmt, pam_open_session, pam_close_session};
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    int code = pam_start_confdir(service, user, &conversation, folder, &pamh);
    if (code == PAM_SUCCESS) {
        for (int i = 0; i < STEPS; i++)
            found->codes[i] = code = steps[i](pamh, 0);
    }
    if (pamh)
        pam_end(pamh, code);
}

static void close_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        close(fd);
}

static void ignore_pipe(void)
{
    signal(SIGPIPE, SIG_IGN);
}

static void ignore_children(void)
{
    signal(SIGCHLD, SIG_IGN);
}

static void no_files(void)
{
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0});
}

static void few_descriptors(void)
{
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){32, 32});
}

#define FOREIGN "tr_TR.ISO-8859-9"
static bool foreign; /* is it there? */

/* Where I and i are two letters. */
static bool find_foreign(void)
{
    bool taken = setlocale(LC_ALL, FOREIGN) && strcasecmp("I", "i") != 0;
    setlocale(LC_ALL, "C");
    return taken;
}

static void foreign_locale(void)
{
    setenv("LC_ALL", FOREIGN, 1);
    if (foreign && !setlocale(LC_ALL, ""))
        abort();
}

static void open_mask(void)
{
    umask(0);
}

static void (*const states[])(void) = {
    close_streams, ignore_pipe, ignore_children, no_files, few_descriptors, foreign_locale, open_mask};
enum { STATES = sizeof states / sizeof states[0] };

/* A shell or a runner may have left them ignored. */
static void take_signals(void)
{
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
}

static void arm(const struct point *point)
{
    take_signals();
    for (int i = 0; i < STATES; i++)
        if (point->state & 1U << i)
            states[i]();
    if (point->failing == CALL && !trap_begin())
        _exit(77);
    if (point->failing == CALL)
        trap_arm(point->nth, point->error);
    else
        heap_arm(point->nth, point->failing == ALLOCATIONS);
}

static void be_host(const char *service, const struct point *point)
{
    alarm(LIMIT_S);
    unsigned __int128 before;
    if (point->state & 1)
        close_streams();
    before = open_descriptors();
    arm(point);
    log_in(service);
    found->count = point->failing == CALL ? trap_disarm() : heap_disarm();
    /* syslog(3) keeps its socket, for the application */
    unsigned __int128 more = open_descriptors() & ~before;
    for (; more; more &= more - 1)
        found->left_open++;
    found->left_allocated = heap_watched();
    _exit(0);
}

static void complain(const char *what, const char *service, const struct point *point)
{
    static const char *const kinds[] = {"host state", "allocation", "allocations from", "call"};
    printf("%s: helper %s, %s %ld%s%s, state %#x, codes %d %d %d %d\n", what, service, kinds[point->failing],
        point->nth, point->error ? " " : "", point->error ? strerrorname_np(point->error) : "", point->state,
        found->codes[0], found->codes[1], found->codes[2], found->codes[3]);
}

static void judge(const char *service, const struct point *point, int status)
{
    bool granted = false, hole = false;
    for (int i = 0; i < STEPS; i++)
        granted |= found->codes[i] == PAM_SUCCESS;
    hole = granted && strcmp(service, "grants") != 0;
    tally.runs++;
    tally.granted += found->codes[0] == PAM_SUCCESS;
    if (hole)
        tally.holes++, complain("a grant that should not be", service, point);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        tally.hangs++, complain("a hang", service, point);
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        tally.crashes++, complain("a crash", service, point);
    else if (found->left_allocated || found->left_open > 1)
        tally.leaks++,
            complain(found->left_allocated ? "an answer is left" : "a descriptor is left", service, point);
}

static long run(const char *service, const struct point *point)
{
    int status = 0;
    *found = (struct found){.codes = {-1, -1, -1, -1}};
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        be_host(service, point);
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(70);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        puts("system calls cannot be trapped here");
        exit(77);
    }
    judge(service, point, status);
    return found->count;
}

static void starve(const char *service, enum failing failing, long every)
{
    long count = run(service, &(struct point){.failing = failing});
    static long offset;
    for (int i = 0; i < (failing == CALL ? ERRORS : 1); i++)
        for (long nth = 1 + offset++ % every; nth <= count; nth += every)
            run(service, &(struct point){failing, nth, failing == CALL ? errors[i] : 0, 0});
}

static void report(const char *what, long started)
{
    printf("%-12s %6ld runs so far, %ld granted; grants that should not be: %ld, crashes: %ld, hangs: %ld, "
           "leaks: "
           "%ld; %ld s\n",
        what, tally.runs, tally.granted, tally.holes, tally.crashes, tally.hangs, tally.leaks,
        (long)time(NULL) - started);
}

/* Every combination, or each alone and all at once, with a helper of each kind. Where it grants a login works: none of these is a reason to fail. */
static long try_states(bool whole)
{
    const unsigned all = (1U << STATES) - 1;
    long failed = 0;
    for (unsigned state = 0; state <= all; state++)
        for (int i = 0; (whole || state == all || (state & (state - 1)) == 0) && i < HELPERS; i++) {
            run(helpers[i], &(struct point){.state = state});
            if (i == 0 && found->codes[0] != PAM_SUCCESS)
                failed++, complain("no login", helpers[i], &(struct point){.state = state});
        }
    return failed;
}

static void write_stack(const char *service, const char *module, const char *directory)
{
    static const char *const kinds[] = {"auth", "account", "session"};
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, service);
    FILE *file = fopen(path, "we");
    for (int i = 0; file && i < 3; i++)
        fprintf(file,
            "%s [success=done ignore=1 default=die] %s runtime_dir=%s\n%s requisite pam_deny.so\n%s required "
            "pam_permit.so\n",
            kinds[i], module, directory, kinds[i], kinds[i]);
    if (!file || fclose(file) != 0)
        exit(70);
}

static void find_user(void)
{
    const struct passwd *entry;
    while ((entry = getpwent()) != NULL)
        if (entry->pw_uid >= 1000 && entry->pw_uid < 60000 && user[0] == '\0')
            snprintf(user, sizeof user, "%s", entry->pw_name);
    endpwent();
}

static long finish(long failed)
{
    char path[128];
    for (int i = 0; i < HELPERS; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, helpers[i]);
        unlink(path);
    }
    rmdir(folder);
    served_end();
    return failed + tally.holes + tally.crashes + tally.hangs + tally.leaks;
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        enum failing failing;
    } parts[] = {{"allocation", ALLOCATION}, {"allocations", ALLOCATIONS}, {"call", CALL}};
    long every = count > 2 ? atol(arguments[2]) : 1, started = (long)time(NULL);
    if (count < 2 || every < 1)
        return 64;
    find_user();
    foreign = find_foreign();
    if (!foreign)
        puts("counted: a part is left out: there is no locale " FOREIGN
             ", nor a package locales to make it of");
    found = mmap(NULL, sizeof *found, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (geteuid() != 0 || user[0] == '\0' || found == MAP_FAILED || !mkdtemp(folder)) {
        puts("needs root and an account of uid 1000 or more");
        return 77;
    }
    write_stack("grants", arguments[1], served_begin(true));
    write_stack("denies", arguments[1], served_begin(false));
    write_stack("absent", arguments[1], "/nonexistent");
    long failed = try_states(every == 1);
    report("host states", started);
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
        for (int i = 0; i < HELPERS; i++)
            starve(helpers[i], parts[part].failing, every);
        report(parts[part].name, started);
    }
    return finish(failed) == 0 ? 0 : 1;
}
