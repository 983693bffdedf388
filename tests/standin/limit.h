/* The firewall's limit of requests a minute. */
#ifndef STANDIN_LIMIT_H
#define STANDIN_LIMIT_H

#include <stdint.h>

struct limit {
    unsigned allowed; /* requests in each window of 60 s; 0: no limit */
    unsigned used;
    int64_t window_ends_us; /* of clock_steady_us */
};

/* Sets the limit and begins a new window. */
void limit_set(struct limit *limit, unsigned allowed);

/* Counts one request. 0: it may pass; else the seconds until the window ends. */
long limit_count(struct limit *limit);

#endif
