// fakes: kernel pam
// link: -Wl,--wrap=getsockopt,--wrap=geteuid,--wrap=getpwnam_r,--wrap=c2m_connect,--wrap=c2m_deadline_in
/*
 * The module against a helper that says what the input says. An input is the entry point in one byte, flags in one
 * (1: reuse is allowed, 2: it is sudo, 4: the helper hangs up at the end, 8: again on the second connection, 16: no
 * conversation), then messages: 'P' or 'V' and the body's 32 bytes; 'v', a verdict of the table in one byte and the
 * prompts in one; 'p', a number of text in one byte; 'R', a length and bytes as they are; 'N': the next connection.
 *
 * Success and PAM_IGNORE come from such a verdict alone, a success of authenticate after a prompt, and nothing that
 * is not printable reaches the terminal.
 */
#include "given.h"

#include "fakes/kernel.h"
#include "fakes/pam.h"

#include "c2m/client.h"
#include "c2m/deadline.h"

#include <errno.h>
#include <security/pam_modules.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REUSE = 1, SUDO = 2, HANGS_UP = 4, AGAIN = 8, DEAF = 16 };

static struct pam_handle pamh;
static struct given script;
static unsigned flags, connections;
static uint16_t operation;
static bool granted, ignored; /* the script says so somewhere, for this operation */
static int ends[2] = {-1, -1};

struct c2m_deadline __real_c2m_deadline_in(int ms);
struct c2m_deadline __wrap_c2m_deadline_in(int ms);
int __wrap_c2m_connect(struct c2m_client *client, const char *directory, const char *socket, int timeout_ms);

/* Whatever is there is read; nothing is waited for. */
struct c2m_deadline __wrap_c2m_deadline_in(int ms)
{
    (void)ms;
    return __real_c2m_deadline_in(0);
}

static void say(int fd, uint16_t what, const void *body, size_t length)
{
    uint8_t message[C2M_MESSAGE_MAX];
    struct c2m_header header = {
        .magic = C2M_MAGIC, .version = C2M_VERSION, .operation = what, .length = (uint32_t)length};
    memcpy(message, &header, sizeof header);
    memcpy(message + sizeof header, body, length);
    if (send(fd, message, sizeof header + length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return; /* more than the socket holds */
}

static void note(const struct c2m_verdict *verdict)
{
    granted |= verdict->verdict == C2M_GRANTED && verdict->operation == operation;
    ignored |= verdict->verdict == C2M_IGNORE && verdict->operation == operation;
}

static void say_verdict(int fd, bool made)
{
    static const uint32_t verdicts[] = {C2M_GRANTED, C2M_DENIED, C2M_FORBIDDEN, C2M_EXHAUSTED, C2M_ENDED,
        C2M_UNAVAILABLE, C2M_IGNORE, C2M_GRANTED ^ 1, 0, UINT32_MAX};
    struct c2m_verdict verdict;
    if (made) {
        size_t number = given_byte(&script) % (sizeof verdicts / sizeof verdicts[0]);
        verdict = (struct c2m_verdict){.verdict = verdicts[number],
            .operation = operation,
            .prompted = given_byte(&script),
            .reason = given_byte(&script)};
    } else {
        given_bytes(&script, &verdict, sizeof verdict);
    }
    note(&verdict);
    say(fd, C2M_VERDICT, &verdict, sizeof verdict);
}

static void say_prompt(int fd, bool made)
{
    struct c2m_prompt prompt = {.reference = "7f3a91c"};
    memcpy(prompt.reference, "7f3a91c2", sizeof prompt.reference);
    if (made)
        prompt.prompt = given_byte(&script);
    else
        given_bytes(&script, &prompt, sizeof prompt);
    say(fd, C2M_PROMPT, &prompt, sizeof prompt);
}

/* What is no message of ours, unless it says the right things: then it counts as well. */
static void say_bytes(int fd)
{
    uint8_t bytes[256];
    struct c2m_verdict verdict;
    size_t length = given_bytes(&script, bytes, given_byte(&script));
    if (length == sizeof(struct c2m_header) + sizeof verdict) {
        memcpy(&verdict, bytes + sizeof(struct c2m_header), sizeof verdict);
        note(&verdict);
    }
    if (length > 0 && send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return;
}

static void play(int fd)
{
    while (script.left > 0) {
        switch (given_byte(&script)) {
        case 'P':
            say_prompt(fd, false);
            break;
        case 'p':
            say_prompt(fd, true);
            break;
        case 'V':
            say_verdict(fd, false);
            break;
        case 'v':
            say_verdict(fd, true);
            break;
        case 'R':
            say_bytes(fd);
            break;
        case 'N':
            return;
        default:
            break;
        }
    }
}

static void hang_up(void)
{
    if (ends[1] >= 0)
        close(ends[1]);
    ends[1] = -1;
}

int __wrap_c2m_connect(struct c2m_client *client, const char *directory, const char *socket, int timeout_ms)
{
    unsigned late = connections++ == 0 ? HANGS_UP : AGAIN;
    (void)directory, (void)socket, (void)timeout_ms;
    *client = C2M_CLIENT_CLOSED;
    hang_up();
    if (connections > 2)
        return -ECONNREFUSED;
    must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0, "there are sockets");
    client->fd = ends[0];
    play(ends[1]);
    if (flags & late)
        shutdown(ends[1], SHUT_WR);
    return 0;
}

static void told_is_printable(void)
{
    for (int i = 0; i < pamh.prompts; i++)
        must(given_printable(pamh.asked[i]), "a prompt is printable");
    for (int i = 0; i < pamh.messages; i++)
        must(given_printable(pamh.told[i]), "a message is printable");
}

static int call(unsigned entry)
{
    static const char *reuse[] = {"reuse", "runtime_dir=/nowhere"};
    static const uint16_t operations[] = {C2M_AUTHENTICATE, C2M_ACCOUNT, C2M_OPEN, C2M_CLOSE};
    int count = flags & REUSE ? 2 : 1;
    const char **arguments = flags & REUSE ? reuse : reuse + 1;
    operation = operations[entry];
    switch (operation) {
    case C2M_AUTHENTICATE:
        return pam_sm_authenticate(&pamh, 0, count, arguments);
    case C2M_ACCOUNT:
        return pam_sm_acct_mgmt(&pamh, 0, count, arguments);
    case C2M_OPEN:
        return pam_sm_open_session(&pamh, 0, count, arguments);
    default:
        return pam_sm_close_session(&pamh, 0, count, arguments);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    script = (struct given){data, size};
    unsigned entry = given_byte(&script) % 4u;
    flags = given_byte(&script);
    connections = 0;
    granted = ignored = false;
    fake_listener = 0;
    fake_euid = 0;
    pamh =
        (struct pam_handle){.user = "alice", .service = flags & SUDO ? "sudo" : "sshd", .deaf = flags & DEAF};
    for (size_t i = 0; i < sizeof pamh.answers / sizeof pamh.answers[0]; i++)
        pamh.answers[i] = "eyJ.a.b";
    fake_conversation(&pamh);
    int code = call(entry);
    hang_up();
    bool unasked = (flags & REUSE) && (flags & SUDO);
    must(code != PAM_SUCCESS || granted, "a success is a verdict's");
    must(code != PAM_SUCCESS || entry != 0 || pamh.prompts > 0 || unasked, "nobody is let in unasked");
    must(code != PAM_IGNORE || ignored, "to be ignored is a verdict's");
    must(pamh.prompts <= 32 && connections <= 2, "prompts and connections are bounded");
    must(entry == 0 || pamh.prompts == 0, "only authenticate asks");
    told_is_printable();
    return 0;
}
