/*
 * One question to the helper, with its answers.
 */
#ifndef HELPER_H
#define HELPER_H

#include "options.h"

#include "c2m/client.h"
#include "c2m/deadline.h"

struct helper {
    struct c2m_client client;
    struct c2m_deadline deadline; /* of the whole question */
    const struct options *options;
};

/*
 * Connects (root by pam.sock, others by user.sock) and sends OPERATION. Returns EXIT_OK, or an exit code after
 * it has told the user what to do. helper_end() in either case.
 */
int helper_ask(struct helper *helper, const struct options *options, uint16_t operation, const void *body,
    size_t length, int timeout_ms);

/*
 * Receives the next answer into BODY of SIZE bytes. EXIT_OK and *more = true: it is an answer of operation WANTED;
 * EXIT_OK and *more = false: the list is complete. A refusal is told, and its exit code returned.
 */
int helper_next(struct helper *helper, uint16_t wanted, void *body, size_t size, bool *more);

/* Receives the verdict that is the only answer. EXIT_OK: granted. A refusal is told, and its exit code returned. */
int helper_verdict(struct helper *helper);
/* The same; what else it says when granted is in *verdict. */
int helper_granted(struct helper *helper, struct c2m_verdict *verdict);

/*
 * The whole of a command that is one order: asks OPERATION, takes the verdict, and says MESSAGE, or that it is well in
 * JSON. Returns the exit code.
 */
int helper_order(
    const struct options *options, uint16_t operation, const void *body, size_t length, const char *message);

/* The talk failed (a negative errno): tells so, and returns the exit code. */
int helper_failed(const struct helper *helper, int error);

/* Its answer makes no sense: tells so, and returns the exit code. */
int helper_confused(const struct helper *helper);

void helper_end(struct helper *helper);

#endif
