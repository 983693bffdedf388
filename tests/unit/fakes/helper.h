/*
 * A helper that is told what to say: it listens on a real socket, in a thread of the test, and serves one
 * connection after another by the functions that the test names.
 */
#ifndef FAKES_HELPER_H
#define FAKES_HELPER_H

#include "c2m/wire.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

enum { FAKE_CONNECTIONS = 8 };

struct fake_message {
    struct c2m_header header;
    union {
        struct c2m_request request;
        struct c2m_answer answer;
        struct c2m_token_request token;
        char bytes[C2M_MESSAGE_MAX];
    } body;
    ssize_t length; /* of all; 0: the client closed */
};

struct fake_helper;
typedef void fake_service(struct fake_helper *helper, int fd);

struct fake_helper {
    char directory[64]; /* runtime_dir */
    const char *socket;
    _Atomic int listener;
    _Atomic bool stopping;
    pthread_t thread;
    fake_service *services[FAKE_CONNECTIONS];
    int served; /* connections */
    struct fake_message got; /* the last message */
    char typed[C2M_TOKEN_MAX + 1]; /* the last ANSWER */
    int answers;
    int gap_ms; /* nobody listens for so long after the first connection, for ever if it is the last */
    bool stale; /* the socket is there meanwhile, as after a kill; else it is missing */
};

/* Makes a directory and listens there; serves the connections in the order of SERVICES, which ends in NULL. */
void fake_start(struct fake_helper *helper, const char *socket, fake_service *const *services);
/* Only binds and listens with this backlog, and never accepts. */
void fake_listen(struct fake_helper *helper, const char *socket, int backlog);
/* Waits until all connections were served, or closes the listener where nothing was. */
void fake_stop(struct fake_helper *helper);

/* Receives one message into helper->got; an ANSWER's text into typed. False when the client closed. */
bool fake_read(struct fake_helper *helper, int fd);
/* Sends a message with the nonce of the last one that was read. */
void fake_send(struct fake_helper *helper, int fd, uint16_t operation, const void *body, size_t length);
void fake_verdict(struct fake_helper *helper, int fd, struct c2m_verdict verdict);
/* Asks for a token and reads the answer. */
bool fake_prompt(struct fake_helper *helper, int fd, struct c2m_prompt prompt);

#endif
