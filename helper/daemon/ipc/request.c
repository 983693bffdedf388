#include "ipc/request.h"

#include "base/clock.h"
#include "ipc/metrics.h"
#include "ipc/request_log.h"

#include <stdlib.h>
#include <string.h>

/* Of whom root never spoke, they share: one of them may be many uids. */
bool request_refusal_logged(const struct requests *requests, const struct peer *peer)
{
    uint32_t uid = peer_caller(peer)->uid;
    if (peer_root_door(peer))
        return true;
    if (uid != 0 && !names_known_uid(requests->parts->names, uid))
        uid = PROCESS_NO_UID;
    return user_lines_take(requests->user_lines, uid);
}

static bool is_refusal(const struct outcome *outcome)
{
    return outcome->verdict != C2M_GRANTED && outcome->verdict != C2M_IGNORE;
}

void request_logged(const struct request *request, const struct outcome *outcome)
{
    int64_t duration_us = clock_boot_us() - request->began_us;
    if (!is_refusal(outcome) || request_refusal_logged(request->requests, request->peer))
        request_log(request->event, &request->facts, outcome, duration_us);
    if (strcmp(request->event, "login") == 0)
        metrics_login(request->requests->admin->tally, &request->facts, outcome, duration_us);
}

void request_say(struct request *request, const struct outcome *outcome)
{
    request_logged(request, outcome);
    peer_verdict(request->peer, outcome);
}

/* What was promised is on disk before it is promised. */
static void committed(void *argument, int error)
{
    struct request *request = argument;
    if (error < 0)
        outcome_set(&request->outcome, REASON_STORE, false, 0);
    request_say(request, &request->outcome);
}

void request_say_committed(struct request *request)
{
    if (store_after_commit(request->requests->parts->store, committed, request) < 0)
        committed(request, -1);
}

static void undo(void *state, enum reason why)
{
    struct request *request = state;
    if (why == REASON_DEADLINE && request->login) {
        login_abandon(request->login, REASON_DEADLINE);
        return;
    }
    if (why == REASON_DEADLINE) {
        peer_finish(request->peer);
        return;
    }
    if (request->login && peer_unheard(request->peer))
        login_unheard(request->login);
    store_forget(request->requests->parts->store, request);
    delivery_cancel(request->requests->delivery, request);
    if (request->requests->renewal)
        renewal_cancel(request->requests->renewal, request);
    login_free(request->login);
    enroll_free(request->enroll);
    free(request);
}

struct request *request_begin(const struct requests *requests, struct peer *peer, const char *event)
{
    struct request *request = calloc(1, sizeof *request);
    if (!request) {
        peer_finish(peer);
        return NULL;
    }
    *request =
        (struct request){.requests = requests, .peer = peer, .event = event, .began_us = clock_boot_us()};
    peer_under_way(peer, undo, request);
    return request;
}
