/*
 * From the helper's verdict to a PAM code: the one table, and the one place where PAM_SUCCESS comes from.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "c2m/wire.h"

/* The word of the log, as in the helper's: "granted" ... "unknown" for what is no verdict. */
const char *verdict_word(uint32_t verdict);

/*
 * The PAM code of VERDICT, which answered the request OPERATION. PROMPTED: answers that were typed for it in
 * this call; REUSE: root's line lets the session's presence stand for one. A verdict of another operation and an
 * unknown code are outages.
 */
int verdict_code(const struct c2m_verdict *verdict, uint16_t operation, unsigned prompted, bool reuse);

/* The PAM code when there is no verdict at all: helper absent, full, silent, or not understood. */
int verdict_outage(uint16_t operation);

#endif
