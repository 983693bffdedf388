/*
 * c2mctl auth-test: a login of a user, as a PAM service would ask for it, step by step. No session is opened; what was
 * obtained for it is given back at once.
 */
#include "commands.h"
#include "format.h"
#include "helper.h"
#include "output.h"
#include "refusal.h"
#include "story.h"
#include "typed.h"

#include "pam_module/prompt.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { UID_MIN_OF_USERS = 1000 }; /* pam_c2m's min_uid, unless its line says otherwise */

struct auth_test {
    const struct options *options;
    struct c2m_request request;
    struct c2m_verdict verdict, account; /* account.operation 0: not asked */
    unsigned prompts;
    bool ended; /* what was granted was given back */
};

static const struct {
    uint32_t verdict;
    int exit_code;
    const char *word;
} verdicts[] = {
    {C2M_GRANTED, EXIT_OK, "granted"},
    {C2M_DENIED, EXIT_NOT_YOURS, "denied"},
    {C2M_FORBIDDEN, EXIT_NOT_YOURS, "forbidden"},
    {C2M_EXHAUSTED, EXIT_RETRY, "exhausted"},
    {C2M_ENDED, EXIT_NOT_YOURS, "ended"},
    {C2M_UNAVAILABLE, EXIT_UNAVAILABLE, "unavailable"},
    {C2M_IGNORE, EXIT_NOT_YOURS, "ignore"},
};

static size_t row_of(const struct c2m_verdict *verdict)
{
    size_t row = sizeof verdicts / sizeof verdicts[0] - 1;

    while (row > 0 && verdicts[row].verdict != verdict->verdict)
        row--;
    return verdicts[row].verdict == verdict->verdict ? row : 1; /* an unknown one is no grant */
}

static void step(const struct auth_test *test, const char *name, const char *what)
{
    if (!test->options->json && !test->options->quiet)
        printf("%-9s %s\n", name, what);
}

static int prepare(struct auth_test *test)
{
    const struct options *options = test->options;
    const char *user = options->word_count > 0 ? options->words[0] : NULL;
    const char *service = options->service == NULL ? "sshd" : options->service;
    const struct passwd *account = user == NULL ? NULL : getpwnam(user);
    char what[200];

    if (geteuid() != 0) {
        refusal_tell(options, "not_root", "this is root's to do: use sudo");
        return EXIT_NOT_YOURS;
    }
    if (account == NULL) {
        refusal_tell(options, "usage",
            user == NULL ? "auth-test takes a user's name"
                         : "there is no such user on this machine: getent passwd");
        return EXIT_USAGE;
    }
    test->request =
        (struct c2m_request){.flags = C2M_CAN_ASK, .uid = account->pw_uid, .deadline_ms = C2M_DEADLINE_MS};
    if (c2m_text_set(&test->request.user.length, test->request.user.bytes, C2M_NAME_MAX, user) < 0 ||
        c2m_text_set(&test->request.service.length, test->request.service.bytes, C2M_NAME_MAX, service) < 0) {
        refusal_tell(options, "usage", "that name is too long");
        return EXIT_USAGE;
    }
    struct format_text name, at;
    snprintf(what, sizeof what, "%.60s (uid %u) at %.60s%s", format_bytes(&name, user, strlen(user)),
        account->pw_uid, format_bytes(&at, service, strlen(service)),
        account->pw_uid < UID_MIN_OF_USERS ? "; pam_c2m leaves that user alone (min_uid)" : "");
    step(test, "login", what);
    return EXIT_OK;
}

/* Answers it with what somebody types. */
static int on_prompt(struct auth_test *test, struct helper *helper, const struct c2m_prompt *prompt)
{
    struct c2m_answer answer = {.typed = {.length = 0}};
    char text[PROMPT_SIZE];

    if (test->prompts++ >= PROMPTS_MAX || !prompt_text(text, prompt))
        return helper_confused(helper);
    if (!isatty(STDIN_FILENO))
        step(test, "asked", text);
    int code = typed_read(test->options, text, &answer.typed);
    if (code == EXIT_OK) {
        helper->deadline = c2m_deadline_in(C2M_DEADLINE_MS);
        int rc = c2m_send(
            &helper->client, C2M_ANSWER, &answer, sizeof answer, c2m_deadline_left(helper->deadline));
        code = rc < 0 ? helper_failed(helper, rc) : EXIT_OK;
    }
    explicit_bzero(&answer, sizeof answer);
    return code;
}

