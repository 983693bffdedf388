// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c tests/unit/deeds.c tests/unit/made_vfs.c tests/unit/disk_faults.c
/* A disk that fails or is full under logins and logouts, at some points. Each of them is `make fault-test`. */
#include "login_world.h"
#include "deeds.h"
#include "disk_faults.h"
#include "made_vfs.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { FULL, NO_ROOM_ONCE };

static void run(unsigned kind, unsigned every, struct disk_fault_figures *figures)
{
    disk_faults_run(kind, every, figures);
    disk_faults_print(figures);
    assert_true(figures->points > 1 && figures->grants > 0 && figures->closes > 0);
    assert_int_equal(figures->unrevocable, 0);
    assert_int_equal(figures->lost, 0);
    assert_int_equal(figures->stuck, 0);
    assert_int_equal(figures->wrong, 0);
}

static void on_a_full_disk_nobody_is_let_in_and_who_is_in_can_leave(void **state)
{
    struct disk_fault_figures figures;
    (void)state;
    run(FULL, 19, &figures);
    assert_int_equal(figures.late, 0); /* each close is recorded at once, in the reserve */
    assert_true(figures.refusals > 0);
    assert_true(figures.closes > 0);
}

static void one_write_without_room_is_not_even_noticed(void **state)
{
    struct disk_fault_figures figures;
    (void)state;
    run(NO_ROOM_ONCE, 41, &figures);
    assert_int_equal(figures.late + figures.refusals, 0);
}

static void a_disk_that_fails_is_an_outage_and_no_more(void **state)
{
    struct disk_fault_figures figures;
    (void)state;
    for (unsigned kind = NO_ROOM_ONCE + 1; kind < DISK_FAULT_KINDS; kind++)
        run(kind, 83, &figures);
}

static struct deed *logged_in_and_open(void)
{
    struct deed *deed = deed_log_in();
    turns();
    deed_open(deed);
    turns();
    return deed;
}

/* It was let through when there was room; what the API gave meanwhile must not live. */
static void an_exchange_that_ends_on_a_full_disk_is_revoked(void **state)
{
    struct deed *first = logged_in_and_open(), *second = logged_in_and_open(), *third = deed_log_in();
    (void)state;
    assert_true(third->is_long);
    turns();
    disk_limit(world.folder, disk_used(world.folder));
    deed_close(first);
    turns();
    deed_close(second);
    turns();
    assert_true(first->closed != DEEDS_NEVER && second->closed != DEEDS_NEVER);
    assert_int_equal(store_room(world.parts.store), -ENOSPC);
    deeds_exchange();
    turns();
    assert_int_equal(third->refused, REASON_STORE);
    deeds_learn_revocations();
    assert_true(deed_ordered(third));
    disk_limit(NULL, 0);
    for (unsigned i = 0; i < deeds_count; i++)
        deed_settle(&deeds[i]);
    deeds_forget();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(on_a_full_disk_nobody_is_let_in_and_who_is_in_can_leave),
        TEST(one_write_without_room_is_not_even_noticed),
        TEST(an_exchange_that_ends_on_a_full_disk_is_revoked),
        TEST(a_disk_that_fails_is_an_outage_and_no_more),
    };
    made_vfs_install(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
