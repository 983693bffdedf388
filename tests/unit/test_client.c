// fakes: helper kernel
// link: -Wl,--wrap=getsockopt,--wrap=geteuid,--wrap=getpwnam_r
/* The client against a helper that does everything wrong. */
#include "c2m/client.h"
#include "c2m/deadline.h"

#include "fakes/helper.h"
#include "fakes/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct pair {
    struct c2m_client client;
    int peer;
};

static int open_pair(void **state)
{
    static struct pair pair;
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
        return -1;
    pair = (struct pair){.client = {.fd = fds[0], .nonce = "0123456789abcde"}, .peer = fds[1]};
    *state = &pair;
    return 0;
}

static int close_pair(void **state)
{
    struct pair *pair = *state;
    c2m_disconnect(&pair->client);
    close(pair->peer);
    return 0;
}

static struct c2m_header header_of(const struct pair *pair, uint16_t operation, uint32_t length)
{
    struct c2m_header header = {
        .magic = C2M_MAGIC, .version = C2M_VERSION, .operation = operation, .length = length};
    memcpy(header.nonce, pair->client.nonce, sizeof header.nonce);
    return header;
}

static void put(const struct pair *pair, struct c2m_header header, const void *body, size_t length)
{
    char packet[C2M_MESSAGE_MAX] = {0};
    memcpy(packet, &header, sizeof header);
    if (body != NULL)
        memcpy(packet + sizeof header, body, length);
    assert_int_equal(send(pair->peer, packet, sizeof header + length, 0), sizeof header + length);
}

static int receive(struct pair *pair, struct c2m_verdict *verdict)
{
    uint16_t operation;
    size_t length;
    memset(verdict, 0xff, sizeof *verdict);
    int rc = c2m_receive(&pair->client, &operation, verdict, sizeof *verdict, &length, 1000);
    if (rc < 0) {
        assert_int_equal(operation, 0);
        assert_int_equal(length, 0);
    }
    return rc;
}

static const struct c2m_verdict granted = {.verdict = C2M_GRANTED, .operation = C2M_AUTHENTICATE};

static void a_message_goes_out_whole_and_with_the_nonce(void **state)
{
    struct pair *pair = *state;
    struct c2m_request request = {.uid = 1001};
    char packet[C2M_MESSAGE_MAX];
    assert_int_equal(c2m_send(&pair->client, C2M_AUTHENTICATE, &request, sizeof request, 1000), 0);
    struct c2m_header want = header_of(pair, C2M_AUTHENTICATE, sizeof request);
    assert_int_equal(recv(pair->peer, packet, sizeof packet, 0), sizeof want + sizeof request);
    assert_memory_equal(packet, &want, sizeof want);
    assert_memory_equal(packet + sizeof want, &request, sizeof request);
}

static void a_body_of_another_size_is_not_sent(void **state)
{
    struct pair *pair = *state;
    struct c2m_request request = {0};
    assert_int_equal(c2m_send(&pair->client, C2M_AUTHENTICATE, &request, sizeof request - 1, 100), -EINVAL);
    assert_int_equal(c2m_send(&pair->client, C2M_STATUS, &request, 1, 100), -EINVAL);
    assert_int_equal(c2m_send(&pair->client, 77, NULL, 0, 100), -EINVAL);
    assert_int_equal(c2m_send(&pair->client, C2M_STATUS, NULL, 0, 100), 0);
}

static void an_honest_answer_is_received(void **state)
{
    struct pair *pair = *state;
    struct c2m_verdict verdict;
    put(pair, header_of(pair, C2M_VERDICT, sizeof granted), &granted, sizeof granted);
    assert_int_equal(receive(pair, &verdict), 0);
    assert_memory_equal(&verdict, &granted, sizeof granted);
}

