/* The two sockets: made in a folder of root's, never where another helper answers, or given by the service manager. */
#include "ipc/server.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char parent[64], folder[80];

static int set_up(void **state)
{
    (void)state;
    unsetenv("LISTEN_PID");
    snprintf(parent, sizeof parent, "/tmp/c2m-listen-XXXXXX");
    assert_non_null(mkdtemp(parent));
    snprintf(folder, sizeof folder, "%s/run", parent);
    return 0;
}

static const char *at(const char *name)
{
    static char path[108];
    snprintf(path, sizeof path, "%.80s/%s", folder, name);
    return path;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(at(C2M_PAM_SOCKET));
    unlink(at(C2M_USER_SOCKET));
    unlink(folder);
    rmdir(folder);
    rmdir(parent);
    return 0;
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

static void close_both(const struct server_sockets *sockets)
{
    close(sockets->pam);
    close(sockets->user);
}

static int option(int fd, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    assert_int_equal(getsockopt(fd, SOL_SOCKET, name, &value, &size), 0);
    return value;
}

static void the_sockets_are_made_with_their_modes(void **state)
{
    struct server_sockets sockets;
    (void)state;
    mode_t before = umask(077);
    assert_int_equal(server_listen(folder, &sockets), 0);
    umask(before);
    assert_int_equal(mode_of(folder), 0755);
    assert_int_equal(mode_of(at(C2M_PAM_SOCKET)), 0600);
    assert_int_equal(mode_of(at(C2M_USER_SOCKET)), 0666);
    for (int i = 0; i < 2; i++) {
        int fd = i ? sockets.user : sockets.pam;
        assert_int_equal(option(fd, SO_PASSCRED), 1);
        assert_int_equal(option(fd, SO_TYPE), SOCK_SEQPACKET);
        assert_int_equal(option(fd, SO_ACCEPTCONN), 1);
        assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
        assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    }
    close_both(&sockets);
}

static void what_a_dead_helper_left_is_replaced(void **state)
{
    struct server_sockets dead, sockets;
    (void)state;
    assert_int_equal(server_listen(folder, &dead), 0);
    close_both(&dead);
    assert_int_equal(server_listen(folder, &sockets), 0);
    close_both(&sockets);
}

static void a_helper_that_lives_is_left_alone(void **state)
{
    struct server_sockets living, sockets;
    (void)state;
    assert_int_equal(server_listen(folder, &living), 0);
    assert_int_equal(server_listen(folder, &sockets), -EADDRINUSE);
    assert_int_equal(sockets.pam, -1);
    assert_int_equal(access(at(C2M_PAM_SOCKET), F_OK), 0);
    close(living.pam); /* the other one still answers */
    assert_int_equal(server_listen(folder, &sockets), -EADDRINUSE);
    assert_int_equal(sockets.pam, -1);
    close(living.user);
}

static int listener(const char *path, int type)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 8), 0);
    return fd;
}

static void what_is_no_stale_socket_of_ours_is_not_removed(void **state)
{
    struct server_sockets sockets;
    (void)state;
    assert_int_equal(mkdir(folder, 0755), 0);
    int stream = listener(at(C2M_PAM_SOCKET), SOCK_STREAM);
    assert_int_equal(server_listen(folder, &sockets), -EADDRINUSE);
    close(stream);
    unlink(at(C2M_PAM_SOCKET));
    int file = open(at(C2M_PAM_SOCKET), O_CREAT | O_WRONLY, 0600);
    close(file);
    assert_int_equal(server_listen(folder, &sockets), -EEXIST);
    assert_int_equal(access(at(C2M_PAM_SOCKET), F_OK), 0);
}

static void a_folder_that_others_may_write_is_refused(void **state)
{
    struct server_sockets sockets;
    (void)state;
    assert_int_equal(mkdir(folder, 0755), 0);
    assert_int_equal(chmod(folder, 0777), 0);
    assert_int_equal(server_listen(folder, &sockets), -EPERM);
    assert_int_equal(chmod(folder, 0775), 0);
    assert_int_equal(server_listen(folder, &sockets), -EPERM);
}

