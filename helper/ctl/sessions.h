/* A record of C2M_SESSIONS. */
#ifndef SESSIONS_H
#define SESSIONS_H

#include "c2m/client.h"

#include <stdbool.h>

/* Its texts are texts: lengths, padding. */
bool sessions_sound(const struct c2m_session *session);

#endif
