/* Commands that make the service misbehave: see command.h. */
#include "command.h"

#include "memory.h"

#include <errno.h>
#include <string.h>

/* The arguments that are numbers. NULL, or the name of the one that is none. */
static const char *read_numbers(struct line *line, struct fault *fault)
{
    long status = 0;
    if (command_number(line, "status", 100, 0, &status) != 0 || status > 999)
        return "status";
    fault->status = (unsigned)status;
    if (command_number(line, "delay", 0, 0, &fault->delay_ms) != 0)
        return "delay";
    if (command_number(line, "retry-after", 0, 0, &fault->retry_after) != 0)
        return "retry-after";
    if (command_number(line, "size", 0, 0, &fault->size) != 0)
        return "size";
    if (command_number(line, "count", 1, -1, &fault->left) != 0)
        return "count";
    return NULL;
}

static const char *read_flags(struct line *line, struct fault *fault)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"reset", &fault->reset},
        {"lost", &fault->lost},
        {"garbage", &fault->garbage},
        {"html", &fault->html},
        {"late", &fault->late},
        {"done", &fault->done},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (command_flag(line, flags[i].name, false, flags[i].flag) != 0)
            return flags[i].name;
    return NULL;
}

static const char *read_bearer(struct line *line, struct fault *fault)
{
    const char *bearer = line_value(line, "bearer");
    if (bearer == NULL)
        return NULL;
    fault->bearer = strcmp(bearer, "itself") == 0 ? FAULT_TARGET_ITSELF : FAULT_ANOTHER;
    return fault->bearer == FAULT_ANOTHER && strcmp(bearer, "another") != 0 ? "bearer" : NULL;
}

json_object *command_fault(struct standin *standin, struct line *line)
{
    const char *endpoint = line_value(line, "endpoint");
    struct fault *fault = memory_zeroed(1, sizeof *fault);
    const char *wrong = read_numbers(line, fault);
    if (wrong == NULL)
        wrong = read_flags(line, fault);
    if (wrong == NULL)
        wrong = read_bearer(line, fault);
    if (wrong == NULL && (endpoint == NULL || endpoint_by_name(endpoint, &fault->endpoint) != 0))
        wrong = "endpoint";
    fault->body = memory_copy(line_value(line, "body"));
    fault->type = memory_copy(line_value(line, "type"));
    fault->location = memory_copy(line_value(line, "location"));
    if (wrong == NULL && line_unused(line) != NULL)
        wrong = "an unknown argument";
    if (wrong == NULL && !fault_answers(fault) && !fault->reset && !fault->lost && fault->delay_ms == 0)
        wrong = "what is to happen";
    if (wrong != NULL) {
        fault_free(fault);
        return command_error("not a fault: look at %s", wrong);
    }
    faults_add(&standin->service->faults, fault);
    return command_ok();
}

json_object *command_clear(struct standin *standin, struct line *line)
{
    (void)line;
    faults_clear(&standin->service->faults);
    return command_ok();
}

json_object *command_down(struct standin *standin, struct line *line)
{
    (void)line;
    server_down(standin->server);
    return command_ok();
}

json_object *command_up(struct standin *standin, struct line *line)
{
    (void)line;
    if (server_up(standin->server) != 0)
        return command_error("cannot listen: %s", strerror(errno));
    return command_ok();
}

json_object *command_limit(struct standin *standin, struct line *line)
{
    long allowed = 0;
    if (command_number(line, NULL, 0, -1, &allowed) != 0 || allowed < 0)
        return command_error("limit takes a number of requests a minute; 0: no limit");
    limit_set(&standin->service->limit, (unsigned)allowed);
    return command_ok();
}
