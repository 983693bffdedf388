/* Stands in for session/ledger.c: remembers who holds how many tokens, and each release in its order. */
#ifndef FAKES_LEDGER_H
#define FAKES_LEDGER_H

#include "session/ledger.h"

enum { FAKE_LEDGER_HOLDERS = 32768 };

struct fake_holder {
    char reference[9];
    unsigned tokens; /* 0: it holds none any more */
    unsigned releases; /* how often it was released, known or not */
};

extern struct fake_ledger {
    struct fake_holder holders[FAKE_LEDGER_HOLDERS];
    unsigned count;
    unsigned releases;
    int error; /* what hold, share and release answer when it is not 0; a release counts all the same */
} fake_ledger;

void fake_ledger_reset(void);
/* REFERENCE holds TOKENS, as after ledger_hold. */
void fake_ledger_give(const char *reference, unsigned tokens);
unsigned fake_ledger_releases(const char *reference);

#endif
