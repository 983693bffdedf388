#include "ipc/request_log.h"

#include "base/log.h"
#include "token/api.h"

static const char *form_word(enum c2m_credential_form form)
{
    static const char *const words[] = {[C2M_FORM_SHORT] = "short",
        [C2M_FORM_LONG] = "long",
        [C2M_FORM_CODE] = "code",
        [C2M_FORM_SECRET] = "secret",
        [C2M_FORM_STORED] = "stored"};
    return (size_t)form < sizeof words / sizeof words[0] ? words[form] : NULL;
}

/* What is not ours to judge is said only when somebody looks: cron alone would fill the log. */
static enum log_level level_of(const struct outcome *outcome)
{
    switch (outcome->verdict) {
    case C2M_GRANTED:
        return LOG_LEVEL_INFO;
    case C2M_IGNORE:
        return LOG_LEVEL_DEBUG;
    case C2M_UNAVAILABLE:
        return LOG_LEVEL_ERROR;
    default:
        return LOG_LEVEL_NOTICE;
    }
}

/* Each step that took time; prompt_us is the person's. */
static void add_steps(struct log_line *line, const struct outcome *outcome)
{
    static const char *const words[STEP_COUNT] = {[STEP_PROMPT] = "prompt_us",
        [STEP_API] = "api_us",
        [STEP_KEYS] = "keys_us",
        [STEP_COMMIT] = "commit_us",
        [STEP_FLOOR] = "floor_us"};
    for (int step = 0; step < STEP_COUNT; step++)
        if (words[step] && outcome->spent_us[step] > 0)
            log_number(line, words[step], outcome->spent_us[step]);
}

void request_log(const char *event, const struct login_request *request, const struct outcome *outcome,
    int64_t duration_us)
{
    struct log_line line;
    log_begin(&line, event);
    log_text(&line, "ref", outcome->reference);
    log_text(&line, "verdict", outcome_word(outcome->verdict));
    log_text(&line, "reason", reason_word(outcome->reason));
    log_text(&line, "why", api_why_word(outcome->why));
    log_text(&line, "user", request->user);
    log_text(&line, "service", request->service);
    log_text(&line, "rhost", request->rhost);
    log_text(&line, "ruser", request->ruser);
    log_text(&line, "tty", request->tty);
    log_text(&line, "form", form_word(outcome->form));
    log_text(&line, "token", outcome->token_hash);
    log_number(&line, "uid", request->uid);
    log_number(&line, "pid", request->caller.process.pid);
    log_number(&line, "audit",
        request->caller.audit_id == PROCESS_NO_AUDIT_ID ? -1 : (int64_t)request->caller.audit_id);
    log_text(&line, "door", request->root_door ? "pam" : "user");
    log_number(&line, "duration_us", duration_us);
    add_steps(&line, outcome);
    log_send(&line, level_of(outcome));
}
