/*
 * The talk with the helper, which leads: it asks for a prompt, the module shows it and sends the answer, until a
 * verdict comes. One connection, one operation.
 */
#ifndef RELAY_H
#define RELAY_H

#include "call.h"

/*
 * Runs call->operation to its end and sets code, verdict, reason and error of the call. Bounded: C2M_FIRST_ANSWER_MS
 * until the first answer, C2M_DEADLINE_MS and a margin after each that was typed; a prompt lasts as long as the
 * application lets it. A helper that is restarted while somebody types is asked again once, and gets what was
 * typed without a second prompt.
 */
void relay_run(struct call *call);

#endif
