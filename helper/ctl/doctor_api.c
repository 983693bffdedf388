/*
 * doctor: why the API does not answer, each cause with its own cure. The helper says what its last request came to.
 */
#include "check.h"

#include "authd.h"
#include "format.h"
#include "mismatch.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { API_SILENT = 2 };

static const struct cause {
    uint32_t why; /* enum c2m_api_why */
    const char *what, *mend;
} causes[] = {
    {C2M_API_NAME, "cannot resolve the name of the API's host",
        "correct url in [api], or look at nsswitch.conf and resolv.conf"},
    {C2M_API_CONNECTION, "the API refuses connections, or there is no route to it",
        "correct url in [api]; where only a proxy leads out, set proxy"},
    {C2M_API_PROXY, "the proxy cannot be reached, or refuses", "correct proxy in [api], or ask who runs it"},
    {C2M_API_CERTIFICATE, "the API's certificate is not accepted: nobody trusted here has signed it",
        "correct url in [api]; where its authority is one of your own, name it by ca"},
    {C2M_API_CERTIFICATE_NAME, "the API's certificate is not accepted: it is for another host",
        "correct url in [api]: its host must be one that the certificate names"},
    {C2M_API_CERTIFICATE_DATES, "the API's certificate is not accepted: it is over, or not yet valid",
        "look at this host's clock (timedatectl); else who runs the API must renew it"},
    {C2M_API_TLS, "there is no TLS 1.2 or later with the API", "correct url in [api]: is it the right port?"},
    {C2M_API_TIMEOUT, "the API does not answer in time",
        "look at the way to it (DNS, firewall); where only a proxy leads out, set proxy in [api]"},
    {C2M_API_BROKEN, "the API's answer breaks off, or is too large",
        "correct url in [api]; does something stand between that ends connections?"},
};
enum { CAUSES = sizeof causes / sizeof causes[0] };

static const struct cause *cause_of(const struct c2m_status *status)
{
    static const struct cause unknown = {
        C2M_API_WELL, "the API does not answer", "the helper's log names the reason: c2m-authd(8)"};

    for (size_t i = 0; i < CAUSES; i++)
        if (causes[i].why == status->api_why)
            return &causes[i];
    return &unknown;
}

/* As [api] url names it; false: it cannot be read, or says nothing. */
static bool read_host(const struct doctor *doctor, char *out, size_t size)
{
    static const char scheme[] = "https://";
    char url[300];

    if (!authd_value(check_config(doctor), "api", "url", url, sizeof url) ||
        strncmp(url, scheme, sizeof scheme - 1) != 0)
        return false;
    const char *host = url + sizeof scheme - 1;
    size_t length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
    snprintf(out, size, "%.*s", (int)length, host);
    return true;
}

/* With the names, where root asks, who may see them. */
static void read_words(const struct doctor *doctor, const struct cause *cause, char *out, size_t size)
{
    char host[150], names[MISMATCH_SIZE] = "";
    bool known = read_host(doctor, host, sizeof host);

    if (known && cause->why == C2M_API_NAME)
        snprintf(out, size, "cannot resolve %s", host);
    else if (known && cause->why == C2M_API_CERTIFICATE_NAME &&
             mismatch_last(doctor->options, C2M_MISMATCH_CERTIFICATE, names) > 0 && names[0] != '\0')
        snprintf(out, size, "the API's certificate is for %s, not %s", names, host);
    else
        snprintf(out, size, "%s", cause->what);
}

void check_api_answers(struct doctor *doctor, struct reports *reports)
{
    const struct c2m_status *status = &doctor->status;
    char when[FORMAT_SIZE], what[350];
    struct report *report;

    if (status->api_state == API_SILENT) {
        const struct cause *cause = cause_of(status);
        read_words(doctor, cause, what, sizeof what);
        report = report_add(reports, REPORT_FAIL, "%s; last answer: %s", what,
            format_minute(when, status->last_answer, time(NULL)));
        report_mend(report, "%s", cause->mend);
    } else if (status->api_why == C2M_API_NOT_JSON) {
        report = report_add(
            reports, REPORT_FAIL, "what answers is not the API: status %u, and no JSON", status->api_status);
        report_mend(report, "correct url in [api]; or a portal or a firewall answers in its place");
    } else {
        return;
    }
    report_at(report, check_config(doctor), 0);
}
