/* Stands in for base/http.c: a server on the fake loop, so that token/api.c may be the real one. */
#ifndef FAKES_HTTP_SERVER_H
#define FAKES_HTTP_SERVER_H

#include "base/http.h"

/* Fills ANSWER, whose body must live until the next request; it arrives so much later. What was not sent is "". */
extern void (*fake_http_server)(
    const char *url, const char *bearer, const char *body, struct http_answer *answer);
extern int64_t fake_http_takes_ms;

void fake_http_reset(void); /* forgets what was sent */
unsigned fake_http_count(void);
int64_t fake_http_sent_ms(unsigned index); /* by the fake clock */

#endif
