/* Which files are trusted. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test_file.XXXXXX", file[64], link_name[64];

static int set_up(void **state)
{
    (void)state;
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, "12345", 5), 5);
    close(fd);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(link_name);
    unlink(file);
    return 0;
}

static int try(const char *path, mode_t forbidden)
{
    int fd = file_open(path, forbidden);
    if (fd < 0)
        return fd;
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    close(fd);
    return 0;
}

static void a_file_of_ours_is_opened(void **state)
{
    (void)state;
    assert_int_equal(try(file, S_IRWXG | S_IRWXO), 0);
}

static void a_forbidden_bit_of_the_mode_is_refused(void **state)
{
    (void)state;
    for (mode_t bit = 1; bit < 0100; bit <<= 1) {
        assert_int_equal(chmod(file, 0600 | bit), 0);
        assert_int_equal(try(file, bit), -EPERM);
        assert_int_equal(try(file, 077 & ~bit), 0);
    }
}

static void somebody_elses_file_is_refused(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        print_message("needs root\n");
        skip();
    }
    assert_int_equal(chown(file, 65534, 65534), 0);
    assert_int_equal(try(file, 0), -EPERM);
}

static void roots_file_is_trusted_by_another_user(void **state)
{
    (void)state;
    assert_int_equal(chdir("/etc"), 0); /* the root directory may be for root alone */
    assert_int_equal(try("passwd", S_IWGRP | S_IWOTH), 0);
    if (geteuid() != 0) {
        print_message("needs root\n");
        skip();
    }
    assert_int_equal(seteuid(65534), 0);
    int r = try("passwd", S_IWGRP | S_IWOTH);
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(r, 0);
    assert_int_equal(chdir("/"), 0);
}

static void a_link_a_folder_a_device_and_a_pipe_are_refused(void **state)
{
    (void)state;
    assert_int_equal(symlink(file, link_name), 0);
    assert_int_equal(try(link_name, 0), -ELOOP);
    unlink(link_name);
    assert_int_equal(try(folder, 0), -EINVAL);
    assert_int_equal(try("/dev/zero", 0), -EINVAL);
    assert_int_equal(mkfifo(link_name, 0600), 0);
    alarm(5); /* nobody writes to it */
    assert_int_equal(try(link_name, 0), -EINVAL);
    alarm(0);
}

static void what_is_not_there_is_an_errno(void **state)
{
    (void)state;
    assert_int_equal(try(link_name, 0), -ENOENT);
}

static void it_is_read_to_its_end_or_to_the_size(void **state)
{
    char buffer[8] = {0};
    (void)state;
    int fd = file_open(file, 0);
    assert_int_equal(file_read(fd, buffer, 3), 3);
    assert_memory_equal(buffer, "123", 4);
    assert_int_equal(file_read(fd, buffer, sizeof buffer), 2);
    assert_int_equal(file_read(fd, buffer, sizeof buffer), 0);
    close(fd);
    assert_int_equal(file_read(-1, buffer, sizeof buffer), -EBADF);
}

static void short_reads_are_put_together(void **state)
{
    char buffer[8] = {0};
    int ends[2];
    (void)state;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        bool good = write(ends[1], "abc", 3) == 3 && usleep(20000) == 0 && write(ends[1], "de", 2) == 2;
        _exit(!good);
    }
    close(ends[1]);
    assert_int_equal(file_read(ends[0], buffer, sizeof buffer), 5);
    assert_string_equal(buffer, "abcde");
    close(ends[0]);
    waitpid(child, NULL, 0);
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(file, sizeof file, "%s/file", mkdtemp(folder));
    snprintf(link_name, sizeof link_name, "%s/link", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(a_file_of_ours_is_opened),
        WITH_FILE(a_forbidden_bit_of_the_mode_is_refused),
        WITH_FILE(somebody_elses_file_is_refused),
        WITH_FILE(roots_file_is_trusted_by_another_user),
        WITH_FILE(a_link_a_folder_a_device_and_a_pipe_are_refused),
        WITH_FILE(what_is_not_there_is_an_errno),
        WITH_FILE(it_is_read_to_its_end_or_to_the_size),
        WITH_FILE(short_reads_are_put_together),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
