/*
 * Logins through the module, each call timed against its deadline.
 *
 *   logins FOLDER SERVICE one|all|own|each [HELPER] <LINES
 *
 * FOLDER holds the stack. A line "USER TOKEN" for each login: authenticate, account, open and close. one: one after the
 * other; all: each in a process of its own, all at the same moment; own: the same, as USER himself, who may authenticate
 * alone; each: as all, and each call is made whatever became of those before. Prints how they ended (early: outages that
 * came before a call's deadline, so for no want of time) and how long they took, and how long without the time in which
 * they, or the helper (its pid is HELPER), were ready to run and no processor was free: own. Exit status 1: a call was
 * later than its deadline and 200 ms, that time not counted.
 */
#include "c2m/wire.h"

#include <pwd.h>
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SELF "/proc/self/schedstat"

enum { LOGINS = 4096, LINE = 9000, STEPS = 4, MARGIN_MS = 200, LATE_MS = 200, EARLY_MS = 10 };

struct login {
    char user[64], token[LINE];
    int code; /* of PAM, of the first step that failed */
    bool early; /* an outage, and the call's deadline had not come */
    double prompted_ms, whole_ms, own_ms;
    /* how much the latest call was beyond its deadline (negative: within), and without what the machine took */
    double late_ms, own_late_ms;
};

static struct login *logins;
static int count;
static const char *folder, *service;
static struct login *present; /* whose conversation is held */
static double called_ms, called_waiting_ms;
static char helper_times[64]; /* where the kernel tells of them; empty: nobody said who it is */

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

struct times {
    double ran_ms;
    double waited_ms; /* ready to run, and no processor was free: a busy machine is nobody's lateness */
};

static struct times times_of(const char *path)
{
    unsigned long ran = 0, waited = 0;
    FILE *file = path[0] ? fopen(path, "re") : NULL;
    if (file && fscanf(file, "%lu %lu", &ran, &waited) != 2)
        ran = waited = 0;
    if (file)
        fclose(file);
    return (struct times){.ran_ms = (double)ran / 1e6, .waited_ms = (double)waited / 1e6};
}

/* Of WHOLE_MS what passed for want of a processor is taken off, unless it may have been the helper that ran there. */
static double own_ms(double whole_ms, const struct times before[2])
{
    struct times self = times_of(SELF), helper = times_of(helper_times);
    double mine = self.waited_ms - before[0].waited_ms - (helper.ran_ms - before[1].ran_ms);
    return whole_ms - (helper.waited_ms - before[1].waited_ms) - (mine > 0 ? mine : 0);
}

static void begin_call(void)
{
    called_waiting_ms = times_of(SELF).waited_ms;
    called_ms = now_ms();
}

/* A step, or a part of it, ends that had so much time. */
static void judge(struct login *login, double deadline_ms)
{
    double late = now_ms() - called_ms - deadline_ms, waited = times_of(SELF).waited_ms - called_waiting_ms;
    if (late > login->late_ms)
        login->late_ms = late;
    if (late - waited > login->own_late_ms)
        login->own_late_ms = late - waited;
    begin_call();
}

static int converse(
    int messages, const struct pam_message **message, struct pam_response **response, void *data)
{
    (void)data;
    *response = calloc((size_t)messages, sizeof **response);
    if (!*response)
        return PAM_BUF_ERR;
    for (int i = 0; i < messages; i++)
        if (message[i]->msg_style == PAM_PROMPT_ECHO_OFF) {
            (*response)[i].resp = strdup(present->token);
            present->prompted_ms = now_ms() - called_ms;
            judge(present, C2M_FIRST_ANSWER_MS);
        }
    return PAM_SUCCESS;
}

