// link: -Wl,--wrap=accept4 -Wl,--wrap=caller_uid
/*
 * Two doors, and how many may stand in each. Whose a connection is is what the test says; all of them are of this
 * process.
 */
#include "ipc/server.h"

#include "c2m/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { STRANGER = 5000, KNOWN = 1001 };

static struct server_world {
    struct loop *loop;
    struct server *server;
    char folder[64];
    uid_t uid;
    int accept_error;
    unsigned accepted;
    unsigned messages;
    bool root_door;
} world;

int __real_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
uid_t __wrap_caller_uid(int fd);

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    if (world.accept_error == 0) {
        int accepted = __real_accept4(fd, address, length, flags);
        world.accepted += accepted >= 0;
        return accepted;
    }
    errno = world.accept_error;
    world.accept_error = 0; /* once: room was made */
    return -1;
}

uid_t __wrap_caller_uid(int fd)
{
    (void)fd;
    return world.uid;
}

static void message(void *argument, struct peer *peer, uint16_t operation, const void *body)
{
    (void)argument;
    (void)operation;
    (void)body;
    world.messages++;
    world.root_door = peer_root_door(peer);
    peer_finish(peer);
}

static bool known_uid(void *argument, uint32_t uid)
{
    (void)argument;
    return uid != 0 && uid < STRANGER;
}

static int set_up(void **state)
{
    struct server_sockets sockets;
    const struct server_handlers handlers = {.message = message, .known_uid = known_uid};
    (void)state;
    world = (struct server_world){.folder = "/tmp/c2m-server-XXXXXX", .uid = KNOWN};
    unsetenv("LISTEN_PID");
    assert_non_null(mkdtemp(world.folder));
    assert_int_equal(loop_new(&world.loop), 0);
    assert_int_equal(server_listen(world.folder, &sockets), 0);
    assert_int_equal(server_new(world.loop, &sockets, &handlers, &world.server), 0);
    return 0;
}

static void remove_socket(const char *name)
{
    char path[108];
    snprintf(path, sizeof path, "%s/%s", world.folder, name);
    unlink(path);
}

static int tear_down(void **state)
{
    (void)state;
    server_free(world.server);
    loop_free(world.loop);
    remove_socket(C2M_PAM_SOCKET);
    remove_socket(C2M_USER_SOCKET);
    rmdir(world.folder);
    return 0;
}

static void turns(void)
{
    for (int i = 0; i < 5; i++)
        assert_int_equal(loop_turn(world.loop, i < 4 ? 0 : 2), 0);
}

static int knock(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", world.folder, name);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static int connect_to(const char *name, uid_t uid)
{
    int fd = knock(name);
    world.uid = uid;
    turns();
    return fd;
}

static bool is_open(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, 0) == 0;
}

/* Connects COUNT times; how many of them were let in. */
static unsigned let_in(const char *name, uid_t uid, unsigned count, int *fds)
{
    unsigned open = 0;
    for (unsigned i = 0; i < count; i++) {
        fds[i] = connect_to(name, uid);
        open += is_open(fds[i]);
    }
    return open;
}

static void close_all(const int *fds, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        close(fds[i]);
    turns();
}

static void status_sent_to(const char *name)
{
    struct c2m_client client = {.fd = connect_to(name, KNOWN)};
    assert_int_equal(c2m_send(&client, C2M_STATUS, NULL, 0, 100), 0);
    turns();
    c2m_disconnect(&client);
    turns();
}

static void each_door_is_known_to_the_request(void **state)
{
    (void)state;
    status_sent_to(C2M_USER_SOCKET);
    assert_int_equal(world.messages, 1);
    assert_false(world.root_door);
    status_sent_to(C2M_PAM_SOCKET);
    assert_int_equal(world.messages, 2);
    assert_true(world.root_door);
}

static void eight_for_each_user(void **state)
{
    int alice[12], bob[2];
    (void)state;
    assert_int_equal(let_in(C2M_USER_SOCKET, KNOWN, 12, alice), 8);
    assert_int_equal(let_in(C2M_USER_SOCKET, KNOWN + 1, 2, bob), 2);
    close_all(alice, 12);
    assert_int_equal(let_in(C2M_USER_SOCKET, KNOWN, 8, alice), 8);
    close_all(alice, 8);
    close_all(bob, 2);
}

