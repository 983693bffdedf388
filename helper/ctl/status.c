/*
 * c2mctl status: is the helper up, does the API answer, what is open, what still waits to be revoked.
 */
#include "commands.h"
#include "format.h"
#include "helper.h"
#include "output.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum api_state { API_NOT_ASKED = 0, API_ANSWERS = 1, API_SILENT = 2 };

static void print_json(const struct c2m_status *status)
{
    struct output *output = output_new();

    output_bool(output, "ok", status->api_state != API_SILENT);
    output_text(output, "version", status->helper_version.bytes, status->helper_version.length);
    output_time(output, "started", status->started);
    struct output *api = output_object(output, "api");
    if (status->api_state == API_NOT_ASKED)
        output_null(api, "reachable");
    else
        output_bool(api, "reachable", status->api_state == API_ANSWERS);
    if (status->last_answer == 0)
        output_null(api, "rtt_ms");
    else
        output_number(api, "rtt_ms", (status->api_rtt_us + 500) / 1000);
    output_time(api, "last_answer", status->last_answer);
    output_number(api, "requests", (int64_t)status->requests_sent);
    output_number(output, "sessions", status->sessions);
    output_number(output, "pending_logins", status->pending_logins);
    struct output *revocations = output_object(output, "revocations");
    output_number(revocations, "pending", status->revocations_pending);
    output_number(revocations, "unrevocable", status->revocations_unrevocable);
    output_print(output);
    output_free(output);
}

static void print_api(const struct c2m_status *status, int64_t now)
{
    char when[FORMAT_SIZE];

    if (status->api_state == API_NOT_ASKED)
        printf("API not asked yet");
    else if (status->api_state == API_ANSWERS)
        printf("API reachable %u ms", (status->api_rtt_us + 500) / 1000);
    else
        printf("API unreachable, last answer %s", format_minute(when, status->last_answer, now));
}

static const char *plural(uint32_t count)
{
    return count == 1 ? "" : "s";
}

static void print_line(const struct c2m_status *status)
{
    struct format_text version;
    char up[FORMAT_SIZE];
    int64_t now = time(NULL);

    printf("c2m-authd %s up %s · ",
        format_bytes(&version, status->helper_version.bytes, status->helper_version.length),
        format_span(up, now - status->started));
    print_api(status, now);
    printf(" · %u session%s", status->sessions, plural(status->sessions));
    if (status->pending_logins > 0)
        printf(" · %u login%s pending", status->pending_logins, plural(status->pending_logins));
    printf(" · %u revocation%s pending", status->revocations_pending, plural(status->revocations_pending));
    if (status->revocations_unrevocable > 0)
        printf(" · %u unrevocable", status->revocations_unrevocable);
    printf("\n");
}

static bool is_sound(const struct c2m_status *status)
{
    return c2m_text_ok(status->helper_version.length, status->helper_version.bytes, C2M_NAME_MAX);
}

int command_status(const struct options *options)
{
    struct helper helper __attribute__((cleanup(helper_end)));
    struct c2m_status status;
    bool more = false;

    int code = helper_ask(&helper, options, C2M_STATUS, NULL, 0, C2M_FIRST_ANSWER_MS);
    if (code == EXIT_OK)
        code = helper_next(&helper, C2M_STATUS_IS, &status, sizeof status, &more);
    if (code != EXIT_OK)
        return code;
    if (!more || !is_sound(&status))
        return helper_confused(&helper);
    if (options->json)
        print_json(&status);
    else if (!options->quiet)
        print_line(&status);
    return status.api_state == API_SILENT ? EXIT_UNAVAILABLE : EXIT_OK;
}
