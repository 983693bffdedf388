/*
 * The client's only clock, and the only place that waits for a socket or knows of EINTR.
 */
#include "c2m/deadline.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

static int64_t now_ms(void)
{
    struct timespec now;

    /* Cannot fail: the clock exists on every kernel that has getrandom(2). */
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct c2m_deadline c2m_deadline_in(int ms)
{
    return (struct c2m_deadline){.at_ms = now_ms() + ms};
}

int c2m_deadline_left(struct c2m_deadline deadline)
{
    int64_t left = deadline.at_ms - now_ms();

    if (left <= 0)
        return 0;
    return left > INT_MAX ? INT_MAX : (int)left;
}

int c2m_deadline_retry(struct c2m_deadline deadline, int fd, short events)
{
    int error = errno;
    if (error != EINTR && error != EAGAIN)
        return -error;

    for (;;) {
        struct pollfd wait = {.fd = fd, .events = events};
        int left = c2m_deadline_left(deadline);
        if (left == 0)
            return -ETIMEDOUT;
        int ready = poll(&wait, 1, left);
        if (ready > 0)
            return 0;
        if (ready < 0 && errno != EINTR)
            return -errno;
    }
}
