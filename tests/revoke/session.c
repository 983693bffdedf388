/*
 * A PAM application for one login: what sshd does, without a network.
 *
 *   session FOLDER SERVICE USER
 *
 * FOLDER holds the stack. The first line of standard input is typed at the prompt; then one line says "open", or the
 * PAM code of what failed. When standard input ends the session is closed, and "closed" is said.
 */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
            (*response)[i].resp = strdup(typed);
    return PAM_SUCCESS;
}

static void say(const char *word, int code)
{
    if (code == PAM_SUCCESS)
        puts(word);
    else
        printf("%d\n", code);
    fflush(stdout);
}

int main(int count, char **arguments)
{
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    if (count != 4 || !fgets(typed, sizeof typed, stdin))
        return 64;
    typed[strcspn(typed, "\n")] = '\0';
    if (pam_start_confdir(arguments[2], arguments[3], &conversation, arguments[1], &pamh) != PAM_SUCCESS)
        return 70;
    int code = pam_authenticate(pamh, 0);
    if (code == PAM_SUCCESS)
        code = pam_open_session(pamh, 0);
    say("open", code);
    while (code == PAM_SUCCESS && getchar() != EOF)
        ;
    if (code == PAM_SUCCESS)
        say("closed", pam_close_session(pamh, 0));
    pam_end(pamh, code);
    return 0;
}
