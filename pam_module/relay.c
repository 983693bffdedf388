/*
 * A loop over the helper's messages. Every way out but a verdict is an outage or a refusal: relay_run() starts
 * pessimistic, and only verdict_code() can make a success of it.
 */
#include "relay.h"
#include "conversation.h"
#include "prompt.h"
#include "texts.h"
#include "verdict.h"

#include "c2m/client.h"
#include "c2m/deadline.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum {
    ANSWER_MARGIN_MS = 200, /* the helper keeps the same deadline, and its UNAVAILABLE shall arrive */
    RESTART_PROBE_MS = 50, /* between looks for a helper that is starting */
    GO_ON = 0,
    DECIDED = 1,
};

struct relay {
    struct call *call;
    struct c2m_client client;
    struct c2m_deadline deadline; /* of the next message */
    struct c2m_answer answer; /* what was typed last */
    unsigned answers; /* sent on this connection */
    unsigned prompts; /* seen in this call */
    bool restarted; /* it was lost once already */
    bool carrying; /* the next prompt was answered before the restart */
};

union body {
    struct c2m_prompt prompt;
    struct c2m_verdict verdict;
};

static void relay_end(struct relay *relay)
{
    c2m_disconnect(&relay->client);
    explicit_bzero(&relay->answer, sizeof relay->answer);
}

static int decide(struct relay *relay, int code, const char *reason)
{
    relay->call->code = code;
    relay->call->reason = reason;
    return DECIDED;
}

static int begin(struct relay *relay)
{
    const struct call *call = relay->call;
    struct c2m_request request = call->request;
    const char *socket = geteuid() == 0 ? C2M_PAM_SOCKET : C2M_USER_SOCKET;

    if (relay->carrying)
        request.flags |= C2M_CARRIED;
    relay->answers = 0;
    int rc =
        c2m_connect(&relay->client, call->arguments.runtime_dir, socket, c2m_deadline_left(relay->deadline));
    if (rc < 0)
        return rc;
    return c2m_send(
        &relay->client, call->operation, &request, sizeof request, c2m_deadline_left(relay->deadline));
}

static int ask(struct relay *relay, const char *text)
{
    switch (conversation_ask(relay->call->conversation, text, &relay->answer.typed)) {
    case CONVERSATION_ANSWERED:
        return GO_ON;
    case CONVERSATION_FAKE:
        return decide(relay, PAM_AUTH_ERR, "fake_answer");
    case CONVERSATION_TOO_LONG:
        return decide(relay, PAM_AUTH_ERR, "too_long");
    default:
        return decide(relay, PAM_CONV_ERR, "conversation");
    }
}

static int on_prompt(struct relay *relay, const struct c2m_prompt *prompt)
{
    char text[PROMPT_SIZE];

    if ((relay->call->request.flags & C2M_CAN_ASK) == 0 || relay->prompts >= PROMPTS_MAX)
        return -EPROTO;
    if (!prompt_text(text, prompt))
        return -EPROTO;
    if (!relay->carrying) {
        relay->prompts++;
        int rc = ask(relay, text);
        if (rc != GO_ON)
            return rc;
    }
    relay->carrying = false;
    relay->answers++; /* before it is sent: a helper that is lost here may have read it */
    relay->deadline = c2m_deadline_in(C2M_DEADLINE_MS + ANSWER_MARGIN_MS);
    return c2m_send(
        &relay->client, C2M_ANSWER, &relay->answer, sizeof relay->answer, c2m_deadline_left(relay->deadline));
}

static void tell(const struct call *call, const struct c2m_verdict *verdict)
{
    char text[TEXT_SIZE];
    bool heard = call->operation == C2M_AUTHENTICATE || call->operation == C2M_ACCOUNT;

    if (heard && !call->silent &&
        text_write(text, TEXT_REASON, verdict->reason, verdict->reason_argument, verdict->reference))
        conversation_say(call->conversation, text);
}

static int on_verdict(struct relay *relay, const struct c2m_verdict *verdict)
{
    struct call *call = relay->call;
    int code = verdict_code(verdict, call->operation, relay->answers, call->reuse);

    if (verdict->operation != call->operation)
        return -EPROTO;
    call->verdict = *verdict;
    if (verdict->verdict != C2M_GRANTED)
        tell(call, verdict);
    if (call->nobody && (code == PAM_SUCCESS || code == PAM_IGNORE))
        return decide(relay, PAM_USER_UNKNOWN, "unknown_user");
    return decide(relay, code, verdict->verdict == C2M_GRANTED && code != PAM_SUCCESS ? "no_prompt" : NULL);
}

/* One message of the helper: GO_ON, DECIDED, or a negative errno. */
static int step(struct relay *relay)
{
    union body body;
    uint16_t operation;
    size_t length;

    int rc = c2m_receive(
        &relay->client, &operation, &body, sizeof body, &length, c2m_deadline_left(relay->deadline));
    if (rc < 0)
        return rc;
    if (operation == C2M_PROMPT && relay->call->operation == C2M_AUTHENTICATE)
        return on_prompt(relay, &body.prompt);
    if (operation == C2M_VERDICT)
        return on_verdict(relay, &body.verdict);
    return -EPROTO;
}

/* Only the answer to the first prompt: a later part means nothing to a helper that forgot the others. */
static bool may_carry(const struct relay *relay, int rc)
{
    return (rc == -EPIPE || rc == -ECONNRESET) && relay->prompts == 1 && relay->answers == 1 &&
           !relay->restarted;
}

/* Asks the new helper the same again; its socket may be missing for a moment. */
static int carry(struct relay *relay)
{
    relay->restarted = true;
    relay->carrying = true;
    relay->deadline = c2m_deadline_in(C2M_FIRST_ANSWER_MS);
    for (;;) {
        c2m_disconnect(&relay->client);
        int rc = begin(relay);
        bool starting = rc == -ENOENT || rc == -ECONNREFUSED || rc == -EPIPE || rc == -ECONNRESET;
        if (!starting || c2m_deadline_left(relay->deadline) <= RESTART_PROBE_MS)
            return rc;
        poll(NULL, 0, RESTART_PROBE_MS);
    }
}

static const char *outage_of(int error)
{
    switch (error) {
    case -ENOENT:
    case -ECONNREFUSED:
        return "helper_absent";
    case -EAGAIN:
        return "helper_full";
    case -ETIMEDOUT:
        return "helper_silent";
    case -EPIPE:
    case -ECONNRESET:
        return "helper_gone";
    case -EPERM:
        return "helper_not_root";
    case -EPROTO:
        return "protocol";
    default:
        return "helper_error";
    }
}

/* Somebody who was asked hears that nothing came of it; others are none of our users, perhaps. */
static void tell_outage(const struct relay *relay)
{
    static const struct c2m_verdict unreachable = {.reason = C2M_TEXT_UNREACHABLE};

    if (relay->prompts > 0)
        tell(relay->call, &unreachable);
}

void relay_run(struct call *call)
{
    struct relay relay __attribute__((cleanup(relay_end))) = {.call = call, .client = C2M_CLIENT_CLOSED};

    call->code = verdict_outage(call->operation);
    relay.deadline = c2m_deadline_in(C2M_FIRST_ANSWER_MS);
    int rc = begin(&relay);
    while (rc == GO_ON) {
        rc = step(&relay);
        if (may_carry(&relay, rc))
            rc = carry(&relay);
    }
    if (rc == DECIDED)
        return;
    call->error = rc;
    call->code = verdict_outage(call->operation);
    call->reason = outage_of(rc);
    tell_outage(&relay);
}
