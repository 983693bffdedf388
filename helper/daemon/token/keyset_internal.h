/* Shared by keyset.c and by the files that fill one: keyset_file.c, keyset_jwks.c. Nobody else includes this. */
#ifndef TOKEN_KEYSET_INTERNAL_H
#define TOKEN_KEYSET_INTERNAL_H

#include "token/jwk.h"
#include "token/keyset.h"

enum { KEYSET_ALGORITHMS_SIZE = 64 };

struct keyset {
    char algorithms[KEYSET_ALGORITHMS_SIZE]; /* of the keys that may be in it */
    bool any_id; /* one key, whatever the token calls it */
    bool channel;
    unsigned count;
    struct jwk keys[KEYSET_MAX];
};

static inline void keyset_freep(struct keyset **keyset)
{
    keyset_free(*keyset);
}
#define KEYSET_CLEANUP __attribute__((cleanup(keyset_freep)))

/* Takes KEY: the one key for every key id. */
int keyset_of_key(struct signature_key *key, struct keyset **out);

#endif
