/* SOCK_SEQPACKET keeps messages apart; what is left to check is that one is exactly what its operation needs. */
#include "ipc/frame.h"

#include "c2m/client.h"

#include <errno.h>
#include <string.h>

int frame_send(int fd, const struct c2m_header *asked, uint16_t operation, const void *body, size_t length)
{
    struct c2m_header header = *asked;
    header.operation = operation;
    header.length = (uint32_t)length;
    struct iovec parts[2] = {{&header, sizeof header}, {.iov_len = length}};
    memcpy(&parts[1].iov_base, &body, sizeof body); /* sendmsg(2) only reads it */
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = length ? 2 : 1};
    while (sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
        if (errno == EAGAIN || errno == ENOBUFS)
            return 0;
        if (errno != EINTR)
            return -errno;
    }
    return 1;
}

static void take_control(struct msghdr *message, struct frame *out)
{
    out->signed_by = false;
    for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control; control = CMSG_NXTHDR(message, control)) {
        size_t size = control->cmsg_len - CMSG_LEN(0);
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_CREDENTIALS ||
            size != sizeof out->credentials)
            continue;
        memcpy(&out->credentials, CMSG_DATA(control), sizeof out->credentials);
        out->signed_by = true;
    }
}

/* An upgrade replaces the helper under sessions that a module of the version before opened: those it still closes. */
static bool version_taken(const struct c2m_header *header)
{
    bool one_older = header->version >= 1 && header->version + 1 == C2M_VERSION;
    return header->version == C2M_VERSION || (one_older && header->operation == C2M_CLOSE);
}

int frame_receive(int fd, struct frame *out)
{
    /*
     * Room for the credentials alone: descriptors that somebody passes never become ours (MSG_CTRUNC says that there
     * were some), so that none has to be closed here. close(2) of a stranger's file may wait for him.
     */
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec parts[2] = {{&out->header, sizeof out->header}, {out->body, sizeof out->body}};
    struct msghdr message = {.msg_iov = parts,
        .msg_iovlen = 2,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes};
    ssize_t length = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (length < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    take_control(&message, out);
    if (length == 0)
        return -ECONNRESET;
    const struct c2m_header *header = &out->header;
    bool good = !(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) && (size_t)length >= sizeof *header &&
                header->magic == C2M_MAGIC;
    bool taken = good && version_taken(header);
    if (taken && header->length == (size_t)length - sizeof *header &&
        header->length == c2m_body_size(header->operation))
        return 1;
    explicit_bzero(out->body, sizeof out->body);
    return good && !taken ? -EPROTONOSUPPORT : -EPROTO;
}
