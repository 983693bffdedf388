/*
 * The host's own key as a proof of who it is (RFC 7523): an assertion signed with it, for one request, issues the
 * host's long token. The service knows the public half.
 */
#ifndef TOKEN_ASSERTION_H
#define TOKEN_ASSERTION_H

#include "base/secret.h"

struct assertion;

enum { ASSERTION_TEXT_SIZE = 512 };

struct assertion_options {
    const char *key; /* the file: PEM, not readable by others, not writable by group or others */
    const char *algorithm; /* RS256 or ES256 */
    const char *key_id; /* "": the header says none */
    const char
        *audience; /* the base URL of the API, or the full URL of the endpoint, as the service wants it */
    const char *type; /* the URN of the kind of assertion */
};

/*
 * Reads the key and signs once to see that it can. -EINVAL with *why a half sentence with the cure, or file_open's
 * errno. Texts are copied; what is too long is -EINVAL.
 */
int assertion_new(const struct assertion_options *options, struct assertion **out, const char **why);
void assertion_free(struct assertion *assertion);
/* One for CLIENT, good for five minutes and for one use. -ENOMEM. */
int assertion_make(const struct assertion *assertion, const char *client, struct secret **out);
const char *assertion_type(const struct assertion *assertion);

#endif