/* The questions and the verdict of OPERATION. */
static int ask(struct auth_test *test, uint16_t operation, struct c2m_verdict *verdict)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};
    union {
        struct c2m_prompt prompt;
        struct c2m_verdict verdict;
    } answer;
    uint16_t what = 0;
    size_t length;

    int code = helper_ask(
        &helper, test->options, operation, &test->request, sizeof test->request, C2M_FIRST_ANSWER_MS);
    while (code == EXIT_OK) {
        int rc = c2m_receive(
            &helper.client, &what, &answer, sizeof answer, &length, c2m_deadline_left(helper.deadline));
        if (rc < 0)
            return helper_failed(&helper, rc);
        if (what == C2M_VERDICT && answer.verdict.operation == operation) {
            *verdict = answer.verdict;
            return EXIT_OK;
        }
        code = what == C2M_PROMPT && operation == C2M_AUTHENTICATE ? on_prompt(test, &helper, &answer.prompt)
                                                                   : helper_confused(&helper);
    }
    return code;
}

static void tell_verdict(const struct auth_test *test, const char *name, const struct c2m_verdict *verdict)
{
    char text[TEXT_SIZE];

    step(test, name, verdicts[row_of(verdict)].word);
    if (verdict->reason != C2M_TEXT_NONE &&
        text_write(text, TEXT_REASON, verdict->reason, verdict->reason_argument, verdict->reference))
        step(test, "is told", text);
}

/* What was granted to nobody is over now, and not in two minutes. */
static int give_back(struct auth_test *test)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};
    struct c2m_session_end body;

    memcpy(body.reference, test->verdict.reference, sizeof body.reference);
    int code = helper_ask(&helper, test->options, C2M_SESSION_END, &body, sizeof body, C2M_FIRST_ANSWER_MS);
    if (code == EXIT_OK)
        code = helper_verdict(&helper);
    test->ended = code == EXIT_OK;
    if (test->ended)
        step(test, "end", "no session is opened; the tokens of this login are denied here and being revoked");
    return code;
}

static int try(struct auth_test *test)
{
    int code = ask(test, C2M_AUTHENTICATE, &test->verdict);

    if (code != EXIT_OK)
        return code;
    tell_verdict(test, "verdict", &test->verdict);
    if (test->verdict.verdict != C2M_GRANTED)
        return EXIT_OK;
    code = ask(test, C2M_ACCOUNT, &test->account);
    if (code == EXIT_OK)
        tell_verdict(test, "account", &test->account);
    int ended = give_back(test);
    return code == EXIT_OK ? ended : code;
}

static int outcome(const struct auth_test *test)
{
    bool asked = test->account.operation != 0;
    int code = verdicts[row_of(&test->verdict)].exit_code;

    /* To ignore at account is to leave it to the stack's other lines. */
    if (code == EXIT_OK && asked && test->account.verdict != C2M_IGNORE)
        code = verdicts[row_of(&test->account)].exit_code;
    return code;
}

static void tell_json(const struct auth_test *test, const struct story *story)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();

    output_bool(output, "ok", outcome(test) == EXIT_OK);
    output_text(output, "user", test->request.user.bytes, test->request.user.length);
    output_text(output, "service", test->request.service.bytes, test->request.service.length);
    output_number(output, "prompts", test->prompts);
    output_word(output, "verdict", verdicts[row_of(&test->verdict)].word);
    output_word(
        output, "account", test->account.operation == 0 ? NULL : verdicts[row_of(&test->account)].word);
    output_bool(output, "ended", test->ended);
    if (story_known(story))
        story_json(story, output_object(output, "story"));
    output_print(output);
}

int command_auth_test(const struct options *options)
{
    struct auth_test test = {.options = options};
    struct story story __attribute__((cleanup(story_free))) = {.reference = ""};

    prctl(PR_SET_DUMPABLE, 0); /* no core with the token in it */
    int code = prepare(&test);
    if (code == EXIT_OK)
        code = try(&test);
    if (code == EXIT_OK && test.verdict.reference[0] != '\0') {
        memcpy(story.reference, test.verdict.reference, C2M_REFERENCE_SIZE);
        code = story_fetch(options, &story);
    }
    if (code != EXIT_OK)
        return code;
    if (options->json)
        tell_json(&test, &story);
    else if (!options->quiet && story_known(&story))
        story_print(&story);
    return outcome(&test);
}
