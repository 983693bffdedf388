/*
 * A session that ends because somebody says so: root whichever he names, a user the one in which he stands. What was
 * typed at sudo in its terminals is over with it.
 */
#include "ipc/end_request.h"

#include "ipc/request.h"
#include "ipc/request_body.h"
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

static bool is_of_session(const struct presence *presence, const void *argument)
{
    const struct session *session = argument;
    return strcmp(presence->login, session->reference) == 0 ||
           (presence->uid == session->uid && standing_leader(session, presence->leader));
}

static bool is_of_uid(const struct presence *presence, const void *uid)
{
    return presence->uid == *(const uint32_t *)uid;
}

/* Sessions are named by the user, presences by the uid: root's module said both at the prompt. */
static bool is_of_user(const struct presence *presence, const void *argument)
{
    const struct request *request = argument;
    return request->facts.user[0] == '\0' ||
           names_known(request->requests->parts->names, request->facts.user, presence->uid);
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
    if (!session) {
        refuse_end(request, REASON_NO_LOGIN);
        return;
    }
    presences_end(requests->parts->presences, is_of_session, session, REASON_ENDED);
    end(request, session, REASON_ENDED);
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
    if (!session) {
        refuse_end(request, why);
        return;
    }
    /* All of his: a pane whose audit id is another would not be known as this session's, and sudo is to ask. */
    presences_end(requests->parts->presences, is_of_uid, &session->uid, REASON_GIVEN_UP);
    end(request, session, REASON_GIVEN_UP);
}

void presences_end_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = request_begin(requests, peer, "end");
    struct c2m_presences_end wire;
    if (!request)
        return;
    request->facts = (struct login_request){.root_door = true, .caller = peer_caller(peer)->facts};
    memcpy(&wire, body, sizeof wire);
    if (!request_body_name(request->facts.user, &wire.user)) {
        outcome_set(&request->outcome, REASON_PROTOCOL, false, 0);
        request_say(request, &request->outcome);
        return;
    }
    unsigned ended = presences_end(requests->parts->presences, is_of_user, request, REASON_ENDED);
    outcome_set(&request->outcome, REASON_ENDED, false, ended);
    request_say_committed(request);
}
