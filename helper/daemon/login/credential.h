/*
 * What was typed: only what looks like a credential leaves this host, so that a mistyped Unix password never
 * travels to the API.
 */
#ifndef LOGIN_CREDENTIAL_H
#define LOGIN_CREDENTIAL_H

#include "base/reason.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stddef.h>

struct credential {
    enum c2m_credential_form form; /* 0 when it is none */
    enum reason reason; /* NONE, or why it is refused on the spot */
};

/*
 * Tells the form: `long_prefixes` (blank-separated, such as "lt_ ltk_"), a five-part JWE or a JWT that says
 * "long" are long; any other JWT is short; 6 to 10 digits are a code. Everything else is NOT_CREDENTIAL.
 * A token at a length where programs cut (1,023 by ssh, 4,095 by su and login) that is visibly not whole is CUT.
 */
void credential_tell(const char *bytes, size_t length, const char *long_prefixes, struct credential *out);
/*
 * Where a client's secret may be typed, it is what is left over: 8 to 512 printable characters that are no other
 * form. A Unix password is one as well, and would be sent to the API: hence off unless `accept` says secret.
 */
void credential_take_secret(const char *bytes, size_t length, struct credential *credential);
/* True for a length at which programs cut silently. */
bool credential_cut_length(size_t length);

#endif
