/* See disk_faults.h. */
#include "disk_faults.h"

#include "base/state_reserve.h"
#include "deeds.h"
#include "made_vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { POINTS_MAX = 10000, WRITES = 1u << MADE_WRITE | 1u << MADE_TRUNCATE | 1u << MADE_DELETE };

static const struct fault {
    const char *name;
    unsigned kinds; /* of events, as bits */
    int error; /* 0: from there on nothing may grow */
    bool once;
} faults[DISK_FAULT_KINDS] = {
    {"the disk is full", 1u << MADE_WRITE, 0, false},
    {"ENOSPC at a write", 1u << MADE_WRITE, ENOSPC, true},
    {"ENOSPC at each write", 1u << MADE_WRITE, ENOSPC, false},
    {"EIO at a write", 1u << MADE_WRITE, EIO, true},
    {"EIO at each write", 1u << MADE_WRITE, EIO, false},
    {"EIO at a sync", 1u << MADE_SYNC, EIO, true},
    {"EIO at each sync", 1u << MADE_SYNC, EIO, false},
    {"EIO at a read", 1u << MADE_READ, EIO, true},
    {"EIO at each read", 1u << MADE_READ, EIO, false},
    {"EIO at a truncate", 1u << MADE_TRUNCATE, EIO, true},
    {"EIO at each truncate", 1u << MADE_TRUNCATE, EIO, false},
    {"read-only", WRITES, EROFS, false},
};

static const struct fault *fault;
static long calls, begins; /* of the fault's kinds; 0: never */
static struct disk_fault_figures *figures;

static int meet(const struct made_vfs_event *event)
{
    if (!(fault->kinds & 1u << event->kind) || event->file == MADE_OTHER)
        return 0;
    calls++;
    if (begins == 0 || calls < begins || (fault->once && calls > begins))
        return 0;
    if (fault->error == 0 && calls == begins)
        disk_limit(world.folder, disk_used(world.folder));
    if (fault->error == EROFS && calls == begins) {
        disk_error = EROFS;
        disk_fails_from = 1;
    }
    return fault->error;
}

static void mend(void)
{
    begins = 0;
    disk_limit(NULL, 0);
    disk_fails_from = 0;
}

static bool reserve_is_whole(void)
{
    char path[320];
    struct stat status;
    snprintf(path, sizeof path, "%s/reserve", world.folder);
    return stat(path, &status) == 0 && status.st_size == STATE_RESERVE_SIZE;
}

static void note(const char *what, const struct deed *deed)
{
    if (!figures->first[0])
        snprintf(figures->first, sizeof figures->first, "point %u: %s (%s)", figures->points, what,
            deed ? deed->token_id : "");
}

static void end_turn(void)
{
    deeds_now++;
    for (int i = 0; i < 3; i++) {
        turns();
        deeds_exchange();
    }
    for (unsigned i = 0; i < deeds_count; i++)
        deed_settle(&deeds[i]);
    deeds_now++;
}

static struct deed *log_in(void)
{
    bool whole = reserve_is_whole();
    struct deed *deed = deed_log_in();
    deeds_exchange();
    end_turn();
    if (deed->granted == DEEDS_NEVER && deed->refused != REASON_STORE) {
        note("refused, and no outage", deed);
        figures->wrong++;
    }
    if (deed->granted != DEEDS_NEVER && !whole && !reserve_is_whole()) {
        note("granted without a reserve", deed);
        figures->wrong++;
    }
    return deed;
}

static void open_it(struct deed *deed)
{
    if (deed->granted != DEEDS_NEVER)
        deed_open(deed);
    end_turn();
}

static void close_it(struct deed *deed)
{
    if (deed->granted != DEEDS_NEVER)
        deed_close(deed);
    end_turn();
}

/* Long enough that each kind of write is met: the log begins, grows, is copied, and begins again. */
static void run_script(void)
{
    struct deed *first = log_in(), *second = log_in();
    open_it(first);
    struct deed *third = log_in();
    open_it(third);
    close_it(first);
    store_checkpoint(world.parts.store);
    open_it(second);
    close_it(third);
    struct deed *fourth = log_in();
    open_it(fourth);
    store_checkpoint(world.parts.store);
    close_it(second);
    close_it(fourth);
}

