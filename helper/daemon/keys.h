/* The verifier, and where its keys come from: a file, a URL, the channel. */
#ifndef KEYS_H
#define KEYS_H

#include "rules.h"

/* Makes verifier and jwks of PARTS, whose loop and store must be there. Takes the keys of RULES. A negative errno. */
int keys_new(struct login_parts *parts, struct http *http, struct rules *rules);
/*
 * Takes the keys and the issuer of RULES; on a negative errno everything stays. The same URL goes on with what is
 * known of it.
 */
int keys_reload(struct login_parts *parts, struct http *http, struct rules *rules);
void keys_free(struct login_parts *parts);

#endif
