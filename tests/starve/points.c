/*
 * Logins at a helper one of whose system calls or allocations fails (helper.c is preloaded into it), one point after the
 * other: authenticate, account, open, close through the module, each login in a process of its own.
 *
 *   points ORDERS HELPER_PID FOLDER SERVICE USER call|allocation|allocations ERROR FROM EVERY good|bad <TOKEN
 *
 * FROM: the first point, 1 or more; EVERY: each Nth. A bad token may never be granted. Prints what it saw, "of POINTS: RUNS
 * GRANTED HOLES CRASHES HANGS"; exit status 3:
 * the helper has ended, or
 * does not answer any more, and the last line, "ended NTH", says at which point.
 */
#include "orders.h"

#include "c2m/client.h"

#include <fcntl.h>
#include <limits.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LIMIT_S = 26, /* two deadlines: a helper that is lost is asked once more */
    STEPS = 4,
    LINE = 9000,
    PATIENCE_MS = 1000
};

#define RUNTIME_DIR "/run/c2m"

static volatile struct orders *orders;
static volatile int *codes; /* of PAM, of each step; -1: not reached */
static const char *folder, *service, *user;
static char token[LINE];

static struct tally {
    long runs, granted, holes, crashes, hangs;
} tally;

static int converse(
    int count, const struct pam_message **messages, struct pam_response **response, void *data)
{
    (void)data;
    *response = calloc((size_t)count, sizeof **response);
    for (int i = 0; *response && i < count; i++)
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            (*response)[i].resp = strdup(token);
    return *response ? PAM_SUCCESS : PAM_BUF_ERR;
}

/* Nobody waits after a refusal. */
static void no_delay(int code, unsigned delay_us, void *data)
{
    (void)code, (void)delay_us, (void)data;
}

/* From an address of its own, or the guesser would have to wait, and that is another refusal. */
static void log_in(void)
{
    static int (*const steps[STEPS])(pam_handle_t *, int) = {
        pam_authenticate, pam_acct_mgmt, pam_open_session, pam_close_session};
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    char address[24];
    union {
        void (*function)(int, unsigned, void *);
        const void *item;
    } delay = {.function = no_delay};
    alarm(LIMIT_S);
    srand((unsigned)getpid() ^ (unsigned)time(NULL));
    snprintf(address, sizeof address, "10.%d.%d.%d", rand() % 256, rand() % 256, rand() % 256);
    int code = pam_start_confdir(service, user, &conversation, folder, &pamh);
    if (code == PAM_SUCCESS) {
        pam_set_item(pamh, PAM_RHOST, address);
        pam_set_item(pamh, PAM_FAIL_DELAY, delay.item);
    }
    for (int i = 0; i < STEPS && code == PAM_SUCCESS; i++)
        codes[i] = code = steps[i](pamh, 0);
    if (pamh)
        pam_end(pamh, code);
    _exit(0);
}

static bool helper_lives(const char *pid)
{
    char path[64], state = 'Z';
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    if (file)
        fclose(file);
    return state != 'Z' && state != 'X';
}

static bool answers(void)
{
    struct c2m_client client;
    struct c2m_status status;
    uint16_t operation;
    size_t length;
    bool answered = c2m_connect(&client, RUNTIME_DIR, C2M_PAM_SOCKET, PATIENCE_MS) == 0 &&
                    c2m_send(&client, C2M_STATUS, NULL, 0, PATIENCE_MS) == 0 &&
                    c2m_receive(&client, &operation, &status, sizeof status, &length, PATIENCE_MS) == 0;
    c2m_disconnect(&client);
    return answered;
}

/* After an outage: it ends, or it serves. It may first say to the API what it has obtained. */
static bool settles(const char *pid)
{
    for (int i = 0; i < LIMIT_S && helper_lives(pid); i++) {
        if (answers())
            return true;
        usleep(1000 * PATIENCE_MS);
    }
    return !helper_lives(pid);
}

