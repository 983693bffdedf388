/* What is given up must fail from inside, and what the helper lives from must still work. Each test is a child. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/loop.h"
#include "base/process.h"
#include "base/sandbox.h"
#include "base/vault.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test_sandbox.XXXXXX";
static int landlock;

/* A child returns 0, or the line of the check that failed; -1 when it did not come that far. */
#define CHECK(condition) \
    do { \
        if (!(condition)) \
            return __LINE__; \
    } while (0)

static int end_of(int (*inside)(void))
{
    int ends[2], line = -1;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        line = inside();
        _exit(write(ends[1], &line, sizeof line) == sizeof line ? 0 : 1);
    }
    close(ends[1]);
    assert_true(read(ends[0], &line, sizeof line) >= 0);
    close(ends[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return line;
}

static uint16_t ports[2]; /* that may be connected to */

static int enter(void)
{
    const char *const read_only[] = {"/usr", "/lib", "/etc/passwd", "/etc/hosts", "/etc/nsswitch.conf",
        "/etc/resolv.conf", "/etc/host.conf", "/proc", "/nonexistent", NULL};
    const char *const read_write[] = {folder, NULL};
    const struct sandbox_paths paths = {.read_only = read_only, .read_write = read_write, .ports = ports};
    return sandbox_enter(&paths, &landlock);
}

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static int open_files(void)
{
    char inside[64];
    snprintf(inside, sizeof inside, "%s/file", folder);
    CHECK(opens("/etc/group", O_RDONLY));
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
    CHECK(enter() == 0);
    CHECK(landlock == (version < 0 ? 0 : (int)version));
    if (version < 0)
        return -2;
    CHECK(opens("/etc/passwd", O_RDONLY) && opens("/usr", O_RDONLY | O_DIRECTORY));
    CHECK(!opens("/etc/passwd", O_WRONLY) && errno == EACCES);
    CHECK(!opens("/etc/group", O_RDONLY) && errno == EACCES);
    CHECK(!opens("/etc", O_RDONLY | O_DIRECTORY) && errno == EACCES);
    CHECK(!opens("/tmp/test_sandbox_elsewhere", O_WRONLY | O_CREAT) && errno == EACCES);
    CHECK(!opens("/usr/test_sandbox_elsewhere", O_WRONLY | O_CREAT));
    CHECK(opens(inside, O_RDWR | O_CREAT) && opens(inside, O_RDWR | O_TRUNC));
    CHECK(unlink(inside) == 0);
    CHECK(mkdir(inside, 0700) < 0 && symlink("/etc/passwd", inside) < 0 && mkfifo(inside, 0600) < 0);
    return 0;
}

static void files_elsewhere_cannot_be_opened(void **state)
{
    (void)state;
    int line = end_of(open_files);
    if (line == -2) {
        print_message("the kernel has no Landlock\n");
        skip();
    }
    assert_int_equal(line, 0);
}

static int found_outside;

/* As libcurl's resolver does: what it answers depends on the machine, and must not depend on the sandbox. */
static void *resolve(void *argument)
{
    struct addrinfo *found = NULL;
    int *code = argument;
    *code = getaddrinfo("localhost", "443", NULL, &found);
    if (found)
        freeaddrinfo(found);
    return NULL;
}

static int resolve_outside(void)
{
    int code = 0;
    resolve(&code);
    return code;
}

static int resolve_in_a_thread(void)
{
    pthread_t thread;
    int code = 1;
    CHECK(enter() == 0);
    CHECK(pthread_create(&thread, NULL, resolve, &code) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(code == found_outside);
    return 0;
}

static void names_are_resolved_in_a_thread(void **state)
{
    (void)state;
    found_outside = end_of(resolve_outside); /* 0, where there is an /etc/hosts */
    assert_int_equal(end_of(resolve_in_a_thread), 0);
}

static void fire(void *argument)
{
    loop_stop(argument);
}

static int run_a_loop(void)
{
    struct loop *loop;
    struct loop_timer *timer;
    CHECK(loop_new(&loop) == 0 && loop_timer_new(loop, fire, loop, &timer) == 0);
    CHECK(enter() == 0);
    loop_timer_set(timer, 5);
    CHECK(loop_run(loop) == 0);
    loop_timer_free(timer);
    loop_free(loop);
    return 0;
}

static void the_loop_runs(void **state)
{
    (void)state;
    assert_int_equal(end_of(run_a_loop), 0);
}

static int look_at_the_parent(void)
{
    struct process_facts facts;
    CHECK(process_open("/proc") == 0);
    CHECK(enter() == 0);
    CHECK(process_read(getppid(), &facts) == 0);
    int pidfd = process_pidfd(facts.process);
    CHECK(pidfd >= 0 && !process_ended(pidfd));
    return 0;
}

static void other_processes_can_be_looked_at(void **state)
{
    (void)state;
    assert_int_equal(end_of(look_at_the_parent), 0);
}

static int connect_and_serve(void)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    char key[64];
    struct vault *vault;
    CHECK(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 1) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    snprintf(key, sizeof key, "%s/key", folder);
    int fd = open(key, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK(write(fd, "0123456789abcdef0123456789abcdef", 32) == 32 && close(fd) == 0);
    ports[0] = ntohs(address.sin_port);
    CHECK(enter() == 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK(setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one) == 0);
    CHECK(connect(client, (struct sockaddr *)&address, size) == 0 || errno == EINPROGRESS);
    CHECK(accept4(listener, NULL, NULL, SOCK_CLOEXEC) >= 0);
    CHECK(vault_new(key, &vault) == 0); /* again, at SIGHUP */
    vault_free(vault);
    CHECK(unlink(key) == 0);
    return 0;
}

static void connections_are_made_and_accepted_and_the_key_is_read(void **state)
{
    (void)state;
    assert_int_equal(end_of(connect_and_serve), 0);
}

static int connect_elsewhere(void)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    CHECK(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 1) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    ports[0] = (uint16_t)(ntohs(address.sin_port) ^ 1);
    CHECK(enter() == 0);
    if (landlock < 4)
        return -2;
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(client, (struct sockaddr *)&address, size) < 0 && errno == EACCES);
    address.sin_port = 0;
    CHECK(bind(client, (struct sockaddr *)&address, size) < 0 && errno == EACCES);
    return 0;
}

static void other_ports_cannot_be_connected_to(void **state)
{
    (void)state;
    int line = end_of(connect_elsewhere);
    if (line == -2) {
        print_message("the kernel has no Landlock for ports\n");
        skip();
    }
    assert_int_equal(line, 0);
}

static int enter_without_a_folder(void)
{
    const char *const read_write[] = {"/nonexistent", NULL};
    const struct sandbox_paths paths = {.read_write = read_write};
    int r = sandbox_enter(&paths, &landlock);
    CHECK(r == -ENOENT || (r == 0 && landlock == 0));
    return 0;
}

static void a_state_folder_that_is_missing_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(end_of(enter_without_a_folder), 0);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_elsewhere_cannot_be_opened),
        cmocka_unit_test(names_are_resolved_in_a_thread),
        cmocka_unit_test(the_loop_runs),
        cmocka_unit_test(other_processes_can_be_looked_at),
        cmocka_unit_test(connections_are_made_and_accepted_and_the_key_is_read),
        cmocka_unit_test(other_ports_cannot_be_connected_to),
        cmocka_unit_test(a_state_folder_that_is_missing_is_an_error),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
