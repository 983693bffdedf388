/* Nothing is taken over here: the order is on disk when it is granted, and the next start obeys it. */
#include "ipc/adopt_request.h"

#include "base/log.h"
#include "ipc/request.h"
#include "session/adoption.h"

#include <errno.h>

void adoptable_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct c2m_adoptable adoptable;
    const struct admin *admin = requests->admin;
    (void)body;
    int r = adoption_look(admin->store, admin->state_dir, &adoptable);
    if (r == 0)
        peer_send(peer, C2M_ADOPTABLE_IS, &adoptable, sizeof adoptable);
    else if (r == -ENOENT)
        peer_send(peer, C2M_END, NULL, 0);
    else
        log_message(LOG_LEVEL_ERROR, "state: what was set aside cannot be read: %s", log_errno(r));
    peer_finish(peer); /* without an answer the client says that it is none */
}

void adopt_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = request_begin(requests, peer, "adopt");
    (void)body;
    if (!request)
        return;
    request->facts = (struct login_request){.root_door = true, .caller = peer_caller(peer)->facts};
    int r = adoption_order(requests->admin->store);
    outcome_set(&request->outcome,
        r == 0         ? REASON_ADOPTED
        : r == -ENOENT ? REASON_NOT_SET_ASIDE
                       : REASON_STORE,
        false, 0);
    request_say_committed(request);
}
