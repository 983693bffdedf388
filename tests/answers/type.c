/*
 * A PAM application that logs in many times at once: what the module tells it, a user's terminal would show.
 *
 *   type FOLDER SERVICE USER <LINES
 *
 * FOLDER holds the stacks. A line is "RHOST TYPED"; its answer is a line "RHOST CODE MILLISECONDS TEXTS", the PAM code
 * as a number and every text that the module showed, bytes that are not printable as \xNN.
 */
#include <errno.h>
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 64 };

static const char *typed;
static char shown[2048];

static void show(const char *text)
{
    size_t used = strlen(shown);
    for (; *text && used + 6 < sizeof shown; text++) {
        bool plain = *text >= ' ' && *text <= '~';
        used += (size_t)snprintf(
            shown + used, sizeof shown - used, plain ? "%c" : "\\x%02x", (unsigned char)*text);
    }
    snprintf(shown + used, sizeof shown - used, "|");
}

static int converse(
    int count, const struct pam_message **messages, struct pam_response **response, void *data)
{
    (void)data;
    *response = calloc((size_t)count, sizeof **response);
    for (int i = 0; i < count; i++) {
        show(messages[i]->msg);
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            (*response)[i].resp = strdup(typed);
    }
    return PAM_SUCCESS;
}

static long milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void log_in(char **arguments, const char *rhost)
{
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    char line[4096];
    if (pam_start_confdir(arguments[2], arguments[3], &conversation, arguments[1], &pamh) != PAM_SUCCESS ||
        pam_set_item(pamh, PAM_RHOST, rhost) != PAM_SUCCESS)
        exit(70);
    long begun = milliseconds();
    int code = pam_authenticate(pamh, 0);
    long ended = milliseconds();
    pam_end(pamh, code);
    int length = snprintf(line, sizeof line, "%s %d %ld %s\n", rhost, code, ended - begun, shown);
    exit(write(STDOUT_FILENO, line, (size_t)length) == length ? 0 : 70);
}

/* A child that failed has printed nothing, which its reader notices. */
static void wait_for_one(int *running)
{
    while (wait(NULL) < 0 && errno == EINTR)
        ;
    --*running;
}

int main(int count, char **arguments)
{
    static char line[16384];
    int running = 0;
    if (count != 4)
        return 64;
    while (fgets(line, sizeof line, stdin)) {
        char *blank = strchr(line, ' ');
        if (!blank)
            return 64;
        line[strcspn(line, "\n")] = '\0';
        *blank = '\0';
        typed = blank + 1;
        if (running == AT_ONCE)
            wait_for_one(&running);
        if (fork() == 0)
            log_in(arguments, line);
        running++;
    }
    while (running > 0)
        wait_for_one(&running);
    return 0;
}
