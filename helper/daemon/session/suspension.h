/*
 * The API calls the account of a client suspended: every session and every presence of that client knows it from
 * then on, whichever request heard it, until the API gives that client a token again. In memory only.
 */
#ifndef SESSION_SUSPENSION_H
#define SESSION_SUSPENSION_H

#include "session/presence.h"
#include "session/sessions.h"

#include <stdbool.h>

/* SUSPENDED, or not any more; CLIENT "" is nobody. What begins later was let in by the API, or by a short token that it was not asked about. */
void suspension_set(
    struct sessions *sessions, struct presences *presences, const char *client, bool suspended);

#endif
