/*
 * doctor: the helper, by what it says of itself (c2mctl status), and the door that it is to be found behind.
 */
#include "check.h"
#include "doctor_module.h"
#include "doctor_units.h"
#include "listing.h"
#include "format.h"

#include "c2m/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define UNITS "c2m-authd.socket c2m-authd-user.socket"

static void mend_start(struct report *report, const char *verb)
{
    if (doctor_units_exist()) {
        report_mend(report, "systemctl %s " UNITS, verb);
        report_fix(report, "systemctl %s " UNITS, verb);
    } else {
        report_mend(report, "start /usr/libexec/c2m/c2m-authd as root: c2m-authd(8)");
    }
}

void check_helper_directory(struct doctor *doctor, struct reports *reports)
{
    const char *dir = doctor->options->runtime_dir;
    struct stat status;

    if (stat(dir, &status) < 0) { /* helper.answers says what is wrong */
        report_add(reports, REPORT_SKIP, "whose %s is: %s", dir, strerrordesc_np(errno));
        return;
    }
    if (status.st_uid == 0 && (status.st_mode & 0777) == 0755)
        return;
    struct report *report =
        report_add(reports, REPORT_FAIL, "the sockets' folder must be root's, 0755: it is uid %u's, %04o",
            status.st_uid, status.st_mode & 07777);
    report_mend(report, "chown root:root %s && chmod 0755 %s", dir, dir);
    report_fix(report, "chown root:root %s && chmod 0755 %s", dir, dir);
    report_at(report, dir, 0);
}

static int ask_status(struct doctor *doctor)
{
    const struct options *options = doctor->options;
    const char *name = geteuid() == 0 ? C2M_PAM_SOCKET : C2M_USER_SOCKET;
    int bound = options->timeout_ms > 0 ? options->timeout_ms : C2M_FIRST_ANSWER_MS;
    struct c2m_client client = C2M_CLIENT_CLOSED;
    uint16_t operation = 0;
    size_t length = 0;

    int rc = c2m_connect(&client, options->runtime_dir, name, bound);
    if (rc == 0)
        rc = c2m_send(&client, C2M_STATUS, NULL, 0, bound);
    if (rc == 0)
        rc = c2m_receive(&client, &operation, &doctor->status, sizeof doctor->status, &length, bound);
    c2m_disconnect(&client);
    if (rc == 0 && (operation != C2M_STATUS_IS || length != sizeof doctor->status ||
                       !c2m_text_ok(doctor->status.helper_version.length, doctor->status.helper_version.bytes,
                           C2M_NAME_MAX)))
        rc = -EPROTO;
    return rc;
}

void check_helper_answers(struct doctor *doctor, struct reports *reports)
{
    static const struct {
        int error;
        const char *what;
    } words[] = {{-ENOENT, "the helper does not run: there is no socket"},
        {-ECONNREFUSED, "the helper does not run: nobody listens"},
        {-ETIMEDOUT, "the helper does not answer in time"}, {-ECONNRESET, "the helper hangs up"},
        {-EPIPE, "the helper hangs up"}, {-EAGAIN, "too many wait for the helper"},
        {-EPERM, "it is not root who listens at the helper's socket"},
        {-EPROTO, "the helper is of another version: it is not understood"}};
    int rc = ask_status(doctor);
    bool closed = rc == -ENOENT || rc == -ECONNREFUSED;
    const char *what = strerrordesc_np(-rc);

    if (rc == 0 || (rc != -EPERM && doctor_units_explain(reports)))
        return;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].error == rc)
            what = words[i].what;
    struct report *report = report_add(reports, REPORT_FAIL, "%s", what);
    if (rc == -EPERM)
        report_mend(report, "find out whose it is, and remove it");
    else
        mend_start(report, closed && !doctor_units_listen() ? "enable --now" : "restart");
    report_at(report, doctor->options->runtime_dir, 0);
}

