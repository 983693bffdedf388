/*
 * The application's conversation: what the user is asked and told.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include "c2m/wire.h"

#include <security/pam_appl.h>

/* The handle's conversation, or NULL when the application has none. */
const struct pam_conv *conversation_of(const pam_handle_t *pamh);

enum conversation_result {
    CONVERSATION_ANSWERED,
    CONVERSATION_FAILED, /* no answer came back */
    CONVERSATION_FAKE, /* sshd's stand-in for the answer of a user whom it refuses */
    CONVERSATION_TOO_LONG, /* more than C2M_TOKEN_MAX */
};

/*
 * Asks TEXT without echo; fills TYPED, blanks around it removed. TYPED is the caller's to wipe; the
 * application's own copy is wiped and freed here. TYPED is empty unless the result is ANSWERED.
 */
enum conversation_result conversation_ask(
    const struct pam_conv *conversation, const char *text, struct c2m_secret *typed);

/* Shows TEXT as an error message. A user who cannot be told is no reason to fail. */
void conversation_say(const struct pam_conv *conversation, const char *text);

#endif
