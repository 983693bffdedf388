/*
 * A PAM application in whose user, host, terminal, service and typed text each byte stands once.
 *
 *   host MODULE RUNTIME_DIR     root
 *
 * What the module shows goes to standard output as it is: what a terminal would get. The last line counts the logins.
 */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/c2m-bytes.XXXXXX";
static char odd[64]; /* the byte, and what would be a line of its own behind it */

static int converse(
    int count, const struct pam_message **messages, struct pam_response **response, void *data)
{
    (void)data;
    *response = calloc((size_t)count, sizeof **response);
    if (!*response)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++) {
        puts(messages[i]->msg);
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            (*response)[i].resp = strdup(odd);
    }
    return PAM_SUCCESS;
}

static int log_in(const char *service, const char *user)
{
    static const int items[] = {PAM_RHOST, PAM_RUSER, PAM_TTY};
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    int code = pam_start_confdir(service, user, &conversation, folder, &pamh);
    for (size_t i = 0; code == PAM_SUCCESS && i < sizeof items / sizeof items[0]; i++)
        code = pam_set_item(pamh, items[i], odd);
    if (code != PAM_SUCCESS)
        exit(70);
    code = pam_authenticate(pamh, 0);
    pam_acct_mgmt(pamh, 0);
    pam_open_session(pamh, 0);
    pam_close_session(pamh, 0);
    pam_end(pamh, code);
    return code == PAM_SUCCESS;
}

/* The stack of every service, whatever its name. */
static int write_stack(const char *module, const char *runtime_dir)
{
    char path[64];
    snprintf(path, sizeof path, "%s/other", folder);
    FILE *file = fopen(path, "we");
    if (!file)
        return -1;
    for (int i = 0; i < 3; i++)
        fprintf(file, "%s required %s debug runtime_dir=%s\n",
            (const char *const[]){"auth", "account", "session"}[i], module, runtime_dir);
    return fclose(file);
}

static void remove_stack(void)
{
    char path[64];
    snprintf(path, sizeof path, "%s/other", folder);
    unlink(path);
    rmdir(folder);
}

int main(int count, char **arguments)
{
    int logins = 0, granted = 0;
    if (count != 3 || !mkdtemp(folder) || write_stack(arguments[1], arguments[2]) < 0)
        return 64;
    for (int byte = 1; byte < 256; byte++) {
        char service[sizeof odd];
        snprintf(odd, sizeof odd, "a%cevent=forged verdict=granted", byte);
        snprintf(service, sizeof service, "s%cevent=forged", byte == '/' ? 's' : byte);
        granted += log_in("sshd", "alice") + log_in("sshd", odd) + log_in(service, "alice");
        logins += 3;
    }
    printf("%d logins, %d granted\n", logins, granted);
    remove_stack();
    return granted != 0;
}
