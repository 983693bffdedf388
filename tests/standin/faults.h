/* How the service misbehaves, on order: a queue of faults, each for one endpoint or for all. */
#ifndef STANDIN_FAULTS_H
#define STANDIN_FAULTS_H

#include "reply.h"
#include "request.h"

/* Whose token a revocation bears. */
enum fault_bearer { FAULT_ANY_BEARER, FAULT_TARGET_ITSELF, FAULT_ANOTHER };

struct fault {
    struct fault *next;
    enum endpoint endpoint;
    enum fault_bearer bearer; /* meets only these */
    long left; /* how many requests it still meets; -1: until cleared */
    unsigned status;
    long delay_ms;
    bool late; /* with a delay: the request is carried out at once, and its answer waits */
    bool reset; /* close without an answer; nothing is done */
    bool lost; /* close without an answer; the request is carried out */
    bool done; /* the request is carried out, and answered falsely */
    bool garbage;
    bool html;
    char *body;
    char *type;
    char *location;
    long retry_after;
    long size; /* the body is filled up to so many characters */
};

struct faults {
    struct fault *first;
};

/* Takes the fault over, as the last of the queue. */
void faults_add(struct faults *faults, struct fault *fault);

/* The first fault that meets this endpoint and bearer, counted down: a copy, which the caller frees. NULL: none. */
struct fault *faults_meet(struct faults *faults, enum endpoint endpoint, enum fault_bearer bearer);

/* Whether the fault answers in place of the service; it may only delay or drop the answer. */
bool fault_answers(const struct fault *fault);

/* The answer of such a fault. */
void fault_answer(const struct fault *fault, enum endpoint endpoint, struct reply *reply);

void fault_free(struct fault *fault);
void faults_clear(struct faults *faults);

#endif
