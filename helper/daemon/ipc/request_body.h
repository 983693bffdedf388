/* From the wire to C strings: lengths, zero padding and NULs checked, the kernel's facts beside them. */
#ifndef IPC_REQUEST_BODY_H
#define IPC_REQUEST_BODY_H

#include "ipc/peer.h"
#include "login/parts.h"

/* False when a text is not one (a length beyond its array, bytes after it, a NUL inside). Any may be empty. */
bool request_body_read(const struct c2m_request *wire, const struct peer *peer, struct login_request *out);
/* The same of one name; OUT has room for C2M_NAME_MAX bytes and a NUL. */
bool request_body_name(char *out, const struct c2m_name *name);

#endif
