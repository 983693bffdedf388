// fakes: clock
// link: -Wl,--wrap=log_message
/* Whose state is taken up at a start: this machine's, and no copy of another one's. */
#include "state.h"

#include "fakes/clock.h"
#include "session/schema.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

#define A "0123456789abcdef0123456789abcdef\n"
#define B "fedcba9876543210fedcba9876543210\n"

static char folder[] = "/tmp/test_state.XXXXXX", machine[64], said[4096];

__attribute__((format(printf, 2, 3))) void __wrap_log_message(enum log_level level, const char *format, ...);
void __wrap_log_message(enum log_level level, const char *format, ...)
{
    va_list arguments;
    (void)level;
    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
}

static void put(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static int opened(bool adopt, struct store **store)
{
    said[0] = '\0';
    return state_open(folder, machine, adopt, store);
}

static int64_t names(struct store *store)
{
    struct store_statement *statement;
    assert_int_equal(store_prepare(store, "SELECT count(*) FROM names", &statement), 0);
    assert_int_equal(store_row(statement), 1);
    int64_t count = store_integer(statement, 0);
    store_finish(statement);
    return count;
}

/* Opens, finds COUNT names, adds one that is new, and closes. */
static void visited(bool adopt, int64_t count)
{
    struct store *store;
    struct store_statement *statement;
    char user[16];
    assert_int_equal(opened(adopt, &store), 0);
    assert_int_equal(names(store), count);
    snprintf(user, sizeof user, "u%d", (int)count);
    assert_int_equal(store_prepare(store, "INSERT INTO names (user, uid) VALUES (?1, 1)", &statement), 0);
    store_bind_text(statement, 1, user);
    assert_int_equal(store_write(statement), 0);
    store_turn(store);
    store_finish(statement);
    store_close(store);
}

/* How many files begin like that; the last one's name in OUT. */
static unsigned files(const char *prefix, char out[300])
{
    DIR *directory = opendir(folder);
    unsigned count = 0;
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
            continue;
        count++;
        snprintf(out, 300, "%s/%s", folder, entry->d_name);
    }
    closedir(directory);
    return count;
}

static int set_up(void **state)
{
    (void)state;
    char *made = mkdtemp(strcpy(folder, "/tmp/test_state.XXXXXX"));
    if (!made)
        return -1;
    snprintf(machine, sizeof machine, "%s/machine-id", folder);
    put(machine, A, 0444);
    return 0;
}

static int tear_down(void **state)
{
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void the_same_machine_finds_its_state_again(void **state)
{
    (void)state;
    visited(false, 0);
    visited(false, 1);
    assert_string_equal(said, "");
}

static void another_machines_state_is_set_aside_whole(void **state)
{
    char path[300], text[4096];
    (void)state;
    visited(false, 0);
    unlink(machine);
    put(machine, B, 0444);
    visited(false, 0);
    assert_non_null(strstr(said, "another machine's"));
    assert_int_equal(files("state.db.another-", path), 1);
    assert_non_null(strstr(said, strrchr(path, '/') + 1)); /* its name is said */
    visited(false, 1); /* the fresh one is this machine's */

    /* told to be the same machine: its state, as it was */
    snprintf(text, sizeof text, "%s/state.db", folder);
    assert_int_equal(rename(path, text), 0);
    visited(true, 1);
    visited(false, 2);
}

static void without_an_id_nothing_can_be_told_apart(void **state)
{
    static const char *const none[] = {"", "uninitialized\n", "0123456789ABCDEF0123456789ABCDEF\n"};
    char path[300];
    (void)state;
    visited(false, 0);
    for (int i = 0; i < 3; i++) {
        unlink(machine);
        put(machine, none[i], 0444);
        visited(false, i + 1);
    }
    unlink(machine);
    visited(false, 4);
    assert_int_equal(files("state.db.", path), 0);
    put(machine, B, 0444); /* what the first start had said still holds */
    visited(false, 0);
}

static void the_id_itself_is_told_to_nobody(void **state)
{
    char path[300], bytes[65536];
    (void)state;
    visited(false, 0);
    snprintf(path, sizeof path, "%s/state.db", folder);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = read(fd, bytes, sizeof bytes);
    close(fd);
    assert_true(got > 4096);
    assert_null(memmem(bytes, (size_t)got, A, 32));
}

static void a_damaged_state_is_set_aside_and_a_fresh_one_begun(void **state)
{
    char path[300];
    (void)state;
    visited(false, 0);
    snprintf(path, sizeof path, "%s/state.db", folder);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    for (int page = 0; page < 8; page++)
        assert_int_equal(pwrite(fd, "damaged damaged damaged", 23, 100 + 4096 * page), 23);
    close(fd);
    visited(false, 0);
    assert_non_null(strstr(said, "damaged"));
    assert_int_equal(files("state.db.damaged-", path), 1);
    visited(false, 1);
}

static void a_state_in_use_is_left_where_it_is(void **state)
{
    struct store *store, *second = NULL;
    char path[300];
    (void)state;
    assert_int_equal(opened(false, &store), 0);
    unlink(machine);
    put(machine, B, 0444);
    assert_int_equal(opened(false, &second), -EBUSY);
    assert_int_equal(files("state.db.", path), 0);
    store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_machine_finds_its_state_again),
        TEST(another_machines_state_is_set_aside_whole),
        TEST(without_an_id_nothing_can_be_told_apart),
        TEST(the_id_itself_is_told_to_nobody),
        TEST(a_damaged_state_is_set_aside_and_a_fresh_one_begun),
        TEST(a_state_in_use_is_left_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
