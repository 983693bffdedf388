/*
 * The run is a child's: libpam has state, may hang or crash on what it reads, and writes to the audit log when root
 * calls it.
 */
#include "rehearsal.h"

#include "control.h"
#include "private_stack.h"

#include <errno.h>
#include <grp.h>
#include <security/pam_appl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS_MAX = 10, NOBODY = 65534, KNOWN_MAX = 256, DESCRIPTION_SIZE = 8192 };

/* What the child tells. */
struct told {
    int rc; /* a negative errno: it was not tried */
    int verdict[2];
    uint8_t answers[2][STACK_LINES_MAX]; /* of the modules, in the order in which libpam called them */
    size_t count[2];
};

/* pam_debug tells its answer as a text: "auth=success". */
static void hear(struct told *told, const char *text)
{
    int phase = strncmp(text, "acct=", 5) == 0 ? STACK_ACCOUNT : STACK_AUTH;
    int result = control_result(text + 5);

    if (result >= 0 && told->count[phase] < STACK_LINES_MAX)
        told->answers[phase][told->count[phase]++] = (uint8_t)result;
}

static int converse(
    int count, const struct pam_message **messages, struct pam_response **responses, void *data)
{
    struct told *told = data;

    *responses = calloc((size_t)count, sizeof **responses);
    for (int i = 0; i < count; i++)
        if (strlen(messages[i]->msg) > 5)
            hear(told, messages[i]->msg);
    return *responses == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

static void no_delay(int status, unsigned delay, void *data)
{
    (void)status;
    (void)delay;
    (void)data;
}

static void ask_libpam(struct told *told, const char *dir)
{
    const struct pam_conv conversation = {converse, told};
    void (*const delay)(int, unsigned, void *) = no_delay;
    pam_handle_t *pam = NULL;

    int rc = pam_start_confdir(PRIVATE_STACK_SERVICE, "nobody", &conversation, dir, &pam);
    if (rc != PAM_SUCCESS) {
        told->rc = -EINVAL;
        return;
    }
    /* A function behind a pointer to an object: as pam_fail_delay(3) has it. */
    pam_set_item(pam, PAM_FAIL_DELAY, *(void *const *)&delay);
    told->verdict[STACK_AUTH] = pam_authenticate(pam, PAM_SILENT);
    told->verdict[STACK_ACCOUNT] = pam_acct_mgmt(pam, PAM_SILENT);
    pam_end(pam, PAM_SUCCESS);
}

/* root's calls of libpam are written to the audit log, as logins that never were. */
static int become_nobody(void)
{
    if (geteuid() != 0)
        return 0;
    if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) < 0)
        return -errno;
    return 0;
}

/* The child's. */
static void rehearse(int fd, const struct stack *stack, const int *results)
{
    struct told told = {.rc = become_nobody()};
    char dir[PRIVATE_STACK_DIR_SIZE];

    alarm(SECONDS_MAX);
    if (told.rc == 0)
        told.rc = private_stack_write(dir, stack, results);
    if (told.rc == 0) {
        ask_libpam(&told, dir);
        private_stack_remove(dir);
    }
    ssize_t written = write(fd, &told, sizeof told);
    _exit(written == (ssize_t)sizeof told ? 0 : 1);
}

static int listen_to(int fd, pid_t child, struct told *told)
{
    size_t got = 0;
    ssize_t more;

    while ((more = read(fd, (char *)told + got, sizeof *told - got)) > 0 || (more < 0 && errno == EINTR))
        got += more > 0 ? (size_t)more : 0;
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return got == sizeof *told ? told->rc : -EIO;
}

static int run_child(struct told *told, const struct stack *stack, const int *results)
{
    int fds[2];

    if (pipe(fds) < 0)
        return -errno;
    pid_t child = fork();
    if (child == 0) {
        close(fds[0]);
        rehearse(fds[1], stack, results);
    }
    close(fds[1]);
    int rc = child < 0 ? -EAGAIN : listen_to(fds[0], child, told);
    close(fds[0]);
    return rc;
}

/* All that libpam's answer depends on, as bytes to compare: what pam_debug is told, and in which order. */
static size_t describe(char *out, size_t size, const struct stack *stack, const int *results)
{
    size_t used = 0;

    for (size_t i = 0; i < stack->count && used < size; i++) {
        const struct stack_line *line = &stack->lines[i];
        if (line->type <= STACK_ACCOUNT)
            used += (size_t)snprintf(out + used, size - used, "%d %u %d %d %s\n", (int)line->type,
                line->level, line->opens, line->opens ? 0 : results[i], line->opens ? "" : line->control);
    }
    return used;
}

/* The same stack with the same answers is asked for by several checks, and a child costs milliseconds. */
static int run_once(struct told *told, const struct stack *stack, const int *results)
{
    static struct {
        char *what;
        struct told told;
    } known[KNOWN_MAX];
    static size_t count;
    char what[DESCRIPTION_SIZE];

    bool whole = describe(what, sizeof what, stack, results) < sizeof what;
    for (size_t i = 0; whole && i < count; i++) {
        if (strcmp(known[i].what, what) == 0) {
            *told = known[i].told;
            return 0;
        }
    }
    int rc = run_child(told, stack, results);
    if (rc != 0 || !whole || count == KNOWN_MAX)
        return rc;
    known[count].what = strdup(what);
    if (known[count].what != NULL)
        known[count++].told = *told;
    return rc;
}

int rehearsal_possible(void)
{
    static char control[] = "required", none[] = "", file[] = "-", module[] = "pam_permit.so";
    static struct stack both = {
        .lines = {{.type = STACK_AUTH, .control = control, .module = module, .arguments = none, .file = file},
            {.type = STACK_ACCOUNT, .control = control, .module = module, .arguments = none, .file = file}},
        .count = 2};
    const int answers[] = {PAM_SUCCESS, PAM_SUCCESS};
    struct told told = {.rc = 0};

    int rc = run_child(&told, &both, answers);
    if (rc < 0)
        return rc;
    return told.count[STACK_AUTH] == 1 ? 0 : -ENOENT;
}

static bool agrees(const struct replay *replay, const struct told *told, int phase, const int *results)
{
    if (replay->verdict != told->verdict[phase] || replay->asked_count != told->count[phase])
        return false;
    for (size_t i = 0; i < replay->asked_count; i++)
        if (results[replay->asked[i]] != told->answers[phase][i])
            return false;
    return true;
}

int rehearsal_run(struct rehearsal *rehearsal, const struct stack *stack, const int *results)
{
    struct told told = {.rc = 0};

    int rc = run_once(&told, stack, results);
    for (int phase = 0; rc == 0 && phase < 2; phase++) {
        struct replay *replay = &rehearsal->phase[phase];
        replay_run(replay, stack, (enum stack_type)phase, results);
        if (!agrees(replay, &told, phase, results))
            *replay = (struct replay){.verdict = told.verdict[phase], .decider = -1};
    }
    return rc;
}
