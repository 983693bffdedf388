/*
 * The client's side of the socket: module and c2mctl. An input is the kind of buffer in one byte ('p': of a prompt,
 * else of the largest message), then 'R' and a message as it is, or another letter, an operation and a body. What is
 * refused leaves nothing in the buffer.
 */
#include "given.h"

#include "c2m/client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static const uint8_t nonce[C2M_NONCE_SIZE] = "a nonce of ours";

struct message {
    size_t length;
    uint8_t bytes[C2M_MESSAGE_MAX + 64];
};

static void take(struct given given, struct message *out)
{
    struct c2m_header header = {.magic = C2M_MAGIC, .version = C2M_VERSION};
    if (given_byte(&given) == 'R') {
        out->length = given_bytes(&given, out->bytes, sizeof out->bytes);
        return;
    }
    header.operation = given_byte(&given);
    size_t size = c2m_body_size(header.operation);
    header.length = size <= C2M_MESSAGE_MAX ? (uint32_t)size : (uint32_t)given.left;
    memcpy(header.nonce, nonce, sizeof nonce);
    memcpy(out->bytes, &header, sizeof header);
    given_bytes(&given, out->bytes + sizeof header, sizeof out->bytes - sizeof header);
    out->length = sizeof header + (header.length < C2M_MESSAGE_MAX ? header.length : C2M_MESSAGE_MAX);
}

static bool is_whole(const struct message *message, size_t room)
{
    struct c2m_header header;
    if (message->length < sizeof header || message->length - sizeof header > room)
        return false;
    memcpy(&header, message->bytes, sizeof header);
    return header.magic == C2M_MAGIC && header.version == C2M_VERSION &&
           memcmp(header.nonce, nonce, sizeof nonce) == 0 &&
           header.length == message->length - sizeof header &&
           header.length == c2m_body_size(header.operation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int pair[2] = {-1, -1};
    static struct message message;
    static uint8_t body[C2M_MESSAGE_MAX];
    struct given given = {data, size};
    uint16_t operation;
    size_t length, room = given_byte(&given) == 'p' ? sizeof(struct c2m_prompt) : sizeof body;
    if (pair[0] < 0)
        must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0, "there are sockets");
    struct c2m_client client = {.fd = pair[0]};
    memcpy(client.nonce, nonce, sizeof nonce);
    take(given, &message);
    if (message.length == 0)
        return 0;
    must(send(pair[1], message.bytes, message.length, MSG_NOSIGNAL) == (ssize_t)message.length, "it leaves");
    memset(body, 0xa5, sizeof body);
    int r = c2m_receive(&client, &operation, body, room, &length, 0);
    must(r == (is_whole(&message, room) ? 0 : -EPROTO), "what is whole is taken, and nothing else");
    if (r < 0) {
        must(operation == 0 && length == 0 && given_empty(body, room), "what is refused leaves nothing");
        return 0;
    }
    must(length == message.length - sizeof(struct c2m_header) &&
             memcmp(body, message.bytes + sizeof(struct c2m_header), length) == 0,
        "the body is whole");
    must(given_empty(body + length, room - length), "nothing of an earlier message stands behind it");
    return 0;
}
