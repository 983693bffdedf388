/* What only informs (rhost, ruser, tty) may hold any byte: it passes the filter where it is printed. */
#include "ipc/request_body.h"

#include "c2m/client.h"

#include <string.h>

enum { DEADLINE_MIN_MS = 1000, DEADLINE_MAX_MS = 60000 };

static bool copy_text(char *out, uint16_t length, const char *bytes, size_t max)
{
    if (!c2m_text_ok(length, bytes, max) || memchr(bytes, '\0', length))
        return false;
    memcpy(out, bytes, length);
    out[length] = '\0';
    return true;
}

bool request_body_name(char *out, const struct c2m_name *name)
{
    return copy_text(out, name->length, name->bytes, sizeof name->bytes);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

bool request_body_read(const struct c2m_request *wire, const struct peer *peer, struct login_request *out)
{
    const struct caller *caller = peer_caller(peer);
    *out = (struct login_request){
        .root_door = peer_root_door(peer),
        .can_ask = wire->flags & C2M_CAN_ASK,
        .reuse = wire->flags & C2M_REUSE,
        .uid = wire->uid,
        .deadline_ms = clamp(wire->deadline_ms, DEADLINE_MIN_MS, DEADLINE_MAX_MS),
        .caller = caller->facts,
    };
    return request_body_name(out->service, &wire->service) && request_body_name(out->user, &wire->user) &&
           request_body_name(out->ruser, &wire->ruser) && request_body_name(out->tty, &wire->tty) &&
           copy_text(out->rhost, wire->rhost.length, wire->rhost.bytes, sizeof wire->rhost.bytes);
}
