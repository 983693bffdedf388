/*
 * A point in time on CLOCK_MONOTONIC, so that the steps of one call share one bound.
 */
#ifndef C2M_DEADLINE_H
#define C2M_DEADLINE_H

#include <stdint.h>

struct c2m_deadline {
    int64_t at_ms;
};

/* MS from now. */
struct c2m_deadline c2m_deadline_in(int ms);

/* Milliseconds that are left; 0 when it is over. */
int c2m_deadline_left(struct c2m_deadline deadline);

/*
 * To be called right after a system call failed: 0 when it is to be tried again (EINTR, or EAGAIN and FD became
 * ready for EVENTS), -ETIMEDOUT when the deadline is over, otherwise the negative errno as it stood.
 */
int c2m_deadline_retry(struct c2m_deadline deadline, int fd, short events);

#endif
