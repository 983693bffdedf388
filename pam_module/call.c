/*
 * Set-up and tear-down that the entry points share. Root's limits are here, before the helper is asked: it can
 * be taken over and still grants no root.
 */
#include "call.h"
#include "conversation.h"
#include "report.h"
#include "user.h"
#include "verdict.h"

#include "c2m/client.h"

#include <errno.h>
#include <security/pam_modules.h>
#include <string.h>

static const char *item_of(const struct call *call, int type)
{
    const void *item = NULL;

    if (pam_get_item(call->pamh, type, &item) != PAM_SUCCESS || item == NULL)
        return "";
    return item;
}

static bool decide(struct call *call, int code, const char *reason)
{
    call->code = code;
    call->reason = reason;
    return false;
}

/* Presence without a prompt is sudo's alone, whatever name service= tells the helper. */
static bool is_sudo(const char *service)
{
    return strcmp(service, "sudo") == 0 || strcmp(service, "sudo-i") == 0;
}

/* These three only inform: what does not fit is cut. */
static void fill_origin(struct call *call)
{
    struct c2m_request *request = &call->request;

    c2m_text_cut(&request->ruser.length, request->ruser.bytes, C2M_NAME_MAX, item_of(call, PAM_RUSER));
    c2m_text_cut(&request->tty.length, request->tty.bytes, C2M_NAME_MAX, item_of(call, PAM_TTY));
    c2m_text_cut(&request->rhost.length, request->rhost.bytes, C2M_HOST_MAX, item_of(call, PAM_RHOST));
}

static bool fill_service(struct call *call, int flags)
{
    const char *pam_service = item_of(call, PAM_SERVICE);
    const char *service = call->arguments.service == NULL ? pam_service : call->arguments.service;
    struct c2m_name *name = &call->request.service;

    if (service[0] == '\0' || c2m_text_set(&name->length, name->bytes, C2M_NAME_MAX, service) < 0)
        return decide(call, PAM_SERVICE_ERR, "service_name");
    call->reuse = call->arguments.reuse && is_sudo(pam_service);
    /* sudo sets PAM_SILENT on its own account and shows messages nevertheless; a reason must not be lost. */
    call->silent = call->arguments.quiet || (((unsigned)flags & PAM_SILENT) != 0 && !is_sudo(pam_service));
    call->request.flags =
        (call->operation == C2M_AUTHENTICATE && call->conversation != NULL ? C2M_CAN_ASK : 0) |
        (call->reuse ? C2M_REUSE : 0);
    call->request.deadline_ms = C2M_DEADLINE_MS;
    return true;
}

/* The name whole, or none: a part of a name would be another's. */
static int fill_user(struct call *call, const char *user)
{
    struct c2m_name *name = &call->request.user;

    int rc = user_resolve(user, &call->request.uid);
    int fits = c2m_text_set(&name->length, name->bytes, C2M_NAME_MAX, user);
    return rc < 0 ? rc : fits;
}

/* login(1) may have no name yet: pam_get_user() asks for it, and remembers it for all modules. */
static bool admit(struct call *call)
{
    const char *user = NULL;

    int code = pam_get_user(call->pamh, &user, NULL);
    if (code == PAM_CONV_ERR)
        return decide(call, PAM_CONV_ERR, "conversation");
    if (code != PAM_SUCCESS || user == NULL)
        return decide(call, PAM_USER_UNKNOWN, "no_user");
    call->error = fill_user(call, user);
    call->nobody = call->error == -ENOENT;
    /* With `unmapped = deny` he is asked, and refused as late as everybody: nobody learns here which names exist. */
    if (call->nobody && call->operation == C2M_AUTHENTICATE) {
        call->error = 0;
        return true;
    }
    if (call->nobody || call->error == -EINVAL)
        return decide(call, PAM_USER_UNKNOWN, call->nobody ? "unknown_user" : "odd_user");
    if (call->error < 0)
        return decide(call, verdict_outage(call->operation), "name_service");
    if (user_left_alone(call->request.uid, &call->arguments))
        return decide(call, PAM_IGNORE, "left_alone");
    return true;
}

bool call_begin(
    struct call *call, pam_handle_t *pamh, uint16_t operation, int flags, int argc, const char **argv)
{
    *call = (struct call){.pamh = pamh, .operation = operation, .code = PAM_SYSTEM_ERR};
    call->detail = arguments_read(&call->arguments, argc, argv);
    if (call->detail != NULL)
        return decide(call, PAM_SERVICE_ERR, "argument");
    call->conversation = conversation_of(pamh);
    if (!fill_service(call, flags))
        return false;
    fill_origin(call);
    if (operation == C2M_AUTHENTICATE || operation == C2M_ACCOUNT)
        return admit(call);
    fill_user(call, item_of(call, PAM_USER));
    return true;
}

int call_end(const struct call *call)
{
    report(call);
    return call->code;
}
