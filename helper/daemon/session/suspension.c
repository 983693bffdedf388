/* Marks, and no list of its own: it lives no longer than what it concerns, and needs no bound. */
#include "session/suspension.h"

#include <string.h>

void suspension_set(
    struct sessions *sessions, struct presences *presences, const char *client, bool suspended)
{
    if (!client[0])
        return; /* a session whose client is not known is not everybody's */
    for (struct session *s = sessions_first(sessions); s; s = sessions_next(sessions, s))
        if (strcmp(s->client, client) == 0)
            s->suspended = suspended;
    presences_suspend(presences, client, suspended);
}