/* Refused with -EPROTO, and nothing of it is left in the caller's buffer. */
static void refuse(struct pair *pair, struct c2m_header header, const void *body, size_t length)
{
    static const struct c2m_verdict empty = {0};
    struct c2m_verdict verdict;
    put(pair, header, body, length);
    assert_int_equal(receive(pair, &verdict), -EPROTO);
    assert_memory_equal(&verdict, &empty, sizeof empty);
}

static void another_nonce_is_refused(void **state)
{
    struct pair *pair = *state;
    for (int i = 0; i < C2M_NONCE_SIZE; i++) {
        struct c2m_header header = header_of(pair, C2M_VERDICT, sizeof granted);
        header.nonce[i] ^= 1;
        refuse(pair, header, &granted, sizeof granted);
    }
}

static void another_magic_or_version_is_refused(void **state)
{
    struct pair *pair = *state;
    struct c2m_header header = header_of(pair, C2M_VERDICT, sizeof granted);
    header.magic++;
    refuse(pair, header, &granted, sizeof granted);
    header = header_of(pair, C2M_VERDICT, sizeof granted);
    header.version++;
    refuse(pair, header, &granted, sizeof granted);
}

static void another_length_is_refused(void **state)
{
    struct pair *pair = *state;
    uint32_t size = sizeof granted;
    refuse(pair, header_of(pair, C2M_VERDICT, size - 1), &granted, size);
    refuse(pair, header_of(pair, C2M_VERDICT, size + 1), &granted, size);
    refuse(pair, header_of(pair, C2M_VERDICT, UINT32_MAX), &granted, size);
    refuse(pair, header_of(pair, C2M_VERDICT, size), &granted, size - 1);
    refuse(pair, header_of(pair, C2M_VERDICT, size - 1), &granted, size - 1);
    refuse(pair, header_of(pair, C2M_VERDICT, 0), NULL, 0);
    refuse(pair, header_of(pair, C2M_END, size), &granted, size);
    refuse(pair, header_of(pair, 0, 0), NULL, 0);
    refuse(pair, header_of(pair, UINT16_MAX, size), &granted, size);
}

static void a_message_longer_than_the_buffer_is_refused(void **state)
{
    struct pair *pair = *state;
    struct c2m_token token = {.expires = 1};
    refuse(pair, header_of(pair, C2M_TOKEN_IS, sizeof token), &token, sizeof token);
}

static void half_a_header_is_refused(void **state)
{
    struct pair *pair = *state;
    struct c2m_header header = header_of(pair, C2M_END, 0);
    for (size_t length = 1; length < sizeof header; length++) {
        struct c2m_verdict verdict;
        assert_int_equal(send(pair->peer, &header, length, 0), length);
        assert_int_equal(receive(pair, &verdict), -EPROTO);
    }
}

