/*
 * _pam_dispatch_aux of pam_dispatch.c, for a first call (no frozen chain).
 */
#include "replay.h"

#include "control.h"

#include <security/_pam_types.h>

enum impression { UNDECIDED, POSITIVE, NEGATIVE };
enum { LEVELS = 20, MUST_FAIL = PAM_PERM_DENIED };

struct standing {
    enum impression impression;
    int status;
    int decider;
};

/* The lines of one type, as a list. */
struct walk {
    const struct stack *stack;
    int lines[STACK_LINES_MAX];
    size_t count, at;
    struct standing now, entered[LEVELS];
};

static unsigned level_at(const struct walk *walk, size_t i)
{
    return walk->stack->lines[walk->lines[i]].level;
}

static bool more_in_this(const struct walk *walk, unsigned level)
{
    return walk->at + 1 < walk->count && level_at(walk, walk->at + 1) >= level;
}

/* Over COUNT entries of this level, each with what it opens. How many were not there. */
static int jump(struct walk *walk, int count, unsigned level)
{
    while (count > 0 && more_in_this(walk, level)) {
        do {
            walk->at++;
        } while (walk->at + 1 < walk->count && level_at(walk, walk->at + 1) > level);
        count--;
    }
    return count;
}

static void end_this_level(struct walk *walk, unsigned level)
{
    while (more_in_this(walk, level))
        walk->at++;
}

static void approve(struct walk *walk, int line, int result, bool done, unsigned level)
{
    struct standing *now = &walk->now;

    if (now->impression == UNDECIDED || (now->impression == POSITIVE && now->status == PAM_SUCCESS))
        *now = (struct standing){.impression = POSITIVE, .status = result, .decider = line};
    if (now->impression == POSITIVE && done)
        end_this_level(walk, level);
}

static void disapprove(struct walk *walk, int line, int result, bool die, unsigned level)
{
    if (walk->now.impression != NEGATIVE)
        walk->now = (struct standing){
            .impression = NEGATIVE, .status = result == PAM_IGNORE ? MUST_FAIL : result, .decider = line};
    if (die)
        end_this_level(walk, level);
}

static void act(struct walk *walk, int line, int result, int action)
{
    unsigned level = walk->stack->lines[line].level;

    switch (action) {
    case CONTROL_IGNORE:
        break;
    case CONTROL_RESET:
        walk->now = walk->entered[level];
        break;
    case CONTROL_OK:
    case CONTROL_DONE:
        approve(walk, line, result, action == CONTROL_DONE, level);
        break;
    case CONTROL_BAD:
    case CONTROL_DIE:
        disapprove(walk, line, result, action == CONTROL_DIE, level);
        break;
    default:
        if (jump(walk, action, level) > 0)
            walk->now = (struct standing){.impression = NEGATIVE, .status = MUST_FAIL, .decider = line};
    }
}

static void step(struct walk *walk, struct replay *replay, const int *results)
{
    int line = walk->lines[walk->at];
    int actions[CONTROL_RESULTS];

    if (walk->stack->lines[line].opens)
        return;
    replay->asked[replay->asked_count++] = line;
    control_read(actions, walk->stack->lines[line].control);
    act(walk, line, results[line], actions[results[line]]);
}

void replay_run(struct replay *replay, const struct stack *stack, enum stack_type type, const int *results)
{
    struct walk walk = {.stack = stack, .now = {.status = MUST_FAIL, .decider = -1}};
    unsigned before = 0;

    replay->asked_count = 0;
    for (size_t i = 0; i < stack->count; i++)
        if (stack->lines[i].type == type)
            walk.lines[walk.count++] = (int)i;
    walk.entered[0] = walk.now;
    for (; walk.at < walk.count; walk.at++) {
        unsigned level = level_at(&walk, walk.at);
        if (level > before && level < LEVELS)
            walk.entered[level] = walk.now;
        before = level;
        step(&walk, replay, results);
    }
    if (walk.now.status == PAM_SUCCESS && walk.now.impression != POSITIVE)
        walk.now.status = MUST_FAIL;
    replay->verdict = walk.now.status;
    replay->decider = walk.now.decider;
}
