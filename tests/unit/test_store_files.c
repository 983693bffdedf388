// link: tests/unit/disk.c tests/unit/store_world.c
/* Whose files the store opens, and which databases are its own. */
#include "disk.h"
#include "store_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void what_is_deleted_is_wiped(void **state)
{
    (void)state;
    struct store_statement *clear = NULL;
    store_bind_integer(world.insert, 1, 1);
    store_bind_text(world.insert, 2, "a-word-to-look-for");
    store_bind_blob(world.insert, 3, "", 0);
    assert_int_equal(store_write(world.insert), 0);
    store_turn(world.store);
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_int_equal(store_prepare(world.store, "DELETE FROM t", &clear), 0);
    assert_int_equal(store_write(clear), 0);
    store_finish(clear);
    store_turn(world.store);
    assert_int_equal(store_checkpoint(world.store), 0);
    char path[300], bytes[65536];
    snprintf(path, sizeof path, "%s/state.db", world.folder);
    int fd = open(path, O_RDONLY);
    ssize_t length = read(fd, bytes, sizeof bytes);
    close(fd);
    assert_true(length > 4096);
    assert_null(memmem(bytes, (size_t)length, "a-word-to-look-for", 18));
}

static int open_another(int version)
{
    struct store *other = NULL;
    int error = store_open(world.folder, store_world_schema, version, &other);
    store_close(other);
    return error;
}

static void a_second_process_is_refused(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0)
        _exit(open_another(1) == -EBUSY ? 0 : 1);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    store_world_close();
    assert_int_equal(open_another(1), 0);
    assert_int_equal(store_world_open(), 0);
}

static void an_older_programs_state_is_brought_up_to_date_with_what_is_in_it(void **state)
{
    (void)state;
    store_world_start_anew();
    assert_int_equal(store_world_open(), 0);
    assert_int_equal(put_row(7), 0);
    store_turn(world.store);
    store_world_close();
    struct store *newer;
    struct store_statement *count;
    assert_int_equal(store_open(world.folder, store_world_schema, 2, &newer), 0);
    assert_int_equal(store_prepare(newer, "SELECT count(*) FROM u WHERE n = 7", &count), 0);
    assert_int_equal(store_row(count), 1);
    assert_int_equal(store_integer(count, 0), 1);
    store_finish(count);
    store_close(newer);
    assert_int_equal(open_another(1), -EPROTO);
    store_world_start_anew();
    assert_int_equal(store_world_open(), 0);
}

static void an_update_that_fails_leaves_the_older_state(void **state)
{
    (void)state;
    store_world_start_anew();
    assert_int_equal(open_another(1), 0);
    assert_true(open_another(3) < 0);
    assert_int_equal(open_another(1), 0); /* not even the second step was kept */
    assert_int_equal(store_world_open(), 0);
}

static void a_newer_programs_state_is_refused_and_left_alone(void **state)
{
    (void)state;
    store_world_start_anew();
    assert_int_equal(open_another(2), 0);
    assert_int_equal(open_another(1), -EPROTO);
    assert_int_equal(open_another(2), 0);
    store_world_start_anew();
    assert_int_equal(store_world_open(), 0);
}

static void overwrite(const char *name, off_t offset, const char *bytes, size_t length)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", world.folder, name);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    assert_int_equal(pwrite(fd, bytes, length, offset), (ssize_t)length);
    close(fd);
}

static void a_damaged_or_foreign_database_is_refused(void **state)
{
    (void)state;
    static char junk[4096];
    memset(junk, 0xa5, sizeof junk);
    for (int n = 0; n < 200; n++)
        assert_int_equal(put_row(n), 0);
    store_turn(world.store);
    store_world_close();
    overwrite("state.db", 68, "ABCD", 4); /* the application id */
    assert_int_equal(open_another(1), -EUCLEAN);
    overwrite("state.db", 68, "C2MA", 4);
    assert_int_equal(open_another(1), 0);
    overwrite("state.db", 4096, junk, sizeof junk); /* a page of the table */
    assert_int_equal(open_another(1), -EUCLEAN);
    overwrite("state.db", 0, junk, sizeof junk);
    assert_int_equal(open_another(1), -EUCLEAN);
    store_world_start_anew();
    assert_int_equal(store_world_open(), 0);
}

static void set_mode(const char *name, mode_t mode)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", world.folder, name);
    assert_int_equal(chmod(path, mode), 0);
}

static void files_that_are_not_ours_alone_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"state.db", "lock", "state.db-wal"};
    store_world_close();
    overwrite("state.db-wal", 0, "", 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        set_mode(names[i], 0640);
        assert_int_equal(open_another(1), -EACCES);
        set_mode(names[i], 0600);
    }
    assert_int_equal(chmod(world.folder, 0770), 0);
    assert_int_equal(open_another(1), -EACCES);
    assert_int_equal(chmod(world.folder, 0700), 0);
    char path[300], link_path[300];
    snprintf(path, sizeof path, "%s/state.db", world.folder);
    snprintf(link_path, sizeof link_path, "%s/other", world.folder);
    assert_int_equal(link(path, link_path), 0);
    assert_int_equal(open_another(1), -EACCES);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("other", path), 0);
    assert_int_equal(open_another(1), -EACCES);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(open_another(1), -EACCES);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(store_world_open(), 0);
}

static void a_folder_that_is_a_link_or_missing_is_refused(void **state)
{
    (void)state;
    struct store *other = NULL;
    char path[300];
    snprintf(path, sizeof path, "%s.link", world.folder);
    assert_int_equal(symlink(world.folder, path), 0);
    assert_int_equal(store_open(path, store_world_schema, 1, &other), -ENOTDIR);
    unlink(path);
    assert_int_equal(store_open(path, store_world_schema, 1, &other), -ENOENT);
}

static void the_database_is_private_whatever_the_umask(void **state)
{
    (void)state;
    static const char *const names[] = {"state.db", "state.db-wal", "lock"};
    store_world_start_anew();
    mode_t before = umask(0);
    assert_int_equal(store_world_open(), 0);
    assert_int_equal(put_row(1), 0);
    store_turn(world.store);
    umask(before);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct stat status;
        char path[300];
        snprintf(path, sizeof path, "%s/%s", world.folder, names[i]);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 07777, 0600);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_deleted_is_wiped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_second_process_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_older_programs_state_is_brought_up_to_date_with_what_is_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_update_that_fails_leaves_the_older_state, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_newer_programs_state_is_refused_and_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_or_foreign_database_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_that_are_not_ours_alone_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_is_a_link_or_missing_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_database_is_private_whatever_the_umask, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
