/* A verifier with one key, for the tests of verifier.c; at the wall clock NOW. Needs fakes/clock and tokens.c. */
#ifndef TESTS_VERIFYING_H
#define TESTS_VERIFYING_H

#include "token/verifier.h"
#include "tokens.h"

#define VERIFYING_NOW 1700000000
#define VERIFYING_ISSUER "c2m-api"

enum { VERIFYING_TOLERANCE = 30, VERIFYING_LIFETIME = 3600 };

struct keyset *verifying_keyset(const char *algorithm, const struct token_key *key);
/* Sets the fake clock as well. */
struct verifier *verifying_new(const char *algorithm, const struct token_key *key);
/* OUT may be NULL. */
enum reason verifying_check(struct verifier *verifier, const char *token, struct verified *out);

#endif
