/* Commands that read the journal: see command.h. */
#include "command.h"

json_object *command_requests(struct standin *standin, struct line *line)
{
    const struct journal *journal = &standin->service->journal;
    const char *name = line_value(line, "endpoint");
    enum endpoint endpoint = ENDPOINT_ANY;
    long since = 0;
    if (command_number(line, "since", 0, 0, &since) != 0)
        return command_error("since is the number of a request");
    if (name != NULL && endpoint_by_name(name, &endpoint) != 0)
        return command_error("there is no endpoint %.64s", name);
    json_object *list = journal_list(journal, (uint64_t)since, endpoint);
    json_object *answer = command_ok();
    value_put_integer(answer, "count", (int64_t)json_object_array_length(list));
    value_put_integer(answer, "connections", (int64_t)journal->connections);
    json_object_object_add(answer, "requests", list);
    return answer;
}

json_object *command_reset_requests(struct standin *standin, struct line *line)
{
    (void)line;
    journal_reset(&standin->service->journal);
    return command_ok();
}

json_object *command_serve_time(struct standin *standin, struct line *line)
{
    (void)line;
    json_object *answer = command_ok();
    value_put_integer(answer, "count", (int64_t)standin->service->journal.count);
    value_put_integer(answer, "total_us", standin->service->journal.busy_us);
    return answer;
}
