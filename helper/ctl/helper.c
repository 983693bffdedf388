/*
 * The talk with the helper's socket. Whoever reads "no such file" does not know what to do: so each failure
 * says it.
 */
#include "helper.h"
#include "output.h"
#include "refusal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *socket_name(void)
{
    return geteuid() == 0 ? C2M_PAM_SOCKET : C2M_USER_SOCKET;
}

int helper_failed(const struct helper *helper, int error)
{
    refusal_helper(helper->options, socket_name(), error);
    return error == -EAGAIN ? EXIT_RETRY : EXIT_UNAVAILABLE;
}

int helper_ask(struct helper *helper, const struct options *options, uint16_t operation, const void *body,
    size_t length, int timeout_ms)
{
    int bound = options->timeout_ms > 0 ? options->timeout_ms : timeout_ms;

    *helper =
        (struct helper){.client = C2M_CLIENT_CLOSED, .options = options, .deadline = c2m_deadline_in(bound)};
    int rc = c2m_connect(&helper->client, options->runtime_dir, socket_name(), bound);
    if (rc == 0)
        rc = c2m_send(&helper->client, operation, body, length, c2m_deadline_left(helper->deadline));
    return rc < 0 ? helper_failed(helper, rc) : EXIT_OK;
}

int helper_next(struct helper *helper, uint16_t wanted, void *body, size_t size, bool *more)
{
    union {
        struct c2m_verdict verdict;
        char bytes[sizeof(struct c2m_token)];
    } answer;
    uint16_t operation;
    size_t length;

    *more = false;
    int rc = c2m_receive(
        &helper->client, &operation, &answer, sizeof answer, &length, c2m_deadline_left(helper->deadline));
    if (rc < 0)
        return helper_failed(helper, rc);
    if (operation == C2M_END)
        return EXIT_OK;
    if (operation == C2M_VERDICT)
        return refusal_verdict(helper->options, &answer.verdict);
    if (operation != wanted || length != size)
        return helper_failed(helper, -EPROTO);
    memcpy(body, &answer, size);
    explicit_bzero(&answer, sizeof answer);
    *more = true;
    return EXIT_OK;
}

int helper_granted(struct helper *helper, struct c2m_verdict *verdict)
{
    uint16_t operation;
    size_t length;

    int rc = c2m_receive(
        &helper->client, &operation, verdict, sizeof *verdict, &length, c2m_deadline_left(helper->deadline));
    if (rc < 0)
        return helper_failed(helper, rc);
    if (operation != C2M_VERDICT || length != sizeof *verdict)
        return helper_failed(helper, -EPROTO);
    return verdict->verdict == C2M_GRANTED ? EXIT_OK : refusal_verdict(helper->options, verdict);
}

int helper_verdict(struct helper *helper)
{
    struct c2m_verdict verdict;
    return helper_granted(helper, &verdict);
}

int helper_order(
    const struct options *options, uint16_t operation, const void *body, size_t length, const char *message)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};

    int code = helper_ask(&helper, options, operation, body, length, C2M_FIRST_ANSWER_MS);
    if (code == EXIT_OK)
        code = helper_verdict(&helper);
    if (code != EXIT_OK)
        return code;
    if (options->json) {
        struct output *output __attribute__((cleanup(output_drop))) = output_new();
        output_bool(output, "ok", true);
        output_print(output);
    } else if (!options->quiet) {
        puts(message);
    }
    return EXIT_OK;
}

int helper_confused(const struct helper *helper)
{
    return helper_failed(helper, -EPROTO);
}

void helper_end(struct helper *helper)
{
    c2m_disconnect(&helper->client);
}
