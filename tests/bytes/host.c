/*
 * A PAM application in whose user, host, terminal, service and typed text each byte stands once.
 *
 *   host MODULE RUNTIME_DIR          root; the last line counts the logins
 *   host MODULE RUNTIME_DIR hold     the first line of standard input is typed each time, and the sessions, of which the
 *                                    last line counts those that opened, stay until its end
 *
 * What the module shows goes to standard output as it is: what a terminal would get.
 */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/c2m-bytes.XXXXXX";
static char odd[64]; /* the byte, and what would be a line of its own behind it */
static char line[8193];
static const char *typed = odd;

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
            (*response)[i].resp = strdup(typed);
    }
    return PAM_SUCCESS;
}

static pam_handle_t *begin(const char *service, const char *user)
{
    static const int items[] = {PAM_RHOST, PAM_RUSER, PAM_TTY};
    const struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    int code = pam_start_confdir(service, user, &conversation, folder, &pamh);
    for (size_t i = 0; code == PAM_SUCCESS && i < sizeof items / sizeof items[0]; i++)
        code = pam_set_item(pamh, items[i], odd);
    if (code != PAM_SUCCESS)
        exit(70);
    return pamh;
}

static int log_in(const char *service, const char *user)
{
    pam_handle_t *pamh = begin(service, user);
    int code = pam_authenticate(pamh, 0);
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

static void set_odd(int byte)
{
    snprintf(odd, sizeof odd, "a%cevent=forged verdict=granted", byte);
}

static int hold(void)
{
    pam_handle_t *held[256];
    int open = 0;
    typed = fgets(line, sizeof line, stdin);
    if (!typed)
        return 64;
    line[strcspn(line, "\n")] = '\0';
    for (int byte = 1; byte < 256; byte++) {
        set_odd(byte);
        held[byte] = begin("sshd", "alice");
        open +=
            pam_authenticate(held[byte], 0) == PAM_SUCCESS && pam_open_session(held[byte], 0) == PAM_SUCCESS;
    }
    printf("%d open\n", open);
    fflush(stdout);
    while (getchar() != EOF)
        ;
    for (int byte = 1; byte < 256; byte++)
        pam_end(held[byte], pam_close_session(held[byte], 0));
    return 0;
}

static int log_in_and_out(void)
{
    int logins = 0, granted = 0;
    for (int byte = 1; byte < 256; byte++) {
        char service[sizeof odd];
        set_odd(byte);
        snprintf(service, sizeof service, "s%cevent=forged", byte == '/' ? 's' : byte);
        granted += log_in("sshd", "alice") + log_in("sshd", odd) + log_in(service, "alice");
        logins += 3;
    }
    printf("%d logins, %d granted\n", logins, granted);
    return granted != 0;
}

int main(int count, char **arguments)
{
    if (count < 3 || count > 4 || !mkdtemp(folder) || write_stack(arguments[1], arguments[2]) < 0)
        return 64;
    int rc = count == 4 ? hold() : log_in_and_out();
    remove_stack();
    return rc;
}
