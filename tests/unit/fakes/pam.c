#include "fakes/pam.h"

#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pam_conv conversation;

static int converse(
    int count, const struct pam_message **messages, struct pam_response **response, void *data)
{
    struct pam_handle *pamh = data;

    if (count != 1)
        return PAM_CONV_ERR;
    if (messages[0]->msg_style == PAM_ERROR_MSG) {
        snprintf(pamh->told[pamh->messages++], sizeof pamh->told[0], "%s", messages[0]->msg);
        *response = calloc(1, sizeof **response);
        return PAM_SUCCESS;
    }
    pamh->style = messages[0]->msg_style;
    snprintf(pamh->asked[pamh->prompts], sizeof pamh->asked[0], "%s", messages[0]->msg);
    const char *answer = pamh->answers[pamh->prompts++];
    if (answer == NULL) {
        /* As an application that has freed it already: whoever frees it again dies. */
        *response = (struct pam_response *)16;
        return PAM_CONV_ERR;
    }
    if (pamh->no_response)
        return PAM_SUCCESS;
    *response = calloc(1, sizeof **response);
    (*response)->resp = pamh->no_text ? NULL : strdup(answer);
    return PAM_SUCCESS;
}

const struct pam_conv *fake_conversation(struct pam_handle *pamh)
{
    conversation = (struct pam_conv){.conv = pamh->deaf ? NULL : converse, .appdata_ptr = pamh};
    return &conversation;
}

int pam_get_item(const pam_handle_t *pamh, int type, const void **item)
{
    if (pamh->failing)
        return pamh->failing;
    switch (type) {
    case PAM_USER:
        *item = pamh->user;
        return PAM_SUCCESS;
    case PAM_SERVICE:
        *item = pamh->service;
        return PAM_SUCCESS;
    case PAM_RUSER:
        *item = pamh->ruser;
        return PAM_SUCCESS;
    case PAM_RHOST:
        *item = pamh->rhost;
        return PAM_SUCCESS;
    case PAM_TTY:
        *item = pamh->tty;
        return PAM_SUCCESS;
    case PAM_CONV:
        *item = &conversation;
        return PAM_SUCCESS;
    default: /* PAM_AUTHTOK and the rest are none of the module's business */
        abort();
    }
}

int pam_get_user(pam_handle_t *pamh, const char **user, const char *prompt)
{
    (void)prompt;
    *user = pamh->user;
    if (pamh->failing)
        return pamh->failing;
    return *user == NULL ? PAM_CONV_ERR : PAM_SUCCESS;
}

void pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...)
{
    struct pam_handle *writable;
    va_list arguments;

    memcpy(&writable, &pamh, sizeof pamh);
    size_t used = strlen(writable->log);
    va_start(arguments, format);
    vsnprintf(writable->log + used, sizeof writable->log - used - 1, format, arguments);
    va_end(arguments);
    strcat(writable->log, "\n");
    writable->level = priority;
}
