/* A session that ends because somebody says so: root whichever he names, a user the one in which he stands. */
#include "ipc/end_request.h"

#include "ipc/request.h"
#include "session/standing.h"

#include <string.h>

/* Its tokens are dead from here on; the processes of it are c2mctl's to hang up, which may. */
static void end(struct request *request, struct session *session, enum reason why)
{
    memcpy(request->outcome.reference, session->reference, sizeof session->reference);
    memcpy(request->facts.user, session->user, sizeof request->facts.user);
    outcome_set(&request->outcome, why, false, 0);
    sessions_end(request->requests->parts->sessions, session, why);
    request_say_committed(request);
}

static void refuse_end(struct request *request, enum reason why)
{
    outcome_set(&request->outcome, why, false, 0);
    request->outcome.verdict = C2M_DENIED;
    request->outcome.text = C2M_TEXT_NO_SESSION;
    request_say(request, &request->outcome);
}

void end_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = request_begin(requests, peer, "end");
    char reference[C2M_REFERENCE_SIZE + 1] = "";
    if (!request)
        return;
    request->facts = (struct login_request){.root_door = true, .caller = peer_caller(peer)->facts};
    memcpy(reference, body, C2M_REFERENCE_SIZE);
    struct session *session = sessions_find(requests->parts->sessions, reference);
    if (session)
        end(request, session, REASON_ENDED);
    else
        refuse_end(request, REASON_NO_LOGIN);
}

void give_up_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = request_begin(requests, peer, "end");
    const struct caller *caller = peer_caller(peer);
    enum reason why = REASON_NOT_STANDING;
    (void)body;
    if (!request)
        return;
    request->facts = (struct login_request){.uid = caller->uid, .caller = caller->facts};
    struct session *session =
        peer_root_door(peer) ? NULL
                             : standing_find(requests->parts->sessions, &caller->facts, caller->uid, &why);
    if (session)
        end(request, session, REASON_GIVEN_UP);
    else
        refuse_end(request, why);
}
