/* See measure.h. */
#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double measure_now(void)
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

void measure_report(const char *name, double *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, by_value);
    printf("%s_p50=%.1f\n%s_p99=%.1f\n", name, times[count / 2], name, times[count * 99 / 100]);
    fflush(stdout);
}

_Noreturn void measure_die(const char *what)
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

pam_handle_t *measure_authenticate(const char *service, const char *secret)
{
    static struct pam_conv conversation;
    static char typed[MEASURE_TOKEN_SIZE];
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

double measure_login(const char *service, const char *secret)
{
    double begun = measure_now();
    pam_handle_t *pam = measure_authenticate(service, secret);
    if (!pam)
        exit(1);
    pam_end(pam, PAM_SUCCESS);
    return measure_now() - begun;
}

long measure_memory_kb(pid_t pid, const char *field)
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

void measure_read_token(const char *file, char *out)
{
    FILE *stream = fopen(file, "re");
    if (!stream || !fgets(out, MEASURE_TOKEN_SIZE, stream))
        measure_die(file);
    fclose(stream);
    out[strcspn(out, "\n")] = '\0';
}
