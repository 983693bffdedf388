/*
 * The helper's side of the socket. An input is 'R' and a message as it is; or another letter, an operation in one byte
 * and a body, around which a header is made that fits ('D' passes a descriptor besides). What is taken is exactly what
 * its operation needs, and the texts of a request are copied whole or not at all.
 */
#include "given.h"

#include "ipc/frame.h"
#include "ipc/request_body.h"

#include "c2m/client.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct caller caller = {.pid = 42, .facts = {.process = {.pid = 42}}};

/* Instead of ipc/peer.c: request_body asks for no more of a peer. */
const struct caller *peer_caller(const struct peer *peer)
{
    (void)peer;
    return &caller;
}

bool peer_root_door(const struct peer *peer)
{
    (void)peer;
    return true;
}

struct message {
    char letter;
    size_t length;
    uint8_t bytes[C2M_MESSAGE_MAX + 64];
};

static void take(struct given given, struct message *out)
{
    struct c2m_header header = {.magic = C2M_MAGIC, .version = C2M_VERSION};
    out->letter = (char)given_byte(&given);
    if (out->letter == 'R') {
        out->length = given_bytes(&given, out->bytes, sizeof out->bytes);
        return;
    }
    header.operation = given_byte(&given);
    size_t size = c2m_body_size(header.operation);
    header.length = size <= C2M_MESSAGE_MAX ? (uint32_t)size : (uint32_t)given.left;
    memcpy(out->bytes, &header, sizeof header);
    given_bytes(&given, out->bytes + sizeof header, sizeof out->bytes - sizeof header);
    out->length = sizeof header + (header.length < C2M_MESSAGE_MAX ? header.length : C2M_MESSAGE_MAX);
}

/* As wire.h says: what is whole and of this version, and the CLOSE of the version before. */
static int fate(const struct message *message)
{
    struct c2m_header header;
    if (message->letter == 'D' || message->length < sizeof header || message->length > C2M_MESSAGE_MAX)
        return -EPROTO;
    memcpy(&header, message->bytes, sizeof header);
    if (header.magic != C2M_MAGIC)
        return -EPROTO;
    bool older = header.version > 0 && header.version == C2M_VERSION - 1 && header.operation == C2M_CLOSE;
    if (header.version != C2M_VERSION && !older)
        return -EPROTONOSUPPORT;
    bool whole =
        header.length == message->length - sizeof header && header.length == c2m_body_size(header.operation);
    return whole ? 1 : -EPROTO;
}

static void name_holds(const char *text, uint16_t length, const char *bytes, size_t max)
{
    must(length <= max && strlen(text) == length && memcmp(text, bytes, length) == 0, "a name is whole");
    for (size_t i = length; i < max; i++)
        must(bytes[i] == 0, "nothing hides behind a name");
}

static void request_holds(const struct frame *frame)
{
    struct c2m_request wire;
    struct login_request request;
    memcpy(&wire, frame->body, sizeof wire);
    if (!request_body_read(&wire, NULL, &request))
        return;
    name_holds(request.service, wire.service.length, wire.service.bytes, C2M_NAME_MAX);
    name_holds(request.user, wire.user.length, wire.user.bytes, C2M_NAME_MAX);
    name_holds(request.ruser, wire.ruser.length, wire.ruser.bytes, C2M_NAME_MAX);
    name_holds(request.tty, wire.tty.length, wire.tty.bytes, C2M_NAME_MAX);
    name_holds(request.rhost, wire.rhost.length, wire.rhost.bytes, C2M_HOST_MAX);
    must(request.deadline_ms >= 1000 && request.deadline_ms <= 60000, "a deadline is within its bounds");
    must(request.caller.process.pid == 42 && request.root_door, "who asks is the kernel's word");
    must(request.parent.process.pid == 0, "and nothing else is believed");
}

static void say(int fd, const struct message *message)
{
    struct iovec part = {.iov_len = message->length};
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = ""};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    const uint8_t *bytes = message->bytes;
    memcpy(&part.iov_base, &bytes, sizeof bytes);
    if (message->letter == 'D') {
        header.msg_control = control.bytes;
        header.msg_controllen = sizeof control.bytes;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
        *rights = (struct cmsghdr){
            .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
        memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    }
    must(sendmsg(fd, &header, MSG_NOSIGNAL) == (ssize_t)message->length, "the message leaves");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int pair[2] = {-1, -1};
    static struct message message;
    static struct frame frame;
    int on = 1;
    if (pair[0] < 0)
        must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0 &&
                 setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0,
            "there are sockets");
    take((struct given){data, size}, &message);
    if (message.length == 0)
        return 0;
    say(pair[1], &message);
    int r = frame_receive(pair[0], &frame);
    must(r == fate(&message), "what is whole is taken, and nothing else");
    must(frame_receive(pair[0], &frame) == 0, "a message is taken once");
    if (r != 1)
        return 0;
    must(frame.signed_by && frame.credentials.pid == getpid(), "the kernel says who has sent it");
    must(memcmp(frame.body, message.bytes + sizeof frame.header, frame.header.length) == 0,
        "the body is whole");
    if (frame.header.length == sizeof(struct c2m_request))
        request_holds(&frame);
    return 0;
}
