/*
 * One message out, one message in. SOCK_SEQPACKET keeps a message whole, so there are no short transfers; what
 * arrives is either exactly one header and the body that its operation has, or it is refused.
 */
#include "c2m/client.h"
#include "c2m/deadline.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

static const struct {
    uint16_t operation;
    size_t size;
} sizes[] = {
    {C2M_AUTHENTICATE, sizeof(struct c2m_request)},
    {C2M_ACCOUNT, sizeof(struct c2m_request)},
    {C2M_OPEN, sizeof(struct c2m_request)},
    {C2M_CLOSE, sizeof(struct c2m_request)},
    {C2M_ANSWER, sizeof(struct c2m_answer)},
    {C2M_STATUS, 0},
    {C2M_SESSIONS, 0},
    {C2M_REVOCATIONS, 0},
    {C2M_TOKEN, sizeof(struct c2m_token_request)},
    {C2M_SESSION_END, sizeof(struct c2m_session_end)},
    {C2M_GIVE_UP, 0},
    {C2M_PRESENCES_END, sizeof(struct c2m_presences_end)},
    {C2M_ENROLL, sizeof(struct c2m_enroll)},
    {C2M_ROTATE, sizeof(struct c2m_enroll)},
    {C2M_ENROLLED, 0},
    {C2M_UNENROLL, sizeof(struct c2m_enroll)},
    {C2M_ENROLLED_IS, sizeof(struct c2m_enrolled)},
    {C2M_PROMPT, sizeof(struct c2m_prompt)},
    {C2M_VERDICT, sizeof(struct c2m_verdict)},
    {C2M_STATUS_IS, sizeof(struct c2m_status)},
    {C2M_SESSION_IS, sizeof(struct c2m_session)},
    {C2M_REVOCATION_IS, sizeof(struct c2m_revocation)},
    {C2M_EXPLAIN, sizeof(struct c2m_explain)},
    {C2M_RECORD_IS, sizeof(struct c2m_record)},
    {C2M_METRICS, 0},
    {C2M_METRIC_IS, sizeof(struct c2m_metric)},
    {C2M_MISMATCHES, 0},
    {C2M_MISMATCH_IS, sizeof(struct c2m_mismatch)},
    {C2M_ADOPTABLE, 0},
    {C2M_ADOPT, 0},
    {C2M_ADOPTABLE_IS, sizeof(struct c2m_adoptable)},
    {C2M_TOKEN_IS, sizeof(struct c2m_token)},
    {C2M_END, 0},
};

size_t c2m_body_size(uint16_t operation)
{
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (sizes[i].operation == operation)
            return sizes[i].size;
    return SIZE_MAX;
}

/* iov_base has no const, although sendmsg() only reads. */
static struct iovec reads(const void *bytes, size_t length)
{
    struct iovec part = {.iov_len = length};
    memcpy(&part.iov_base, &bytes, sizeof bytes);
    return part;
}

int c2m_send(struct c2m_client *client, uint16_t operation, const void *body, size_t length, int timeout_ms)
{
    struct c2m_deadline deadline = c2m_deadline_in(timeout_ms);

    if (length != c2m_body_size(operation))
        return -EINVAL;
    struct c2m_header header = {
        .magic = C2M_MAGIC, .version = C2M_VERSION, .operation = operation, .length = (uint32_t)length};
    memcpy(header.nonce, client->nonce, sizeof header.nonce);
    struct iovec parts[] = {reads(&header, sizeof header), reads(body, length)};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

    for (;;) {
        ssize_t sent = sendmsg(client->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0)
            return (size_t)sent == sizeof header + length ? 0 : -EIO;
        int rc = c2m_deadline_retry(deadline, client->fd, POLLOUT);
        if (rc < 0)
            return rc;
    }
}

/* Bytes received, or a negative errno. */
static ssize_t receive_by(int fd, struct iovec parts[2], struct c2m_deadline deadline)
{
    for (;;) {
        /* No room for control data: the kernel drops descriptors that were passed and says MSG_CTRUNC. */
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t received = recvmsg(fd, &message, MSG_DONTWAIT);
        if (received == 0)
            return -ECONNRESET;
        if (received > 0)
            return message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -EPROTO : received;
        int rc = c2m_deadline_retry(deadline, fd, POLLIN);
        if (rc < 0)
            return rc;
    }
}

static bool is_ours(const struct c2m_client *client, const struct c2m_header *header)
{
    return header->magic == C2M_MAGIC && header->version == C2M_VERSION &&
           memcmp(header->nonce, client->nonce, sizeof header->nonce) == 0;
}

int c2m_receive(
    struct c2m_client *client, uint16_t *operation, void *body, size_t size, size_t *length, int timeout_ms)
{
    struct c2m_deadline deadline = c2m_deadline_in(timeout_ms);
    struct c2m_header header = {0};
    struct iovec parts[] = {
        {.iov_base = &header, .iov_len = sizeof header}, {.iov_base = body, .iov_len = size}};

    *operation = 0;
    *length = 0;
    ssize_t received = receive_by(client->fd, parts, deadline);
    size_t arrived = 0;
    if (received >= (ssize_t)sizeof header)
        arrived = (size_t)received - sizeof header;
    if (received >= 0 && ((size_t)received < sizeof header || !is_ours(client, &header) ||
                             header.length != arrived || arrived != c2m_body_size(header.operation)))
        received = -EPROTO;
    if (received < 0) {
        if (size > 0)
            memset(body, 0, size); /* nothing of a refused message is left to be read by mistake */
        return (int)received;
    }
    if (size > arrived)
        memset((char *)body + arrived, 0, size - arrived);
    *operation = header.operation;
    *length = arrived;
    return 0;
}
