/* See power_cuts.h. */
#include "power_cuts.h"

#include "deeds.h"
#include "tape.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { AT_ONCE = 10, CHECKPOINT_EVERY = 23, RESTART_EVERY = 97 };

static struct tape *tape;

static int record(const struct made_vfs_event *event)
{
    if (event->kind != MADE_READ && event->file != MADE_OTHER) {
        tape_add(tape, event);
        deeds_now = tape_length(tape);
    }
    return 0;
}

static void api_revokes(const struct fake_request *request, struct api_revocation *answer)
{
    (void)request;
    answer->status = 204;
}

/* One of those that wait is answered, so that orders become receipts in between. */
static void answer_one(void)
{
    struct api_revocation answer = {.retry_after = -1};
    for (unsigned i = 0; i < fake_api_count(); i++) {
        const struct fake_request *request = fake_api_request(i);
        if (request->answered || request->cancelled || request->kind != FAKE_REVOKE)
            continue;
        api_revokes(request, &answer);
        fake_api_answer(i, &answer);
        return;
    }
}

static void restart(void)
{
    login_world_stop();
    assert_int_equal(login_world_start(), 0);
    assert_int_equal(sessions_resume(world.parts.sessions), 0);
}

static unsigned random_below(unsigned bound)
{
    return (unsigned)random() % bound;
}

static unsigned living(struct deed *list[AT_ONCE], bool to_open)
{
    unsigned count = 0;
    for (unsigned i = 0; i < deeds_count; i++) {
        struct deed *deed = &deeds[i];
        bool ready = deed->granted != DEEDS_NEVER && deed->ending == DEEDS_NEVER;
        if (ready && deed->opening != to_open && count < AT_ONCE)
            list[count++] = deed;
    }
    return count;
}

/* One operation of the trace, of those that are possible now. */
static void operate(unsigned number)
{
    struct deed *to_open[AT_ONCE], *to_close[AT_ONCE];
    unsigned opening = living(to_open, true), closing = living(to_close, false);
    unsigned choice = random_below(3);
    if (opening + closing >= AT_ONCE || (choice == 0 && closing > 0))
        closing > 0 ? deed_close(to_close[random_below(closing)]) : deed_open(to_open[0]);
    else if (choice == 1 && opening > 0)
        deed_open(to_open[random_below(opening)]);
    else
        assert_non_null(deed_log_in());
    deeds_exchange();
    if (number % 2 == 0)
        answer_one();
}

static void end_turn(unsigned number)
{
    turns();
    deeds_exchange();
    turns();
    for (unsigned i = 0; i < deeds_count; i++)
        deed_settle(&deeds[i]);
    if (number % CHECKPOINT_EVERY == 0)
        assert_int_equal(store_checkpoint(world.parts.store), 0);
    if (number % RESTART_EVERY == 0)
        restart();
}

static void record_trace(const struct power_options *options, struct power_figures *out)
{
    login_world_stop();
    disk_remove(world.folder);
    snprintf(world.folder, sizeof world.folder, "%s", disk_folder());
    srandom((unsigned)options->seed);
    made_vfs_tell(record);
    assert_int_equal(login_world_start(), 0);
    for (unsigned i = 1; i <= options->operations; i++) {
        operate(i);
        if (random_below(4) > 0 || i == options->operations) /* else the next one shares its commit */
            end_turn(i);
    }
    login_world_stop();
    made_vfs_tell(NULL);
    fake_api_reset();
    deeds_end_processes();
    for (unsigned i = 0; i < deeds_count; i++) {
        out->grants += deeds[i].granted != DEEDS_NEVER;
        out->opens += deeds[i].opened != DEEDS_NEVER;
        out->closes += deeds[i].closed != DEEDS_NEVER;
    }
    out->operations = options->operations;
    out->events = (unsigned)tape_length(tape);
}

static bool is_sound(void)
{
    struct store_statement *check;
    bool sound = store_prepare(world.parts.store, "PRAGMA integrity_check", &check) == 0 &&
                 store_row(check) == 1 && strcmp(store_text(check, 0), "ok") == 0;
    store_finish(check);
    return sound;
}

static void note(struct power_figures *out, long when, const char *what)
{
    if (!out->first[0])
        snprintf(out->first, sizeof out->first, "cut %u, after event %ld: %s", out->cuts, when, what);
}

static unsigned losses(long when, struct power_figures *out)
{
    const char *why;
    unsigned lost = 0;
    for (unsigned i = 0; i < deeds_count; i++) {
        if (!deed_on_disk(&deeds[i], when, &why)) {
            note(out, when, why);
            lost++;
        }
    }
    assert_int_equal(sessions_resume(world.parts.sessions), 0);
    store_turn(world.parts.store);
    deeds_learn_revocations();
    for (unsigned i = 0; i < deeds_count; i++) {
        if (!deed_dead(&deeds[i], when, &why)) {
            note(out, when, why);
            lost++;
        }
    }
    return lost;
}

static void judge_image(long when, struct power_figures *out)
{
    out->cuts++;
    for (unsigned i = 0; i < deeds_count; i++)
        out->promises += (unsigned)(deeds[i].granted != DEEDS_NEVER && deeds[i].granted < when) +
                         (deeds[i].closed != DEEDS_NEVER && deeds[i].closed < when);
    int r = login_world_start();
    if (r < 0 || !is_sound()) {
        note(out, when, r < 0 ? strerror(-r) : "not sound");
        out->corrupt++;
    } else {
        unsigned lost = losses(when, out);
        out->lost += lost;
        out->losing += lost > 0;
    }
    login_world_stop();
    fake_api_reset();
}

/* Spread over the whole trace, each by chance within its stretch. */
static void cut(const struct power_options *options, struct power_figures *out)
{
    struct platter *platter = platter_new(tape, options->syncs_ignored);
    long length = tape_length(tape);
    for (unsigned i = 0; i < options->cuts; i++) {
        long begin = length * i / options->cuts, end = length * (i + 1) / options->cuts;
        long when = begin + 1 + (end > begin ? random() % (end - begin) : 0);
        platter_play(platter, when < length ? when : length);
        platter_cut(platter, world.folder, options->seed + i);
        judge_image(when, out);
    }
    platter_free(platter);
}

void power_cuts_run(const struct power_options *options, struct power_figures *out)
{
    *out = (struct power_figures){.cuts = 0};
    tape = tape_new();
    record_trace(options, out);
    cut(options, out);
    deeds_forget();
    tape_free(tape);
    tape = NULL;
}

void power_figures_print(const struct power_options *options, const struct power_figures *figures)
{
    printf(
        "power: %s: %u operations (%u grants, %u openings, %u closes acknowledged), %u writes and syncs; %u "
        "cuts, seed %llu: %u databases not sound, %u of %u promises lost, in %u images%s%s\n",
        options->syncs_ignored ? "syncs ignored" : "synced", figures->operations, figures->grants,
        figures->opens, figures->closes, figures->events, figures->cuts, (unsigned long long)options->seed,
        figures->corrupt, figures->lost, figures->promises, figures->losing,
        figures->first[0] ? "; first: " : "", figures->first);
    fflush(stdout);
}