static void copy_file(const char *from, const char *to, const char *name)
{
    static char bytes[1 << 20];
    char path[320];
    ssize_t length;
    snprintf(path, sizeof path, "%s/%s", from, name);
    int in = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "%s/%s", to, name);
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    while (in >= 0 && (length = read(in, bytes, sizeof bytes)) > 0)
        if (write(out, bytes, (size_t)length) != length)
            abort();
    if (in >= 0)
        close(in);
    close(out);
}

/* What is there when the helper is killed now. */
static void copy_state(char image[256])
{
    snprintf(image, 256, "%s", disk_folder());
    copy_file(world.folder, image, "state.db");
    copy_file(world.folder, image, "state.db-wal");
}

static void start_on(const char *folder)
{
    login_world_stop();
    fake_api_reset();
    disk_remove(world.folder);
    snprintf(world.folder, sizeof world.folder, "%s", folder);
    mkdir(world.folder, 0700);
    assert_int_equal(login_world_start(), 0);
}

static void judge_image(const char *image, long when)
{
    const char *why;
    start_on(image);
    for (unsigned i = 0; i < deeds_count; i++) {
        if (deed_on_disk(&deeds[i], when, &why))
            continue;
        note(why, &deeds[i]);
        figures->unrevocable++;
    }
}

/* The fault is over, and time passes: what was asked for is recorded, and logins go on. */
static void judge_recovery(void)
{
    const char *why;
    mend();
    for (int i = 0; i < 3; i++) {
        fake_boot_ms += 2000;
        end_turn();
    }
    struct deed *after = log_in();
    figures->stuck += after->granted == DEEDS_NEVER;
    open_it(after);
    close_it(after);
    deeds_learn_revocations();
    for (unsigned i = 0; i < deeds_count; i++) {
        struct deed *deed = &deeds[i];
        bool is_late = deed->ending != DEEDS_NEVER && deed->closed == DEEDS_NEVER;
        if (is_late)
            deed->closed = deeds_now - 1;
        figures->grants += deed->granted != DEEDS_NEVER;
        figures->refusals += deed->refused != REASON_NONE;
        figures->closes += deed->ending != DEEDS_NEVER;
        figures->late += is_late;
        if (!deed_on_disk(deed, deeds_now, &why) || (deed->obtained && !deed_ordered(deed))) {
            note(deed->obtained ? "obtained and not revoked, or a close is lost" : why, deed);
            figures->lost++;
        }
    }
}

static void forget_all(void)
{
    for (unsigned i = 0; i < deeds_count; i++)
        deed_settle(&deeds[i]);
    deeds_forget();
}

static void one_point(long point)
{
    char image[256], fresh[256];
    figures->points++;
    snprintf(fresh, sizeof fresh, "%s", disk_folder());
    start_on(fresh);
    fake_boot_ms = 3600 * 1000; /* the wall clock stands still, and remembered tokens age by this one */
    deeds_now = 1;
    calls = 0;
    begins = point;
    made_vfs_tell(meet);
    run_script();
    copy_state(image);
    long when = deeds_now;
    judge_recovery();
    made_vfs_tell(NULL);
    deeds_end_processes();
    judge_image(image, when);
    forget_all();
}

void disk_faults_run(unsigned kind, unsigned every, struct disk_fault_figures *out)
{
    fault = &faults[kind];
    figures = out;
    *out = (struct disk_fault_figures){.name = fault->name};
    one_point(POINTS_MAX); /* none: how many there are, and that nothing fails then */
    long count = calls;
    if (count >= POINTS_MAX || figures->refusals > 0) {
        note("an outage without a fault", NULL);
        figures->wrong++;
    }
    for (long point = 1; point <= count; point += every)
        one_point(point);
}

void disk_faults_print(const struct disk_fault_figures *figures_)
{
    printf(
        "fault: %s: %u points; %u grants, %u outages, %u closes, of them %u recorded when it had ended; %u "
        "grants not on the disk, %u closes or tokens lost, %u stuck, %u wrong%s%s\n",
        figures_->name, figures_->points, figures_->grants, figures_->refusals, figures_->closes,
        figures_->late, figures_->unrevocable, figures_->lost, figures_->stuck, figures_->wrong,
        figures_->first[0] ? "; first: " : "", figures_->first);
    fflush(stdout);
}