static void a_folder_of_another_owner_is_refused(void **state)
{
    struct server_sockets sockets;
    (void)state;
    if (geteuid() != 0) {
        print_message("needs root\n");
        skip();
    }
    assert_int_equal(mkdir(folder, 0755), 0);
    assert_int_equal(chown(folder, 1001, 1001), 0);
    assert_int_equal(server_listen(folder, &sockets), -EPERM);
}

static void a_link_is_no_folder(void **state)
{
    struct server_sockets sockets;
    (void)state;
    assert_int_equal(symlink("/tmp", folder), 0);
    assert_true(server_listen(folder, &sockets) < 0);
}

static void a_path_too_long_for_a_socket_is_refused(void **state)
{
    struct server_sockets sockets;
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s/%0*d", parent, 100, 0);
    assert_int_equal(server_listen(path, &sockets), -ENAMETOOLONG);
    rmdir(path);
}

/* In a process of its own, with what the manager passes as 3 and 4: 0, or the errno. */
static int passed(int first, int second, const char *names, const char *count, bool me)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct server_sockets sockets;
        char number[16];
        snprintf(number, sizeof number, "%d", me ? (int)getpid() : 1);
        int a = fcntl(first, F_DUPFD, 100), b = fcntl(second, F_DUPFD, 100);
        dup2(a, 3);
        dup2(b, 4);
        setenv("LISTEN_PID", number, 1);
        setenv("LISTEN_FDS", count, 1);
        if (names)
            setenv("LISTEN_FDNAMES", names, 1);
        int r = server_listen(folder, &sockets);
        if (r == 0 && me && !(sockets.pam + sockets.user == 7 && option(sockets.pam, SO_PASSCRED) == 1))
            _exit(255);
        if (r == 0 && me && (names[0] == 'u' ? sockets.user : sockets.pam) != 3)
            _exit(254);
        _exit(-r);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void the_managers_sockets_are_taken_by_name(void **state)
{
    (void)state;
    assert_int_equal(mkdir(folder, 0755), 0);
    int a = listener(at("a"), SOCK_SEQPACKET), b = listener(at("b"), SOCK_SEQPACKET);
    int stream = listener(at("c"), SOCK_STREAM);
    assert_int_equal(passed(a, b, "pam:user", "2", true), 0);
    assert_int_equal(passed(a, b, "user:pam", "2", true), 0);
    assert_int_equal(access(at(C2M_PAM_SOCKET), F_OK), -1); /* nothing was made */
    assert_int_equal(passed(a, b, "pam:other", "2", true), EINVAL);
    assert_int_equal(passed(a, b, "pam", "1", true), EINVAL);
    assert_int_equal(passed(a, b, NULL, "2", true), EINVAL);
    assert_int_equal(passed(a, b, "pam:user", "2000000000", true), EINVAL);
    assert_int_equal(passed(a, b, "pam:user", "-2", true), EINVAL);
    assert_int_equal(passed(a, stream, "pam:user", "2", true), EINVAL);
    assert_int_equal(passed(stream, a, "pam:user", "2", true), EINVAL);
    close(a);
    close(b);
    close(stream);
    unlink(at("a"));
    unlink(at("b"));
    unlink(at("c"));
}

static void sockets_for_another_process_are_not_ours(void **state)
{
    (void)state;
    int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(passed(none, none, "pam:user", "2", false), 0);
    assert_int_equal(access(at(C2M_PAM_SOCKET), F_OK), 0); /* it made its own */
    close(none);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_sockets_are_made_with_their_modes),
        TEST(what_a_dead_helper_left_is_replaced),
        TEST(a_helper_that_lives_is_left_alone),
        TEST(what_is_no_stale_socket_of_ours_is_not_removed),
        TEST(a_folder_that_others_may_write_is_refused),
        TEST(a_folder_of_another_owner_is_refused),
        TEST(a_link_is_no_folder),
        TEST(a_path_too_long_for_a_socket_is_refused),
        TEST(the_managers_sockets_are_taken_by_name),
        TEST(sockets_for_another_process_are_not_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
