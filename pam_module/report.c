/*
 * What the module logs. The helper tells why it refused, under the same reference; this line tells that the
 * application heard of it, and what went wrong when no helper answered.
 */
#include "report.h"
#include "verdict.h"

#include "c2m/printable.h"

#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

struct line {
    size_t length;
    char text[1024];
};

static void add(struct line *line, const char *text)
{
    size_t room = sizeof line->text - 1 - line->length;
    size_t length = strlen(text) < room ? strlen(text) : room;

    memcpy(line->text + line->length, text, length);
    line->length += length;
    line->text[line->length] = '\0';
}

/* Filtered, and in quotes when it has a blank or a quote, which is escaped: no value can look like a field. */
static void add_bytes(struct line *line, const char *key, const char *bytes, size_t length)
{
    char value[C2M_PRINTABLE_SIZE];

    if (length == 0)
        return;
    c2m_printable(value, sizeof value, bytes, length);
    const char *quote = value[strcspn(value, " \"=")] == '\0' ? "" : "\"";
    add(line, " ");
    add(line, key);
    add(line, "=");
    add(line, quote);
    for (const char *c = value; *c != '\0'; c++)
        add(line, *c == '"' ? "\\x22" : (const char[2]){*c, '\0'});
    add(line, quote);
}

static void add_text(struct line *line, const char *key, const char *text)
{
    if (text != NULL)
        add_bytes(line, key, text, strlen(text));
}

static void add_number(struct line *line, const char *key, long number)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%ld", number);
    add_text(line, key, digits);
}

static int level_of(const struct call *call)
{
    switch (call->code) {
    case PAM_SUCCESS:
    case PAM_IGNORE:
    case PAM_USER_UNKNOWN:
        return LOG_DEBUG;
    case PAM_AUTHINFO_UNAVAIL:
    case PAM_SESSION_ERR:
    case PAM_SERVICE_ERR:
    case PAM_SYSTEM_ERR:
        return LOG_ERR;
    default:
        return LOG_NOTICE;
    }
}

static const char *event_of(const struct call *call)
{
    switch (call->operation) {
    case C2M_AUTHENTICATE:
        return "event=authenticate";
    case C2M_ACCOUNT:
        return "event=account";
    case C2M_OPEN:
        return "event=open";
    default:
        return "event=close";
    }
}

/* libpam would put the application's own service before the line, byte for byte. */
static void write_line(const struct call *call, int level, const char *text)
{
    const void *item = NULL;
    const char *service = "";

    if (pam_get_item(call->pamh, PAM_SERVICE, &item) == PAM_SUCCESS && item != NULL)
        service = item;
    while (*service > ' ' && *service <= '~')
        service++;
    if (*service == '\0')
        pam_syslog(call->pamh, level, "%s", text);
    else
        syslog(LOG_AUTHPRIV | level, "pam_c2m: %s", text);
}

void report(const struct call *call)
{
    const struct c2m_request *request = &call->request;
    struct line line = {0};

    int level = level_of(call);
    if (level == LOG_DEBUG && !call->arguments.debug)
        return;
    add(&line, event_of(call));
    if (call->verdict.verdict != 0)
        add_text(&line, "verdict", verdict_word(call->verdict.verdict));
    add_bytes(&line, "ref", call->verdict.reference, strnlen(call->verdict.reference, C2M_REFERENCE_SIZE));
    add_text(&line, "reason", call->reason);
    add_text(&line, "argument", call->detail);
    add_text(&line, "error", call->error < 0 ? strerrorname_np(-call->error) : NULL);
    add_bytes(&line, "user", request->user.bytes, request->user.length);
    add_bytes(&line, "service", request->service.bytes, request->service.length);
    add_bytes(&line, "rhost", request->rhost.bytes, request->rhost.length);
    add_number(&line, "pam", call->code);
    write_line(call, level, line.text);
}
