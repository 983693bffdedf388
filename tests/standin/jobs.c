/* POST /jobs/...: what tokens are for. The job itself is taken and forgotten. */
#include "bearer.h"

#include "memory.h"

void submit_job(struct service *service, struct request *request, struct reply *reply)
{
    struct bearer bearer OWN_BEARER = {0};
    if (bearer_read(service, request, &bearer, reply) != 0)
        return;
    request_note_token(request, bearer.id);
    if (bearer.type != TOKEN_SHORT) {
        reply_error(reply, 401, "invalid_token", "A short-term token is needed.");
        return;
    }
    if (!bearer_may(&bearer, "jobs:submit", reply))
        return;
    OWN_TEXT char *random_id = bytes_random_hex(8);
    OWN_TEXT char *id = memory_format("job_%s", random_id);
    json_object *answer = json_object_new_object();
    value_put_string(answer, "id", id);
    value_put_string(answer, "status", "accepted");
    value_put_string(answer, "client_id", bearer.client->id);
    reply_json(reply, 200, answer);
}
