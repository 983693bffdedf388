/* An address that is written in several ways is one origin: IPv4 inside IPv6, a zone behind a link-local one. */
#include "login/origin.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static void tell_v4(const void *address, struct origin *out)
{
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, address, text, sizeof text);
    snprintf(out->text, sizeof out->text, "v4 %s", text);
}

static void tell_v6(struct in6_addr address, struct origin *out)
{
    char text[INET6_ADDRSTRLEN] = "";
    memset(address.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &address, text, sizeof text);
    snprintf(out->text, sizeof out->text, "v6 %s", text);
}

enum policy_origin origin_side(const struct login_request *request)
{
    return request->root_door && request->rhost[0] ? POLICY_REMOTE : POLICY_LOCAL;
}

void origin_tell(const struct login_request *request, struct origin *out)
{
    char address[INET6_ADDRSTRLEN] = "";
    struct in6_addr v6;
    struct in_addr v4;
    if (origin_side(request) == POLICY_LOCAL) {
        snprintf(out->text, sizeof out->text, "uid %u", request->caller.real_uid);
        return;
    }
    size_t length = strcspn(request->rhost, "%"); /* fe80::1%eth0 */
    if (length < sizeof address)
        memcpy(address, request->rhost, length);
    if (inet_pton(AF_INET, request->rhost, &v4) == 1)
        tell_v4(&v4, out);
    else if (inet_pton(AF_INET6, address, &v6) != 1)
        snprintf(out->text, sizeof out->text, "host %s", request->rhost);
    else if (IN6_IS_ADDR_V4MAPPED(&v6))
        tell_v4(v6.s6_addr + 12, out);
    else
        tell_v6(v6, out);
}
