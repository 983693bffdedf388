/*
 * The commands' own words for the helper's numbers; %0 is its first argument.
 */
#include "refusal.h"
#include "output.h"

#include "c2m/printable.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct row {
    uint32_t number; /* of a text, or of a verdict without one */
    int exit_code;
    const char *code;
    const char *message;
};

static const struct row texts[] = {
    {C2M_TEXT_NO_SESSION, EXIT_NOT_YOURS, "no_session",
        "you stand in no C2M session here: log in with a C2M token first (tmux, screen and jobs of another "
        "login do not count)"},
    {C2M_TEXT_NO_DELIVERY, EXIT_CONFIGURATION, "no_delivery",
        "this host delivers no tokens: the administrator has to set scopes= in [delivery] of "
        "/etc/c2m/authd.conf"},
    {C2M_TEXT_SHORT_SESSION, EXIT_NOT_YOURS, "short_session",
        "this session was opened with a short token, which cannot be narrowed: log in with a long-term "
        "token"},
    {C2M_TEXT_NOT_ROOT, EXIT_NOT_YOURS, "not_root", "this is root's to see: use sudo"},
    {C2M_TEXT_SESSION_EXPIRED, EXIT_NOT_YOURS, "session_expired",
        "your session's token has run out: log in again"},
    {C2M_TEXT_API_REFUSED, EXIT_NOT_YOURS, "api_refused", "the C2M API refused to issue a token"},
    {C2M_TEXT_CONTAINER, EXIT_UNAVAILABLE, "container",
        "this process lives in a container of its own: the helper of the host does not serve it"},
    {C2M_TEXT_BUSY, EXIT_RETRY, "busy", "the C2M API's rate limit is reached: try again in %0 s"},
    {C2M_TEXT_NOT_ENROLLED, EXIT_NOT_YOURS, "not_enrolled",
        "no long-term token is kept for it: c2mctl enroll puts one there"},
    {C2M_TEXT_NO_CLIENT, EXIT_CONFIGURATION, "no_client",
        "which client of the API this host is, nobody says: --client ID, or client= in [host] of "
        "/etc/c2m/authd.conf"},
    {C2M_TEXT_NO_HOST_KEY, EXIT_CONFIGURATION, "no_host_key",
        "this host has no key to sign with: key= in [host] of /etc/c2m/authd.conf"},
    {C2M_TEXT_UNMAPPED, EXIT_NOT_YOURS, "unmapped", "that user has no line in /etc/c2m/users"},
    {C2M_TEXT_OTHER_CLIENT, EXIT_NOT_YOURS, "other_client",
        "it is genuine, but of another client of the API than the one meant"},
    {C2M_TEXT_OVERTAKEN, EXIT_RETRY, "overtaken",
        "another enrollment or a removal was faster: c2mctl enroll --list says what is kept now"},
    {C2M_TEXT_NOT_SET_ASIDE, EXIT_NOT_YOURS, "not_set_aside",
        "no state of another machine was set aside: there is nothing to adopt"},
    {C2M_TEXT_NOT_GENUINE, EXIT_NOT_YOURS, "not_genuine",
        "the short-term token that it yields is not accepted here: see the helper's log"},
    {C2M_TEXT_UNSUPPORTED, EXIT_NOT_YOURS, "not_long",
        "that is no long-term token of this API, and was not sent: long_forms= in [login] of "
        "/etc/c2m/authd.conf says how they begin; a code or a secret: --code, --secret"},
    {C2M_TEXT_WAIT, EXIT_RETRY, "wait", "too many attempts: try again in %0 s"},
    {C2M_TEXT_UNREACHABLE, EXIT_UNAVAILABLE, "api_unreachable",
        "the C2M API is unreachable: try again later"},
    {C2M_TEXT_ENDED, EXIT_NOT_YOURS, "ended", "this session is over or its token was revoked: log in again"},
};

