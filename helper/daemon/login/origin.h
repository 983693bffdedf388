/*
 * Where an attempt comes from, so that failures there are nobody else's: the address of rhost (of IPv6 the /64,
 * which one customer holds whole), a host name as it is, or the caller's real uid where there is no rhost.
 * At user.sock it is always the uid: there the user himself wrote what stands in rhost.
 */
#ifndef LOGIN_ORIGIN_H
#define LOGIN_ORIGIN_H

#include "login/parts.h"

struct origin {
    char text[C2M_HOST_MAX + 16]; /* "v4 192.0.2.7", "v6 2001:db8:0:1::", "host NAME", "uid 1002" */
};

void origin_tell(const struct login_request *request, struct origin *out);
/*
 * REMOTE when the application names a host, whatever host: behind 127.0.0.1 there may be a tunnel or a proxy, and
 * behind it anybody. LOCAL when it names none (a console, su, sudo), and always at user.sock.
 */
enum policy_origin origin_side(const struct login_request *request);

#endif