/* True when it is known to be of c2mctl's version; that it is missing is what module.file says. */
static bool module_agrees(struct reports *reports)
{
    char path[300], version[C2M_NAME_MAX + 1];
    struct format_text shown;
    int rc = doctor_module_path(path, sizeof path) ? doctor_module_version(path, version, sizeof version)
                                                   : -ENOENT;
    struct report *report;

    if (rc == 0 && strcmp(version, C2M_HELPER_VERSION) == 0)
        return true;
    if (rc == -ENOENT)
        return false;
    if (rc == 0)
        report = report_add(reports, REPORT_WARN, "pam_c2m.so is %s, c2mctl is " C2M_HELPER_VERSION,
            format_bytes(&shown, version, strlen(version)));
    else if (rc == -ENODATA)
        report = report_add(reports, REPORT_WARN,
            "pam_c2m.so does not say its version: it is not of c2mctl " C2M_HELPER_VERSION);
    else
        report = report_add(reports, REPORT_SKIP, "the version of pam_c2m.so: %s", strerrordesc_np(-rc));
    if (report->status != REPORT_SKIP)
        doctor_module_mend(report);
    report_at(report, path, 0);
    return false;
}

void check_helper_version(struct doctor *doctor, struct reports *reports)
{
    const struct c2m_name *version = &doctor->status.helper_version;
    const char *ours = module_agrees(reports) ? "c2mctl and module are" : "c2mctl is";
    struct format_text shown;

    if (version->length == strlen(C2M_HELPER_VERSION) &&
        memcmp(version->bytes, C2M_HELPER_VERSION, version->length) == 0)
        return;
    struct report *report = report_add(reports, REPORT_WARN, "%s " C2M_HELPER_VERSION ", the helper is %s",
        ours, format_bytes(&shown, version->bytes, version->length));
    report_mend(report, doctor_units_exist() ? "systemctl restart c2m-authd" : "start the helper again");
    if (doctor_units_exist())
        report_fix(report, "systemctl restart c2m-authd");
}

/* "runtime_dir=DIR" of a line, or NULL. */
static const char *runtime_dir_of(const struct stack_line *line, char *out, size_t size)
{
    const char *found = strstr(line->arguments, "runtime_dir=");

    if (found == NULL)
        return NULL;
    found += strlen("runtime_dir=");
    snprintf(out, size, "%.*s", (int)strcspn(found, " \t]"), found);
    return out;
}

void check_helper_socket(struct doctor *doctor, struct reports *reports)
{
    const char *dir = doctor->options->runtime_dir;
    char said[120];

    for (size_t s = 0; s < doctor->service_count; s++)
        for (size_t i = 0; i < doctor->services[s].stack.count; i++) {
            const struct stack_line *line = &doctor->services[s].stack.lines[i];
            if (!stack_line_is(line, "pam_c2m.so"))
                continue;
            const char *here = runtime_dir_of(line, said, sizeof said);
            if (strcmp(here == NULL ? C2M_RUNTIME_DIR : here, dir) == 0)
                continue;
            struct report *report =
                report_add(reports, REPORT_FAIL, "%s: pam_c2m looks for the helper in %s, it is in %s",
                    doctor->services[s].name, here == NULL ? C2M_RUNTIME_DIR : here, dir);
            report_mend(report, here == NULL ? "add runtime_dir=%s" : "set runtime_dir=%s", dir);
            report_at(report, line->file, line->number);
        }
}

/* The oldest that still waits; 0: none does. Negative errno when it cannot be told. */
static void see_pending(void *data, const void *item)
{
    const struct c2m_revocation *revocation = item;
    int64_t *oldest = data;

    if (revocation->state == C2M_REVOCATION_PENDING && (*oldest == 0 || revocation->asked < *oldest))
        *oldest = revocation->asked;
}

void check_revocations(struct doctor *doctor, struct reports *reports)
{
    enum { PATIENCE = 600 };
    char span[FORMAT_SIZE];

    if (doctor->status.revocations_pending == 0 || !check_as_root(reports, "how long revocations wait"))
        return;
    const struct listing revocations = {
        C2M_REVOCATIONS, NULL, 0, C2M_REVOCATION_IS, sizeof(struct c2m_revocation)};
    int64_t oldest = 0;
    int rc = listing_each_quietly(doctor->options, &revocations, see_pending, &oldest);
    if (rc < 0) {
        report_add(reports, REPORT_SKIP, "how long revocations wait: %s", strerrordesc_np(-rc));
        return;
    }
    if (oldest == 0 || time(NULL) - oldest < PATIENCE)
        return;
    struct report *report = report_add(reports, REPORT_WARN, "%u revocations wait, the oldest for %s",
        doctor->status.revocations_pending, format_span(span, time(NULL) - oldest));
    report_mend(report, "c2mctl revocations --pending says why");
}
