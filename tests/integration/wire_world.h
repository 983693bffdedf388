/* The daemon's loop and HTTP against a server of tls_server.h. */
#ifndef TESTS_WIRE_WORLD_H
#define TESTS_WIRE_WORLD_H

#include "base/http.h"
#include "tls_server.h"

extern struct tls_server server;
extern struct heard {
    int count;
    struct http_answer answer;
    char body[64];
} heard;

void begin(tls_serve serve, bool too_old);
void end(void);
/* A POST to URL (NULL: the server's) and its answer, in `heard`; the test fails when it is a second late. */
enum http_error ask(const char *url, int64_t timeout_ms, bool once);

#endif