static void strangers_share_one_bound(void **state)
{
    int fds[16];
    (void)state;
    unsigned open = 0;
    for (unsigned i = 0; i < 16; i++)
        open += let_in(C2M_USER_SOCKET, STRANGER + i, 1, &fds[i]);
    assert_int_equal(open, 8);
    int known;
    assert_int_equal(let_in(C2M_USER_SOCKET, KNOWN, 1, &known), 1);
    close(known);
    close_all(fds, 16);
}

static void a_hundred_and_twenty_eight_users_and_root_still_gets_in(void **state)
{
    int fds[140], root[20];
    (void)state;
    unsigned open = 0;
    for (unsigned i = 0; i < 140; i++)
        open += let_in(C2M_USER_SOCKET, 100 + i, 1, &fds[i]);
    assert_int_equal(open, 128);
    assert_int_equal(let_in(C2M_PAM_SOCKET, 0, 20, root), 20);
    close_all(root, 20);
    close_all(fds, 140);
}

/* Root's login waits for each of its messages until the turn is over. */
static void a_flood_at_user_sock_takes_a_few_a_turn(void **state)
{
    int fds[60];
    (void)state;
    for (int i = 0; i < 60; i++)
        fds[i] = knock(C2M_USER_SOCKET);
    assert_int_equal(loop_turn(world.loop, 1000), 0);
    assert_in_range(world.accepted, 1, 8);
    for (int i = 0; i < 20; i++)
        turns();
    assert_int_equal(world.accepted, 60);
    close_all(fds, 60);
}

static void accepting_goes_on_when_descriptors_run_out(void **state)
{
    (void)state;
    world.accept_error = EMFILE;
    int shed = connect_to(C2M_USER_SOCKET, KNOWN);
    assert_false(is_open(shed)); /* taken with the spare descriptor, and closed */
    int next = connect_to(C2M_USER_SOCKET, KNOWN);
    assert_true(is_open(next));
    close(shed);
    close(next);
    turns();
}

static void a_flood_at_real_exhaustion_is_shed(void **state)
{
    struct rlimit before, limit;
    int fds[6];
    (void)state;
    for (int i = 0; i < 6; i++)
        fds[i] = knock(C2M_USER_SOCKET);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit = before;
    limit.rlim_cur = (rlim_t)fds[5] + 1; /* not one more */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    for (int i = 0; i < 10; i++)
        turns();
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    for (int i = 0; i < 6; i++)
        assert_false(is_open(fds[i]));
    close_all(fds, 6);
    int next = connect_to(C2M_USER_SOCKET, KNOWN);
    assert_true(is_open(next));
    close(next);
    turns();
}

static void passed_descriptors_never_become_the_helpers(void **state)
{
    struct c2m_header header = {.magic = C2M_MAGIC, .version = C2M_VERSION, .operation = C2M_STATUS};
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = {0}};
    struct iovec part = {&header, sizeof header};
    const struct msghdr wire = {.msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&wire);
    (void)state;
    int fd = connect_to(C2M_USER_SOCKET, KNOWN);
    *rights =
        (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    /* Where the kernel knows SO_PASSRIGHTS they do not even leave the sender. */
    if (sendmsg(fd, &wire, MSG_NOSIGNAL) < 0)
        assert_int_equal(errno, EPERM);
    turns();
    assert_int_equal(world.messages, 0);
    close(fd);
    turns();
}

static void the_end_of_the_server_ends_every_connection(void **state)
{
    int fds[3];
    (void)state;
    assert_int_equal(let_in(C2M_USER_SOCKET, KNOWN, 3, fds), 3);
    server_free(world.server);
    world.server = NULL;
    for (int i = 0; i < 3; i++) {
        assert_false(is_open(fds[i]));
        close(fds[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_door_is_known_to_the_request),
        TEST(eight_for_each_user),
        TEST(strangers_share_one_bound),
        TEST(a_hundred_and_twenty_eight_users_and_root_still_gets_in),
        TEST(a_flood_at_user_sock_takes_a_few_a_turn),
        TEST(accepting_goes_on_when_descriptors_run_out),
        TEST(a_flood_at_real_exhaustion_is_shed),
        TEST(passed_descriptors_never_become_the_helpers),
        TEST(the_end_of_the_server_ends_every_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