static const struct row verdicts[] = {
    {C2M_UNAVAILABLE, EXIT_UNAVAILABLE, "unavailable", "the helper cannot answer now: see its log"},
    {C2M_FORBIDDEN, EXIT_NOT_YOURS, "forbidden", "this is not yours to ask"},
    {C2M_DENIED, EXIT_NOT_YOURS, "denied", "the helper refused"},
    {C2M_ENDED, EXIT_NOT_YOURS, "ended", "this session is over or its token was revoked: log in again"},
    {C2M_EXHAUSTED, EXIT_RETRY, "exhausted", "too many attempts: try again later"},
    {C2M_IGNORE, EXIT_NOT_YOURS, "ignored", "the helper knows nothing of you: log in with a C2M token first"},
};

static const struct row unknown = {0, EXIT_UNAVAILABLE, "protocol",
    "the helper's answer is not understood: is it of another version? start c2m-authd again"};

static const struct row *find(const struct row *rows, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == number)
            return &rows[i];
    return NULL;
}

void refusal_tell(const struct options *options, const char *code, const char *message)
{
    if (options->json)
        output_error(code, message);
    if (!options->quiet)
        fprintf(stderr, "c2mctl: %s\n", message);
}

/* MESSAGE with its argument, and the reference that finds the reason in the helper's log. */
static void compose(char *out, size_t size, const char *message, const struct c2m_verdict *verdict)
{
    char reference[4 * C2M_REFERENCE_SIZE + 1];
    const char *place = strstr(message, "%0");
    int before = place == NULL ? (int)strlen(message) : (int)(place - message);
    char number[16] = "";

    if (place != NULL)
        snprintf(number, sizeof number, "%u", verdict->reason_argument[0]);
    c2m_printable(
        reference, sizeof reference, verdict->reference, strnlen(verdict->reference, C2M_REFERENCE_SIZE));
    snprintf(out, size, "%.*s%s%s%s%s%s", before, message, number, place == NULL ? "" : place + 2,
        reference[0] == '\0' ? "" : " (ref ", reference, reference[0] == '\0' ? "" : ")");
}

int refusal_verdict(const struct options *options, const struct c2m_verdict *verdict)
{
    char message[512];

    const struct row *row = find(texts, sizeof texts / sizeof texts[0], verdict->reason);
    if (row == NULL)
        row = find(verdicts, sizeof verdicts / sizeof verdicts[0], verdict->verdict);
    if (row == NULL)
        row = &unknown;
    compose(message, sizeof message, row->message, verdict);
    refusal_tell(options, row->code, message);
    return row->exit_code;
}

static const struct {
    int error;
    const char *code, *what, *cure;
} outages[] = {
    {-ENOENT, "no_helper", "no helper at", "start c2m-authd: c2m-authd(8)"},
    {-ECONNREFUSED, "no_helper", "no helper answers at", "start c2m-authd: c2m-authd(8)"},
    {-EAGAIN, "helper_busy", "too many wait at", "try again"},
    {-ETIMEDOUT, "helper_silent", "in time, nothing came from", "start c2m-authd again: c2m-authd(8)"},
    {-EPERM, "helper_not_root", "it is not root who listens at",
        "remove that socket and find out whose it is"},
    {-EACCES, "no_access", "no access to", "/run/c2m and its sockets belong to c2m-authd.socket: restart it"},
    {-ECONNRESET, "helper_gone", "the helper hung up at", "journalctl -u c2m-authd"},
    {-EPIPE, "helper_gone", "the helper hung up at", "journalctl -u c2m-authd"},
    {-EPROTO, "protocol", "of another version is the helper at", "start c2m-authd again: c2m-authd(8)"},
};

void refusal_helper(const struct options *options, const char *socket, int error)
{
    char path[C2M_PRINTABLE_SIZE];
    char message[C2M_PRINTABLE_SIZE + 160];
    const char *code = "helper_error", *what = strerrordesc_np(-error), *cure = "see errno(3)";

    for (size_t i = 0; i < sizeof outages / sizeof outages[0]; i++) {
        if (outages[i].error != error)
            continue;
        code = outages[i].code;
        what = outages[i].what;
        cure = outages[i].cure;
    }
    c2m_printable(path, sizeof path, options->runtime_dir, strlen(options->runtime_dir));
    snprintf(message, sizeof message, "%s %s/%s: %s", what, path, socket, cure);
    refusal_tell(options, code, message);
}
