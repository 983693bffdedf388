/*
 * A PAM application that lives long, and keeps nothing of what is typed: what stands in its memory afterwards is the
 * module's, or libpam's.
 *
 *   host FOLDER SERVICE USER RHOST
 *
 * FOLDER holds the stack. Each line of standard input is typed at a prompt; then the session is open until the next line,
 * or the end of input, and a line says "open", or the PAM code of what failed.
 */
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char typed[16384];

static int converse(
    int count, const struct pam_message **messages, struct pam_response **response, void *data)
{
    (void)data;
    *response = calloc((size_t)count, sizeof **response);
    if (!*response)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++)
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            (*response)[i].resp = strdup(typed); /* the module's from here on, to wipe and to free */
    return PAM_SUCCESS;
}

/* Without stdio, whose buffer would keep it. */
static bool read_line(void)
{
    size_t length = 0;
    while (length + 1 < sizeof typed && read(STDIN_FILENO, typed + length, 1) == 1) {
        if (typed[length] == '\n') {
            typed[length] = '\0';
            return true;
        }
        length++;
    }
    return false;
}

static int log_in(pam_handle_t *pamh)
{
    int code = pam_authenticate(pamh, 0);
    explicit_bzero(typed, sizeof typed);
    return code == PAM_SUCCESS ? pam_open_session(pamh, 0) : code;
}

static void log_out(pam_handle_t *pamh, int code)
{
    if (pamh && code == PAM_SUCCESS)
        pam_close_session(pamh, 0);
    if (pamh)
        pam_end(pamh, code);
}

int main(int count, char **arguments)
{
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    int code = PAM_SUCCESS;
    if (count != 5)
        return 64;
    while (read_line()) {
        log_out(pamh, code);
        if (pam_start_confdir(arguments[2], arguments[3], &conversation, arguments[1], &pamh) != PAM_SUCCESS)
            return 70;
        pam_set_item(pamh, PAM_RHOST, arguments[4]);
        code = log_in(pamh);
        if (code == PAM_SUCCESS)
            puts("open");
        else
            printf("%d\n", code);
        fflush(stdout);
    }
    log_out(pamh, code);
    return 0;
}
