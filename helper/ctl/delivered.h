/*
 * A short token for the API, which the helper delivers to whoever stands in a session that a long-term token opened.
 */
#ifndef DELIVERED_H
#define DELIVERED_H

#include "options.h"

#include "c2m/wire.h"

/*
 * Asks for one that still lives for MIN_TTL seconds. EXIT_OK, and its text is visible ASCII without a blank; else an exit
 * code, after the reason was told. The process makes no core from then on. The caller wipes it.
 */
int delivered_fetch(const struct options *options, uint32_t min_ttl, struct c2m_token *token);

void delivered_wipe(struct c2m_token *token); /* __attribute__((cleanup)) */

#endif
