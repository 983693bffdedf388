/* Shared by enroll.c, which tries, judges and puts, and enroll_issue.c, where a token comes from. Nobody else includes this. */
#ifndef LOGIN_ENROLL_INTERNAL_H
#define LOGIN_ENROLL_INTERNAL_H

#include "login/enroll.h"

enum { ENROLL_TIMEOUT_MS = 10000 };

struct enroll {
    const struct login_parts *parts;
    struct enrolled *enrolled;
    enroll_fn fn;
    void *argument;
    struct enrollment next; /* what will be put: holder is the reference that holds all that is obtained */
    bool known_client; /* next.client is not to be learned from the token */
    struct secret *credential; /* the code or the secret, until it was used; a secret until it is put */
    struct secret *bearer; /* what may issue, until the mark is on disk */
    struct secret *candidate; /* the long token */
    bool held; /* it is in the ledger */
    bool put; /* a row names it, and its commit decides */
    char former[C2M_REFERENCE_SIZE +
                1]; /* the holder of the one before, when this began; "": there was none */
    uint8_t
        lent[VAULT_HASH_SIZE]; /* the hash of the short token that issues, held by FORMER until it is over */
    bool lending;
    bool issuing; /* its mark stands (session/issuing.h) */
    struct api_call *call;
    struct api_token answer; /* of the trial, until it is judged */
    struct jwks_wait *wait; /* for the keys that are published */
    bool waited;
    enum reason reason; /* to be told */
    int64_t retry_after;
    struct loop_timer *timer;
};

/* An answer that is none: its reason is told. */
void enroll_fail(struct enroll *enroll, const struct api_token *answer);
/* The news follow in a turn of their own; what is held and is not to be kept is given up. */
void enroll_finish(struct enroll *enroll, enum reason reason);
/* One exchange with the candidate, and what follows from it. */
void enroll_try(struct enroll *enroll);

/* Asks for a long token and goes on with it. BEARER: a short token of the one before; NULL: the way's own proof. */
void enroll_issue(struct enroll *enroll, const struct secret *bearer);
/* The mark of what was asked for goes: the answer is here, or nobody waits for it. */
void enroll_unmark(struct enroll *enroll);
/* The one before lends a short token that may issue. */
void enroll_borrow(struct enroll *enroll);
/* In this turn's transaction. TOKEN_ID: what the API calls it; "": what the token says itself. */
int enroll_hold_candidate(struct enroll *enroll, const char *token_id);
/* A short token that serves for a moment: HOLDER holds it, so that it can be given up by its HASH. */
int enroll_hold_short(const struct enroll *enroll, const char *holder, const struct secret *token,
    const struct api_token *answer, uint8_t hash[VAULT_HASH_SIZE]);

#endif