/* What is left of authenticate after the prompt may take longer than the first answer. */
static void log_in(struct login *login, int steps, bool whatever)
{
    static int (*const step[STEPS])(pam_handle_t *, int) = {
        pam_authenticate, pam_acct_mgmt, pam_open_session, pam_close_session};
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    const struct times before[2] = {times_of(SELF), times_of(helper_times)};
    double began = now_ms();
    present = login;
    login->late_ms = login->own_late_ms = -1e9;
    login->code = pam_start_confdir(service, login->user, &conversation, folder, &pamh);
    begin_call();
    for (int i = 0; pamh && i < steps && (whatever || login->code == PAM_SUCCESS); i++) {
        int code = step[i](pamh, 0);
        double deadline_ms =
            i == 0 && login->prompted_ms > 0 ? C2M_DEADLINE_MS + MARGIN_MS : C2M_FIRST_ANSWER_MS;
        bool early = now_ms() - called_ms < deadline_ms - EARLY_MS;
        if (code == PAM_SESSION_ERR && !early)
            code = PAM_AUTHINFO_UNAVAIL; /* an outage, of which open and close have no code */
        login->early |= code == PAM_AUTHINFO_UNAVAIL && early;
        login->code = login->code == PAM_SUCCESS ? code : login->code;
        judge(login, deadline_ms);
    }
    login->whole_ms = now_ms() - began;
    login->own_ms = own_ms(login->whole_ms, before);
    if (pamh)
        pam_end(pamh, login->code);
}

static void become(const char *user)
{
    const struct passwd *entry = getpwnam(user);
    if (!entry || setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) < 0 ||
        setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) < 0)
        _exit(70);
}

static void all_at_once(bool own, bool whatever)
{
    int gate[2];
    char byte;
    if (pipe(gate) < 0)
        exit(70);
    for (int i = 0; i < count; i++)
        if (fork() == 0) {
            close(gate[1]);
            if (own)
                become(logins[i].user);
            (void)!read(gate[0], &byte, 1); /* until it is closed */
            log_in(&logins[i], own ? 1 : STEPS, whatever);
            _exit(0);
        }
    close(gate[0]);
    usleep(200000);
    close(gate[1]);
    while (wait(NULL) > 0)
        ;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(void)
{
    static double whole[LOGINS], own[LOGINS];
    int granted = 0, outages = 0, early = 0, refused = 0, granted_prompted = 0;
    double late = -1e9, own_late = -1e9, prompted = 0;
    for (int i = 0; i < count; i++) {
        const struct login *login = &logins[i];
        granted += login->code == PAM_SUCCESS;
        outages += login->code == PAM_AUTHINFO_UNAVAIL;
        early += login->early;
        granted_prompted += login->prompted_ms > 0;
        prompted = login->prompted_ms > prompted ? login->prompted_ms : prompted;
        late = login->late_ms > late ? login->late_ms : late;
        own_late = login->own_late_ms > own_late ? login->own_late_ms : own_late;
        whole[i] = login->whole_ms;
        own[i] = login->own_ms;
    }
    refused = count - granted - outages;
    qsort(whole, (size_t)count, sizeof whole[0], by_value);
    qsort(own, (size_t)count, sizeof own[0], by_value);
    printf(
        "logins=%d granted=%d outages=%d early=%d others=%d prompted=%d p50_ms=%.1f p99_ms=%.1f most_ms=%.1f "
        "own_p99_ms=%.1f "
        "prompt_most_ms=%.1f "
        "late_ms=%.0f own_late_ms=%.0f\n",
        count, granted, outages, early, refused, granted_prompted, whole[count / 2], whole[count * 99 / 100],
        whole[count - 1], own[count * 99 / 100], prompted, late, own_late);
    exit(own_late > (double)LATE_MS ? 1 : 0);
}

int main(int arguments, char **argument)
{
    static char line[LINE + 64];
    if (arguments < 4)
        return 64;
    if (arguments > 4)
        snprintf(helper_times, sizeof helper_times, "/proc/%s/schedstat", argument[4]);
    folder = argument[1];
    service = argument[2];
    logins = mmap(NULL, LOGINS * sizeof *logins, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (logins == MAP_FAILED)
        return 70;
    while (count < LOGINS && fgets(line, sizeof line, stdin))
        if (sscanf(line, "%63s %8999s", logins[count].user, logins[count].token) == 2)
            count++;
    if (count == 0)
        return 64;
    if (strcmp(argument[3], "one") == 0)
        for (int i = 0; i < count; i++)
            log_in(&logins[i], STEPS, false);
    else
        all_at_once(strcmp(argument[3], "own") == 0, strcmp(argument[3], "each") == 0);
    report();
}
