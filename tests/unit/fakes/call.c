#include "fakes/call.h"

#include <stdio.h>
#include <string.h>

struct pam_handle pamh;
struct fake_helper helper;
int call_haste;
static uint16_t asked_operation;

struct c2m_deadline __real_c2m_deadline_in(int ms);
struct c2m_deadline __wrap_c2m_deadline_in(int ms);

struct c2m_deadline __wrap_c2m_deadline_in(int ms)
{
    bool settled = ms == C2M_FIRST_ANSWER_MS || ms == C2M_DEADLINE_MS + 200;
    return __real_c2m_deadline_in(settled ? ms / call_haste : ms);
}

int call_reset(void **state)
{
    (void)state;
    pamh = (struct pam_handle){
        .user = "alice", .service = "sshd", .rhost = "192.0.2.7", .tty = "ssh", .answers = {"eyJ.a.b"}};
    helper = (struct fake_helper){.gap_ms = 0};
    call_haste = 20;
    fake_listener = 0;
    fake_euid = 0;
    fake_account = NULL;
    fake_name_service_error = 0;
    return 0;
}

int call_with(entry_point *entry, const char *arguments, int flags, fake_service *const *services)
{
    char words[256];
    const char *argv[16];
    char directory[96];
    char *rest = words;
    int argc = 0;

    fake_start(&helper, fake_euid == 0 ? C2M_PAM_SOCKET : C2M_USER_SOCKET, services);
    fake_conversation(&pamh);
    snprintf(words, sizeof words, "%s", arguments);
    for (char *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " "))
        if (word[0] != '\0')
            argv[argc++] = word;
    snprintf(directory, sizeof directory, "runtime_dir=%s", helper.directory);
    argv[argc++] = directory;
    int code = entry(&pamh, flags, argc, argv);
    fake_stop(&helper);
    return code;
}

struct c2m_prompt plain_prompt(void)
{
    return (struct c2m_prompt){.prompt = C2M_TEXT_ASK_TOKEN, .reference = REFERENCE};
}

struct c2m_verdict verdict_on(const struct fake_helper *served, uint32_t verdict, uint32_t prompted)
{
    uint16_t operation = served->got.header.operation;
    return (struct c2m_verdict){.verdict = verdict,
        .operation = operation == C2M_ANSWER ? asked_operation : operation,
        .prompted = prompted,
        .reference = REFERENCE};
}

static bool asks(struct fake_helper *served, int fd)
{
    if (!fake_read(served, fd))
        return false;
    asked_operation = served->got.header.operation;
    return fake_prompt(served, fd, plain_prompt());
}

void grants_after_a_prompt(struct fake_helper *served, int fd)
{
    if (asks(served, fd))
        fake_verdict(served, fd, verdict_on(served, C2M_GRANTED, 1));
}

void denies_after_a_prompt(struct fake_helper *served, int fd)
{
    if (!asks(served, fd))
        return;
    struct c2m_verdict verdict = verdict_on(served, C2M_DENIED, 1);
    verdict.reason = C2M_TEXT_NOT_ACCEPTED;
    fake_verdict(served, fd, verdict);
}

void grants_at_once(struct fake_helper *served, int fd)
{
    if (fake_read(served, fd))
        fake_verdict(served, fd, verdict_on(served, C2M_GRANTED, 0));
}

void ignores(struct fake_helper *served, int fd)
{
    if (fake_read(served, fd))
        fake_verdict(served, fd, verdict_on(served, C2M_IGNORE, 0));
}

void hangs_up(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
}

void hangs_up_after_the_answer(struct fake_helper *served, int fd)
{
    asks(served, fd);
}
