/* The keys that may have signed a token, from a file; which one is asked for is the key id's to say. */
#ifndef TOKEN_KEYSET_H
#define TOKEN_KEYSET_H

#include "token/jwt_text.h"
#include "token/signature.h"

struct keyset;

/* One PEM file of at most 16 KiB, pinned to ALGORITHM; it answers for every key id. *why: a static sentence. */
int keyset_from_file(const char *file, const char *algorithm, struct keyset **out, const char **why);
void keyset_free(struct keyset *keyset);
/* The key that must have signed TEXT: NULL with *why = REASON_UNKNOWN_KEY or REASON_ALGORITHM. */
const struct signature_key *keyset_find(
    const struct keyset *keyset, const struct jwt_text *text, enum reason *why);

#endif