/* In a process of its own, whose status it returns. */
static int log_in_apart(void)
{
    int status = 0;
    for (int i = 0; i < STEPS; i++)
        codes[i] = -1;
    pid_t child = fork();
    if (child == 0)
        log_in();
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(70);
    return status;
}

static void run(bool good, const char *point, long nth)
{
    int status = log_in_apart();
    tally.runs++;
    tally.granted += codes[0] == PAM_SUCCESS;
    const char *what = NULL;
    if (codes[0] == PAM_SUCCESS && !good)
        tally.holes++, what = "a grant that should not be";
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        tally.hangs++, what = "a hang";
    else if (status != 0)
        tally.crashes++, what = "a crash";
    if (what)
        printf("%s: %s %ld (system call %ld), codes %d %d %d %d\n", what, point, nth, orders->failed,
            codes[0], codes[1], codes[2], codes[3]);
}

/* NTH 0: nothing fails, and they are counted. */
static void order(const char *point, long nth, int error)
{
    bool call = strcmp(point, "call") == 0;
    orders->nth_call = orders->nth_allocation = 0; /* nothing, while it is changed */
    orders->error = error;
    orders->failed = -1;
    orders->failing = strcmp(point, "allocations") == 0 ? LONG_MAX : 1;
    orders->allocations = 0;
    orders->nth_call = call ? nth : 0;
    orders->calls = -1;
    orders->nth_allocation = call ? 0 : nth;
}

/* The fewer of two: beside one of them a revocation may have made a connection. A refusal is not asked for twice in 30 s. */
static long count_points(const char *point, bool good)
{
    long fewest = LONG_MAX;
    for (int i = 0; i < (good ? 2 : 1); i++) {
        order(point, 0, 0);
        run(good, point, 0);
        usleep(100000);
        long points = strcmp(point, "call") == 0 ? orders->calls : orders->allocations;
        fewest = points < fewest ? points : fewest;
    }
    return fewest;
}

static void *shared(int fd, size_t size)
{
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        exit(70);
    return memory;
}

int main(int count, char **arguments)
{
    if (count != 11 || !fgets(token, sizeof token, stdin))
        return 64;
    token[strcspn(token, "\n")] = '\0';
    orders = shared(open(arguments[1], O_RDWR | O_CLOEXEC), ORDERS_SIZE);
    codes = shared(-1, STEPS * sizeof *codes);
    const char *pid = arguments[2], *point = arguments[6];
    folder = arguments[3];
    service = arguments[4];
    user = arguments[5];
    long from = atol(arguments[8]), every = atol(arguments[9]);
    bool good = strcmp(arguments[10], "good") == 0, lives = true;
    long points = count_points(point, good), nth = from, failed = -1;
    char where[sizeof orders->crashed_in] = "";
    for (; nth <= points && lives; nth += every) {
        order(point, nth, atoi(arguments[7]));
        run(good, point, nth);
        if (orders->failed >= 0) /* else it is still the last one's that shows */
            failed = orders->failed;
        order(point, 0, 0);
        bool granted = codes[0] == PAM_SUCCESS, answers_again = granted || settles(pid);
        if (!answers_again)
            tally.hangs++, printf("a hang of the helper: %s %ld (system call %ld)\n", point, nth, failed);
        lives = answers_again && helper_lives(pid);
        for (size_t i = 0; i < sizeof where; i++)
            where[i] = orders->crashed_in[i];
        /* One without a failure, by which it has a connection to the API again: else all points are met in making one. */
        if (lives && good && !granted)
            log_in_apart();
    }
    order(point, 0, 0);
    usleep(500000); /* one that ends answers for a moment */
    lives = lives && helper_lives(pid);
    printf("of %ld: %ld %ld %ld %ld %ld\n", points, tally.runs, tally.granted, tally.holes, tally.crashes,
        tally.hangs);
    if (!lives)
        printf("system call %ld\ncrashed in %s\nended %ld\n", failed, where, nth - every);
    return lives ? 0 : 3;
}
