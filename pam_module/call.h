/*
 * One call of an entry point: what the application and root's line say, and what came of it. Nothing outlives it.
 */
#ifndef CALL_H
#define CALL_H

#include "arguments.h"

#include "c2m/wire.h"

#include <security/pam_appl.h>

struct call {
    pam_handle_t *pamh;
    uint16_t operation; /* C2M_AUTHENTICATE, C2M_ACCOUNT, C2M_OPEN, C2M_CLOSE */
    struct arguments arguments;
    const struct pam_conv *conversation; /* NULL: nobody can be asked or told */
    bool silent; /* no messages beside the prompt */
    bool reuse; /* presence without a prompt counts: root's line, and the service is sudo's */
    bool
        nobody; /* there is no such user: the helper may refuse him as it does others, but nothing lets him in */
    struct c2m_request request;
    struct c2m_verdict verdict; /* zeros when there was none */
    const char *reason; /* a word for the log where the module itself decided, or NULL */
    const char *detail; /* the argument that is wrong, or NULL */
    int error; /* a negative errno, or 0 */
    int code; /* the PAM code; a failure until something better is proved */
};

/*
 * Sets the call up. False: it is decided already (wrong arguments, a user who is unknown or left alone) and the
 * helper is not asked. A session's opening and closing are always told to the helper: sudo's PAM_USER is root
 * by then, and a name service that is down must not keep a session alive.
 */
bool call_begin(
    struct call *call, pam_handle_t *pamh, uint16_t operation, int flags, int argc, const char **argv);

/* Logs the outcome and returns its PAM code. */
int call_end(const struct call *call);

#endif
