/*
 * pam_c2m.so: the six entry points of a PAM module that relays between the application's conversation and the
 * helper. No network, no parsing, no state, nothing but libpam and libc: it is loaded into sshd, sudo and login.
 */
#include "call.h"
#include "relay.h"

#include "c2m/module_version.h"

#include <security/pam_modules.h>

#define ENTRY __attribute__((visibility("default")))

/* Read from the file, by c2mctl doctor and what(1). */
__attribute__((used)) static const char version[] = C2M_MODULE_VERSION_MARK C2M_HELPER_VERSION;

static int run(pam_handle_t *pamh, uint16_t operation, int flags, int argc, const char **argv)
{
    struct call call;

    if (call_begin(&call, pamh, operation, flags, argc, argv))
        relay_run(&call);
    return call_end(&call);
}

ENTRY int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    return run(pamh, C2M_AUTHENTICATE, flags, argc, argv);
}

ENTRY int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    return run(pamh, C2M_ACCOUNT, flags, argc, argv);
}

ENTRY int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    return run(pamh, C2M_OPEN, flags, argc, argv);
}

ENTRY int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    return run(pamh, C2M_CLOSE, flags, argc, argv);
}

/* It runs several times, in several processes, before or after the session; a failure ends logins. */
ENTRY int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)pamh, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}

/* A token is changed at the API, not here. */
ENTRY int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)pamh, (void)flags, (void)argc, (void)argv;
    return PAM_IGNORE;
}
