// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c tests/unit/deeds.c tests/unit/made_vfs.c
/*
 * A database of logins and logouts that is damaged somewhere: the helper starts on it whatever it finds, tokens let in
 * again, and what could be read of the old one is revoked.
 */
#include "deeds.h"
#include "login_world.h"
#include "made_vfs.h"
#include "state.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGE = 4096, LOGINS = 100, OPEN = 20, FILE_MAX = 4 << 20 };

static int times = 40; /* of `make fault-test` 200 */
static uint8_t master[FILE_MAX], damaged[FILE_MAX];
static size_t master_size;
static char machine[320] = "/etc/machine-id";

static int open_state(const char *folder, struct store **out)
{
    return state_open(folder, machine, false, out);
}

static void put(const char *path, const void *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

static void database(char path[320])
{
    snprintf(path, 320, "%s/state.db", world.folder);
}

/* LOGINS deeds, of which the last OPEN are not closed; all of it in state.db. */
static int set_up(void **state)
{
    static const char id[] = "0123456789abcdef0123456789abcdef\n";
    char path[320];
    login_world_set_up(state);
    snprintf(machine, sizeof machine, "%s/machine-id", world.key_folder);
    put(machine, id, sizeof id - 1);
    login_world_stop();
    world.open = open_state;
    assert_int_equal(login_world_start(), 0);
    for (int i = 0; i < LOGINS; i++) {
        struct deed *deed = deed_log_in();
        turns();
        deeds_exchange();
        turns();
        deed_open(deed);
        if (i < LOGINS - OPEN)
            deed_close(deed);
        turns();
        deed_settle(deed);
        assert_true(deed->opened != DEEDS_NEVER);
    }
    deeds_end_processes();
    login_world_stop();
    fake_api_reset();
    database(path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = read(fd, master, sizeof master);
    close(fd);
    assert_true(length > 10 * PAGE && length < FILE_MAX);
    master_size = (size_t)length;
    return 0;
}

static int tear_down(void **state)
{
    deeds_forget();
    return login_world_tear_down(state);
}

static unsigned files_aside(void)
{
    DIR *stream = opendir(world.folder);
    unsigned count = 0;
    assert_non_null(stream);
    for (struct dirent *entry; (entry = readdir(stream));)
        count += strncmp(entry->d_name, "state.db.damaged-", 17) == 0 && !strstr(entry->d_name, "-wal");
    closedir(stream);
    return count;
}

/* A fresh folder with what DAMAGED holds; how many of the tokens are dead or ordered to be after the start. */
static unsigned start_on(size_t size)
{
    char path[320];
    unsigned known = 0;
    login_world_stop();
    fake_api_reset();
    disk_remove(world.folder);
    snprintf(world.folder, sizeof world.folder, "%s", disk_folder());
    database(path);
    put(path, damaged, size);
    forget_log();
    assert_int_equal(login_world_start(), 0);
    assert_int_equal(sessions_resume(world.parts.sessions), 0);
    turns();
    deeds_learn_revocations();
    for (unsigned i = 0; i < LOGINS; i++)
        known += deed_ordered(&deeds[i]);
    return known;
}

/* Nothing of the damage keeps anybody out, or a close from being recorded. */
static void is_at_work(void)
{
    unsigned before = deeds_count;
    const char *why = "";
    deeds_now++;
    struct deed *deed = deed_log_in();
    turns();
    deeds_exchange();
    turns();
    assert_true(deed->granted != DEEDS_NEVER);
    deed_open(deed);
    deed_close(deed);
    turns();
    deeds_now++;
    if (!deed_on_disk(deed, deeds_now, &why))
        fail_msg("%s", why);
    deed_settle(deed);
    deeds_count = before;
}

static void finish(void)
{
    login_world_stop();
    fake_api_reset();
}

static void wherever_it_is_damaged_the_helper_goes_on(void **state)
{
    unsigned aside = 0, known = 0, least = LOGINS;
    unsigned seed = (unsigned)time(NULL);
    (void)state;
    print_message("seed %u, %zu pages\n", seed, master_size / PAGE);
    srandom(seed);
    for (int i = 0; i < times; i++) {
        memcpy(damaged, master, master_size);
        size_t at = (size_t)random() % (i % 8 == 0 ? 2 * PAGE : master_size),
               length = 1 + (size_t)random() % PAGE;
        for (size_t n = at; n < at + length && n < master_size; n++)
            damaged[n] = (uint8_t)random();
        unsigned found = start_on(master_size);
        aside += files_aside();
        known += found;
        least = found < least ? found : least;
        is_at_work();
        finish();
    }
    print_message(
        "damaged: %d databases, %u set aside; of the %u tokens of each %u known afterwards on average, "
        "%u at least\n",
        times, aside, LOGINS, known / (unsigned)times, least);
    assert_true(aside > (unsigned)times / 2);
    assert_true(known / (unsigned)times > LOGINS / 2);
}

static void what_is_cut_off_or_no_database_is_set_aside(void **state)
{
    static const size_t sizes[] = {1, 50, 100, 512, PAGE, 5 * PAGE, 5 * PAGE + 17};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        memcpy(damaged, master, master_size);
        start_on(sizes[i]);
        assert_int_equal(files_aside(), 1);
        assert_true(said("the database is damaged"));
        is_at_work();
        finish();
    }
    memset(damaged, 0xa5, PAGE);
    start_on(PAGE);
    assert_true(said("the database is damaged"));
    is_at_work();
    finish();
}

/* The root page of one table: the others are read. */
static size_t root_of(const char *table)
{
    struct store_statement *statement;
    memcpy(damaged, master, master_size);
    start_on(master_size);
    assert_int_equal(
        store_prepare(world.parts.store, "SELECT rootpage FROM sqlite_master WHERE name = ?1", &statement),
        0);
    store_bind_text(statement, 1, table);
    assert_int_equal(store_row(statement), 1);
    size_t page = (size_t)store_integer(statement, 0);
    store_finish(statement);
    finish();
    return (page - 1) * PAGE;
}

static void what_can_be_read_of_it_is_revoked(void **state)
{
    (void)state;
    size_t at = root_of("sessions");
    memcpy(damaged, master, master_size);
    memset(damaged + at, 0xff, PAGE);
    assert_int_equal(start_on(master_size), LOGINS); /* those of the open sessions too */
    assert_int_equal(files_aside(), 1);
    assert_true(said("tokens of sessions, which are over and are revoked now"));
    for (unsigned i = 0; i < LOGINS; i++)
        assert_int_equal(denied(deeds[i].token_id), DENY_REVOKED);
    is_at_work();
    finish();
}

static void what_does_not_say_whose_it_is_sends_nothing(void **state)
{
    (void)state;
    size_t at = root_of("host");
    memcpy(damaged, master, master_size);
    memset(damaged + at, 0xff, PAGE);
    assert_int_equal(start_on(master_size), 0);
    assert_true(said("it does not say that it is this machine's"));
    assert_int_equal(denied(deeds[0].token_id), DENY_REVOKED); /* but nobody comes in with it */
    assert_int_equal(fake_api_count(), 0);
    is_at_work();
    finish();
}

#define TEST(name) cmocka_unit_test(name)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(wherever_it_is_damaged_the_helper_goes_on),
        TEST(what_is_cut_off_or_no_database_is_set_aside),
        TEST(what_can_be_read_of_it_is_revoked),
        TEST(what_does_not_say_whose_it_is_sends_nothing),
    };
    if (argc > 1)
        times = atoi(argv[1]);
    made_vfs_install(NULL);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
