// link: tests/bench/measure/measure.c
/*
 * Many at once. Run by run.sh in a private world, as root; prints name=value lines.
 *
 * usage: crowd at-once COUNT SHORT_FILE                  so many logins, all released by one close()
 *        crowd sessions COUNT SHORT_FILE HELPER_PID      so many sessions; they are held until standard input ends
 */
#include "measure/measure.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 10000, STEP = 1000 };

struct gate {
    int closed[2];
};

static void gate_open(struct gate *gate)
{
    if (pipe(gate->closed) < 0)
        measure_die("pipe");
    fflush(stdout);
}

/* In a child: until the parent closes its end. */
static void gate_wait(const struct gate *gate)
{
    char byte;
    close(gate->closed[1]);
    (void)!read(gate->closed[0], &byte, 1);
}

static void at_once(int count, const char *token)
{
    static pid_t children[MOST];
    struct gate gate;
    int failed = 0;
    gate_open(&gate);
    for (int i = 0; i < count; i++) {
        children[i] = fork();
        if (children[i] < 0)
            measure_die("fork");
        if (children[i] == 0) {
            gate_wait(&gate);
            _exit(measure_authenticate("bench", token) ? 0 : 1);
        }
    }
    double begun = measure_now();
    close(gate.closed[1]);
    for (int i = 0; i < count; i++) {
        int status = 1;
        waitpid(children[i], &status, 0);
        failed += status != 0;
    }
    double spent = measure_now() - begun;
    printf("at_once_%d_failed=%d\nat_once_%d_per_second=%.0f\n", count, failed, count,
        (double)count / (spent / 1e6));
}

/* One opener, as sshd has one for each connection. */
static void opener(const struct gate *gate, const char *token, int ready)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pam_handle_t *pam = measure_authenticate("bench", token);
    char byte = pam && pam_open_session(pam, 0) == PAM_SUCCESS ? 'y' : 'n';
    (void)!write(ready, &byte, 1);
    gate_wait(gate);
    _exit(0);
}

static void sessions(int count, const char *token, pid_t helper)
{
    struct gate gate, ready;
    char byte;
    gate_open(&gate);
    gate_open(&ready);
    printf("helper_rss_0_kb=%ld\n", measure_memory_kb(helper, "VmRSS:"));
    fflush(stdout);
    for (int i = 1; i <= count; i++) {
        pid_t child = fork();
        if (child == 0)
            opener(&gate, token, ready.closed[1]);
        if (child < 0 || read(ready.closed[0], &byte, 1) != 1 || byte != 'y')
            measure_die("one of many sessions");
        if (i % STEP == 0 && (i == STEP || i == count))
            printf("helper_rss_%d_kb=%ld\n", i, measure_memory_kb(helper, "VmRSS:"));
        fflush(stdout);
    }
    puts("held=yes");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    close(gate.closed[1]);
    while (wait(NULL) > 0)
        ;
}

int main(int argc, char **argv)
{
    static char token[MEASURE_TOKEN_SIZE];
    int count = argc > 3 ? atoi(argv[2]) : 0;
    if (count < 1 || count > MOST)
        return 64;
    measure_read_token(argv[3], token);
    /* holds the token while the others come and go */
    pam_handle_t *holder = measure_authenticate("bench", token);
    if (!holder || pam_open_session(holder, 0) != PAM_SUCCESS)
        measure_die("holder");
    if (strcmp(argv[1], "at-once") == 0)
        at_once(count, token);
    if (strcmp(argv[1], "sessions") == 0 && argc == 5)
        sessions(count, token, (pid_t)strtol(argv[4], NULL, 10));
    pam_close_session(holder, 0);
    return 0;
}
