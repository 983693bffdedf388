/* The loop: descriptors and signals, and who may free what from where. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/loop.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static struct loop *loop;
static struct loop_io *io;
static int ends[2], fired, ready;

static int set_up(void **state)
{
    (void)state;
    fired = ready = 0;
    io = NULL;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    return loop_new(&loop);
}

static int tear_down(void **state)
{
    (void)state;
    loop_io_free(io);
    loop_free(loop);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

static void note(void *argument, int fd, int events)
{
    (void)argument;
    assert_int_equal(fd, ends[0]);
    fired++;
    ready = events;
}

static void a_descriptor_is_told_what_it_is_ready_for(void **state)
{
    (void)state;
    assert_int_equal(loop_io_new(loop, ends[0], LOOP_READ, note, NULL, &io), 0);
    loop_turn(loop, 0);
    assert_int_equal(fired, 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    loop_turn(loop, 1000);
    assert_int_equal(ready, LOOP_READ);
    loop_turn(loop, 1000);
    assert_int_equal(fired, 2); /* it stays ready until it is read */
    assert_int_equal(loop_io_set(io, LOOP_READ | LOOP_WRITE), 0);
    loop_turn(loop, 1000);
    assert_int_equal(ready, LOOP_READ | LOOP_WRITE);
    assert_int_equal(loop_io_set(io, LOOP_WRITE), 0);
    loop_turn(loop, 1000);
    assert_int_equal(ready, LOOP_WRITE);
}

static void a_descriptor_that_waits_for_nothing_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(loop_io_new(loop, ends[0], LOOP_WRITE, note, NULL, &io), 0);
    assert_int_equal(loop_io_set(io, 0), 0);
    loop_turn(loop, 20);
    assert_int_equal(fired, 0);
    assert_int_equal(loop_io_set(io, LOOP_WRITE), 0);
    loop_turn(loop, 1000);
    assert_int_equal(fired, 1);
}

static void the_end_of_the_peer_is_something_to_read(void **state)
{
    (void)state;
    assert_int_equal(loop_io_new(loop, ends[0], LOOP_READ, note, NULL, &io), 0);
    shutdown(ends[1], SHUT_RDWR);
    loop_turn(loop, 1000);
    assert_int_equal(ready, LOOP_READ);
}

static void free_watch(void *argument, int fd, int events)
{
    note(argument, fd, events);
    loop_io_free(io);
    io = NULL;
}

static void a_watch_may_be_freed_by_its_own_callback(void **state)
{
    (void)state;
    assert_int_equal(loop_io_new(loop, ends[0], LOOP_WRITE, free_watch, NULL, &io), 0);
    loop_turn(loop, 1000);
    loop_turn(loop, 20);
    assert_int_equal(fired, 1);
}

static struct loop_io *pair[2];

static void free_both(void *argument, int fd, int events)
{
    (void)argument;
    (void)fd;
    (void)events;
    fired++;
    loop_io_free(pair[0]);
    loop_io_free(pair[1]);
}

static void a_watch_that_was_freed_in_the_same_turn_is_not_called(void **state)
{
    (void)state;
    assert_int_equal(loop_io_new(loop, ends[0], LOOP_WRITE, free_both, NULL, &pair[0]), 0);
    assert_int_equal(loop_io_new(loop, ends[1], LOOP_WRITE, free_both, NULL, &pair[1]), 0);
    loop_turn(loop, 1000);
    assert_int_equal(fired, 1);
}

static void a_file_that_cannot_be_waited_for_is_refused(void **state)
{
    (void)state;
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC), saved = dup(STDERR_FILENO);
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDERR_FILENO); /* libevent says so too */
    assert_true(loop_io_new(loop, fd, LOOP_READ, note, NULL, &io) < 0);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(null);
    close(fd);
    assert_null(io);
}

static void count(void *argument)
{
    (void)argument;
    fired++;
}

static void a_signal_arrives_in_the_loop(void **state)
{
    (void)state;
    struct loop_signal *signal;
    assert_int_equal(loop_signal_new(loop, SIGHUP, count, NULL, &signal), 0);
    for (int i = 1; i <= 2; i++) {
        raise(SIGHUP);
        assert_int_equal(fired, i - 1);
        loop_turn(loop, 1000);
        assert_int_equal(fired, i);
    }
    loop_signal_free(signal);
}

#define IN_A_LOOP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_LOOP(a_descriptor_is_told_what_it_is_ready_for),
        IN_A_LOOP(a_descriptor_that_waits_for_nothing_is_left_alone),
        IN_A_LOOP(the_end_of_the_peer_is_something_to_read),
        IN_A_LOOP(a_watch_may_be_freed_by_its_own_callback),
        IN_A_LOOP(a_watch_that_was_freed_in_the_same_turn_is_not_called),
        IN_A_LOOP(a_file_that_cannot_be_waited_for_is_refused),
        IN_A_LOOP(a_signal_arrives_in_the_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
