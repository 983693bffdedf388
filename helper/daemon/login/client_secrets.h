/*
 * The secrets of clients whose service asks for one beside a code: `c2m_alice = SECRET`, one a line. A code typed at a
 * prompt goes with its client's secret, where there is one here; a secret alone logs nobody in.
 */
#ifndef LOGIN_CLIENT_SECRETS_H
#define LOGIN_CLIENT_SECRETS_H

#include "base/secret.h"

#include <stddef.h>

struct client_secrets;

/*
 * Reads FILE: not readable by others, not writable by group or others. -EINVAL (or the errno of the file) with a sentence
 * in ERROR: file, line, what; never a secret in it.
 */
int client_secrets_load(const char *file, struct client_secrets **out, char *error, size_t error_size);
void client_secrets_free(struct client_secrets *secrets);
/* NULL: there is none, or SECRETS is NULL. Lives as long as SECRETS. */
const struct secret *client_secrets_find(const struct client_secrets *secrets, const char *client);

#endif
