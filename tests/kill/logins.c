/*
 * Logins and logouts, one after the other, at a helper that may be killed at any moment: it says which closes were
 * acknowledged. What is acknowledged is a promise; the others may be either.
 *
 * usage: logins RUNTIME_DIR UID TOKENS CLOSED STOP GO     run as root
 *   TOKENS: a line "ID TOKEN" for each login, of alice, whose uid is UID; more may be added until STOP is there
 *   CLOSED: gets a line "ID" for each login that was granted and whose close was acknowledged, or is a fact by now;
 *     "denied ID" for one that was refused, which no token here deserves; "unopened ID" for one that was granted, and of
 *     which the helper knew nothing when it was opened
 *   STOP: no login begins any more when this file is there
 *   GO: when all is done it waits for this file, so that its end closes nothing that was promised to be closed before
 */
#include "c2m/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 5000, TRIES = 4000, PAUSE_US = 5000, LINE = 9000, OPEN_MAX_LOGINS = 4096 };

static const char *runtime_dir;
static struct c2m_request request;

/* Granted, and not known to be closed. */
static char *open_ids[OPEN_MAX_LOGINS];
static size_t open_count;

static void die(const char *what)
{
    fprintf(stderr, "logins: %s\n", what);
    exit(1);
}

/* 0 with a verdict; a negative errno: the helper died in the middle, or was not there. */
static int ask(uint16_t operation, const char *token, uint32_t *verdict)
{
    struct c2m_client client;
    struct c2m_answer answer = {.typed.length = 0};
    union {
        struct c2m_prompt prompt;
        struct c2m_verdict verdict;
    } body;
    uint16_t got = 0;
    size_t length;
    int r = c2m_connect(&client, runtime_dir, C2M_PAM_SOCKET, WAIT_MS);
    if (r < 0)
        return r;
    r = c2m_send(&client, operation, &request, sizeof request, WAIT_MS);
    if (r == 0)
        r = c2m_receive(&client, &got, &body, sizeof body, &length, WAIT_MS);
    if (r == 0 && got == C2M_PROMPT && token) {
        answer.typed.length = (uint16_t)strlen(token);
        memcpy(answer.typed.bytes, token, answer.typed.length);
        r = c2m_send(&client, C2M_ANSWER, &answer, sizeof answer, WAIT_MS);
        if (r == 0)
            r = c2m_receive(&client, &got, &body, sizeof body, &length, WAIT_MS);
    }
    c2m_disconnect(&client);
    if (r == 0 && got != C2M_VERDICT)
        r = -EPROTO;
    if (r == 0)
        *verdict = body.verdict.verdict;
    return r;
}

/* Until a helper answers. True: it never failed before that. */
static bool ask_until(uint16_t operation, uint32_t *verdict)
{
    for (int i = 0; i < TRIES; i++) {
        if (ask(operation, NULL, verdict) == 0 && *verdict != C2M_UNAVAILABLE)
            return i == 0;
        usleep(PAUSE_US);
    }
    die("no helper came back");
    return false;
}

/* A helper that came back may hold more than one of ours as open: all are closed when it knows of none. */
static void close_all(FILE *closed)
{
    uint32_t verdict = C2M_GRANTED;
    while (verdict == C2M_GRANTED)
        ask_until(C2M_CLOSE, &verdict);
    if (verdict != C2M_IGNORE)
        die("a close was refused");
    while (open_count > 0) {
        fprintf(closed, "%s\n", open_ids[--open_count]);
        free(open_ids[open_count]);
    }
    fflush(closed);
}

static void log_in_and_out(const char *id, const char *token, FILE *closed)
{
    uint32_t verdict;
    int r;
    while ((r = ask(C2M_AUTHENTICATE, token, &verdict)) == -ECONNREFUSED || r == -ENOENT)
        usleep(PAUSE_US); /* there is no helper */
    if (r == 0 && verdict != C2M_GRANTED && verdict != C2M_UNAVAILABLE)
        fprintf(closed, "denied %s\n", id);
    if (r < 0 || verdict != C2M_GRANTED)
        return; /* granted or not: nobody was told, and a pending login is dropped */
    bool sure = ask_until(C2M_OPEN, &verdict);
    if (sure && verdict != C2M_GRANTED)
        fprintf(closed, "unopened %s\n", id);
    if (verdict == C2M_GRANTED || !sure) {
        if (open_count == OPEN_MAX_LOGINS || !(open_ids[open_count] = strdup(id)))
            die("too many open logins");
        open_count++;
    }
    sure &= ask_until(C2M_CLOSE, &verdict) && verdict == C2M_GRANTED;
    if (!sure || open_count != 1) {
        close_all(closed);
        return;
    }
    fprintf(closed, "%s\n", open_ids[--open_count]);
    free(open_ids[open_count]);
    fflush(closed);
}

static void prepare(uint32_t uid)
{
    request = (struct c2m_request){.flags = C2M_CAN_ASK, .uid = uid, .deadline_ms = WAIT_MS};
    if (c2m_text_set(&request.service.length, request.service.bytes, C2M_NAME_MAX, "sshd") < 0 ||
        c2m_text_set(&request.user.length, request.user.bytes, C2M_NAME_MAX, "alice") < 0)
        die("texts");
}

/* The next whole line of TOKENS, which may grow meanwhile; false when no login is to begin any more. */
static bool next_line(FILE *tokens, const char *stop, char line[LINE])
{
    size_t used = 0;
    line[0] = '\0';
    while (used == 0 || line[used - 1] != '\n') {
        if (access(stop, F_OK) == 0)
            return false;
        if (!fgets(line + used, (int)(LINE - used), tokens)) {
            clearerr(tokens);
            usleep(PAUSE_US);
        }
        used += strlen(line + used);
        if (used == LINE - 1)
            die("a line is too long");
    }
    line[used - 1] = '\0';
    return true;
}

int main(int argc, char **argv)
{
    static char line[LINE];
    if (argc != 7)
        return 64;
    runtime_dir = argv[1];
    prepare((uint32_t)strtoul(argv[2], NULL, 10));
    FILE *tokens = fopen(argv[3], "re"), *closed = fopen(argv[4], "we");
    if (!tokens || !closed)
        die("a file cannot be opened");
    while (next_line(tokens, argv[5], line)) {
        char *token = strchr(line, ' ');
        if (!token)
            die("a line without a token");
        *token++ = '\0';
        log_in_and_out(line, token, closed);
    }
    fprintf(closed, "end\n");
    fclose(closed);
    fclose(tokens);
    while (access(argv[6], F_OK) < 0)
        usleep(100000);
    return 0;
}