static int open_descriptors(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static void a_passed_descriptor_is_refused_and_not_kept(void **state)
{
    struct pair *pair = *state;
    struct c2m_header header = header_of(pair, C2M_VERDICT, sizeof granted);
    struct c2m_verdict body = granted;
    struct iovec parts[] = {{&header, sizeof header}, {&body, sizeof body}};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct msghdr message = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *passed = CMSG_FIRSTHDR(&message);
    *passed = (struct cmsghdr){
        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
    memcpy(CMSG_DATA(passed), &pair->peer, sizeof(int));
    int before = open_descriptors();
    struct c2m_verdict verdict;
    assert_int_equal(sendmsg(pair->peer, &message, 0), sizeof header + sizeof body);
    assert_int_equal(receive(pair, &verdict), -EPROTO);
    assert_int_equal(open_descriptors(), before);
}

static void a_helper_that_closes_is_gone(void **state)
{
    struct pair *pair = *state;
    struct c2m_verdict verdict;
    close(pair->peer);
    assert_int_equal(receive(pair, &verdict), -ECONNRESET);
    /* Without a signal: SIGPIPE would end su and login. */
    assert_int_equal(c2m_send(&pair->client, C2M_STATUS, NULL, 0, 100), -EPIPE);
    pair->peer = -1;
}

static void a_silent_helper_is_waited_for_until_the_deadline(void **state)
{
    struct pair *pair = *state;
    struct c2m_verdict verdict;
    uint16_t operation;
    size_t length;
    struct c2m_deadline late = c2m_deadline_in(1000);
    assert_int_equal(
        c2m_receive(&pair->client, &operation, &verdict, sizeof verdict, &length, 150), -ETIMEDOUT);
    assert_in_range(c2m_deadline_left(late), 600, 860);
}

static void interrupt(int signal)
{
    (void)signal;
}

static void signals_do_not_shorten_the_wait(void **state)
{
    struct pair *pair = *state;
    struct c2m_verdict verdict;
    uint16_t operation;
    size_t length;
    struct sigaction action = {.sa_handler = interrupt};
    struct itimerval timer = {.it_interval = {.tv_usec = 5000}, .it_value = {.tv_usec = 5000}};
    struct itimerval off = {0};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    struct c2m_deadline late = c2m_deadline_in(1000);
    int rc = c2m_receive(&pair->client, &operation, &verdict, sizeof verdict, &length, 150);
    setitimer(ITIMER_REAL, &off, NULL);
    assert_int_equal(rc, -ETIMEDOUT);
    assert_in_range(c2m_deadline_left(late), 600, 860);
}

static void a_full_socket_is_waited_for_until_the_deadline(void **state)
{
    struct pair *pair = *state;
    struct c2m_answer answer = {0};
    int rc = 0;
    for (int i = 0; i < 1000 && rc == 0; i++)
        rc = c2m_send(&pair->client, C2M_ANSWER, &answer, sizeof answer, 50);
    assert_int_equal(rc, -ETIMEDOUT);
}

static void nobody(struct fake_helper *helper, int fd)
{
    (void)fd;
    helper->got.length = 1;
}

static void root_is_connected_to(void **state)
{
    (void)state;
    struct fake_helper helper = {0};
    struct c2m_client client, other;
    fake_start(&helper, C2M_PAM_SOCKET, (fake_service *const[]){nobody, nobody, NULL});
    assert_int_equal(c2m_connect(&client, helper.directory, C2M_PAM_SOCKET, 1000), 0);
    assert_int_equal(c2m_connect(&other, helper.directory, C2M_PAM_SOCKET, 1000), 0);
    assert_true(client.fd > STDERR_FILENO);
    assert_int_equal(fcntl(client.fd, F_GETFD), FD_CLOEXEC);
    assert_memory_not_equal(client.nonce, other.nonce, sizeof client.nonce);
    c2m_disconnect(&client);
    c2m_disconnect(&client);
    c2m_disconnect(&other);
    assert_int_equal(client.fd, -1);
    fake_stop(&helper);
}

static void a_listener_that_is_not_root_is_refused(void **state)
{
    (void)state;
    struct fake_helper helper = {0};
    struct c2m_client client;
    fake_listen(&helper, C2M_PAM_SOCKET, 8);
    int before = open_descriptors();
    static const uid_t strangers[] = {1, 1001, 65534, (uid_t)-1};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        fake_listener = strangers[i];
        assert_int_equal(c2m_connect(&client, helper.directory, C2M_PAM_SOCKET, 1000), -EPERM);
        assert_int_equal(client.fd, -1);
    }
    fake_listener = 0;
    assert_int_equal(open_descriptors(), before);
    fake_stop(&helper);
}

static void an_absent_helper_is_told_apart(void **state)
{
    (void)state;
    struct c2m_client client;
    struct fake_helper helper = {0};
    char path[128];
    assert_int_equal(c2m_connect(&client, "/nonexistent", C2M_PAM_SOCKET, 1000), -ENOENT);
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(c2m_connect(&client, path, C2M_PAM_SOCKET, 1000), -ENAMETOOLONG);
    fake_listen(&helper, C2M_PAM_SOCKET, 8);
    close(helper.listener);
    assert_int_equal(c2m_connect(&client, helper.directory, C2M_PAM_SOCKET, 1000), -ECONNREFUSED);
    helper.listener = -1;
    fake_stop(&helper);
}

static void a_full_helper_is_waited_for_until_the_deadline(void **state)
{
    (void)state;
    struct fake_helper helper = {0};
    struct c2m_client first, second, third;
    fake_listen(&helper, C2M_PAM_SOCKET, 1);
    assert_int_equal(c2m_connect(&first, helper.directory, C2M_PAM_SOCKET, 100), 0);
    assert_int_equal(c2m_connect(&second, helper.directory, C2M_PAM_SOCKET, 100), 0);
    struct c2m_deadline late = c2m_deadline_in(1000);
    assert_int_equal(c2m_connect(&third, helper.directory, C2M_PAM_SOCKET, 150), -EAGAIN);
    assert_in_range(c2m_deadline_left(late), 600, 860);
    close(accept(helper.listener, NULL, NULL));
    assert_int_equal(c2m_connect(&third, helper.directory, C2M_PAM_SOCKET, 100), 0);
    c2m_disconnect(&first);
    c2m_disconnect(&second);
    c2m_disconnect(&third);
    fake_stop(&helper);
}

/* A program that closed 0, 1 and 2 must not write its errors into our socket. */
static void the_socket_is_never_one_of_the_standard_descriptors(void **state)
{
    (void)state;
    struct fake_helper helper = {0};
    struct c2m_client client;
    int saved[3];
    fake_listen(&helper, C2M_PAM_SOCKET, 8);
    for (int fd = 0; fd <= 2; fd++)
        saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    for (int fd = 0; fd <= 2; fd++)
        close(fd);
    int rc = c2m_connect(&client, helper.directory, C2M_PAM_SOCKET, 1000);
    int flags = fcntl(client.fd, F_GETFD);
    bool left_open = fcntl(0, F_GETFD) >= 0 || fcntl(1, F_GETFD) >= 0 || fcntl(2, F_GETFD) >= 0;
    for (int fd = 0; fd <= 2; fd++) {
        dup2(saved[fd], fd);
        close(saved[fd]);
    }
    assert_int_equal(rc, 0);
    assert_true(client.fd > STDERR_FILENO);
    assert_int_equal(flags, FD_CLOEXEC);
    assert_false(left_open);
    c2m_disconnect(&client);
    fake_stop(&helper);
}

static void a_deadline_of_nothing_is_over(void **state)
{
    (void)state;
    assert_int_equal(c2m_deadline_left(c2m_deadline_in(0)), 0);
    assert_int_equal(c2m_deadline_left(c2m_deadline_in(-5)), 0);
    errno = EAGAIN;
    assert_int_equal(c2m_deadline_retry(c2m_deadline_in(0), -1, 0), -ETIMEDOUT);
    errno = EBADF;
    assert_int_equal(c2m_deadline_retry(c2m_deadline_in(0), -1, 0), -EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_goes_out_whole_and_with_the_nonce, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(a_body_of_another_size_is_not_sent, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(an_honest_answer_is_received, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(another_nonce_is_refused, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(another_magic_or_version_is_refused, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(another_length_is_refused, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(a_message_longer_than_the_buffer_is_refused, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(half_a_header_is_refused, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(a_passed_descriptor_is_refused_and_not_kept, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(a_helper_that_closes_is_gone, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(
            a_silent_helper_is_waited_for_until_the_deadline, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(signals_do_not_shorten_the_wait, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(
            a_full_socket_is_waited_for_until_the_deadline, open_pair, close_pair),
        cmocka_unit_test(root_is_connected_to),
        cmocka_unit_test(a_listener_that_is_not_root_is_refused),
        cmocka_unit_test(an_absent_helper_is_told_apart),
        cmocka_unit_test(a_full_helper_is_waited_for_until_the_deadline),
        cmocka_unit_test(the_socket_is_never_one_of_the_standard_descriptors),
        cmocka_unit_test(a_deadline_of_nothing_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
