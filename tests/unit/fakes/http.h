/* An HTTP client of a test: it remembers each request, one at a time, and answers when the test says so. */
#ifndef FAKES_HTTP_H
#define FAKES_HTTP_H

#include "base/http.h"

extern int fake_http_error; /* what the next http_start returns, when it is not 0 */

void fake_http_reset(void);
unsigned fake_http_count(void); /* requests so far */
const char *fake_http_url(void); /* of the last one */
int64_t fake_http_timeout_ms(void);
bool fake_http_waits(void); /* it is not answered, nor cancelled */

/* Its callback runs now. */
void fake_http_answer(long status, const char *body, int64_t cache_max_age);
void fake_http_fail(enum http_error error);

#endif
