#include "askpass_token.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void askpass_token_wipe(struct askpass_token *token)
{
    explicit_bzero(token, sizeof *token);
}

bool askpass_token_fill(struct askpass_token *token, int fd, struct c2m_deadline deadline)
{
    token->length = 0;
    while (token->length < sizeof token->bytes) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int left = c2m_deadline_left(deadline);
        if (left == 0)
            return false;
        if (poll(&ready, 1, left) <= 0)
            continue;
        ssize_t got = read(fd, token->bytes + token->length, sizeof token->bytes - token->length);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            return got == 0;
        token->length += (size_t)got;
    }
    return true;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

const char *askpass_token_trim(struct askpass_token *token)
{
    size_t begin = 0;

    while (token->length > 0 && is_blank(token->bytes[token->length - 1]))
        token->length--;
    while (begin < token->length && is_blank(token->bytes[begin]))
        begin++;
    token->length -= begin;
    memmove(token->bytes, token->bytes + begin, token->length);
    if (token->length == 0)
        return "no token came from";
    if (token->length > C2M_TOKEN_MAX)
        return "more than 8192 bytes came from";
    for (size_t i = 0; i < token->length; i++)
        if (token->bytes[i] <= ' ' || token->bytes[i] > '~')
            return "more than one word, or none of visible ASCII, came from";
    return NULL;
}
