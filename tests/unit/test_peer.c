// link: -Wl,--wrap=loop_timer_set
/* One connection: what is let in, what goes out, and how it ends whatever the other side does. */
#include "ipc/peer.h"

#include "c2m/client.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct peer_world {
    struct loop *loop;
    struct peer *peer;
    struct c2m_client client;
    bool hurry; /* every timer fires at once */
    int64_t delay_ms; /* of the timer that was set last */
    unsigned messages, over, gone, deadlines;
    uint16_t operation;
    uint8_t body[C2M_MESSAGE_MAX];
    void (*answer)(struct peer *peer);
    bool unheard; /* at the end */
} world;

void __real_loop_timer_set(struct loop_timer *timer, int64_t delay_ms);
void __wrap_loop_timer_set(struct loop_timer *timer, int64_t delay_ms);

void __wrap_loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
    world.delay_ms = delay_ms;
    __real_loop_timer_set(timer, world.hurry ? 0 : delay_ms);
}

static void message(void *argument, struct peer *peer, uint16_t operation, const void *body)
{
    assert_ptr_equal(argument, &world);
    assert_ptr_equal(peer, world.peer);
    world.messages++;
    world.operation = operation;
    if (c2m_body_size(operation) > 0)
        memcpy(world.body, body, c2m_body_size(operation));
    if (world.answer)
        world.answer(peer);
}

static void over(void *argument, struct peer *peer)
{
    (void)argument;
    world.over++;
    world.peer = NULL;
    peer_free(peer);
}

static void undo(void *state, enum reason why)
{
    assert_ptr_equal(state, &world);
    *(why == REASON_DEADLINE ? &world.deadlines : &world.gone) += 1;
}

static void connected_with(bool credentials)
{
    int pair[2], on = credentials;
    struct caller caller;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on), 0);
    assert_int_equal(caller_identify(pair[0], &caller), 0);
    assert_int_equal(caller.pid, getpid());
    const struct peer_owner owner = {
        .loop = world.loop, .message = message, .over = over, .argument = &world};
    assert_int_equal(peer_new(&owner, pair[0], true, &caller, &world.peer), 0);
    world.client = (struct c2m_client){.fd = pair[1], .nonce = "a nonce of ours"};
}

static int set_up(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    assert_int_equal(loop_new(&world.loop), 0);
    connected_with(true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    peer_free(world.peer);
    c2m_disconnect(&world.client);
    loop_free(world.loop);
    return 0;
}

static void turns(void)
{
    for (int i = 0; i < 5; i++)
        assert_int_equal(loop_turn(world.loop, i < 4 ? 0 : 2), 0);
}

static void reconnect(void)
{
    tear_down(NULL);
    set_up(NULL);
}

static struct c2m_header header_of(uint16_t operation, uint32_t length)
{
    struct c2m_header header = {
        .magic = C2M_MAGIC, .version = C2M_VERSION, .operation = operation, .length = length};
    memcpy(header.nonce, world.client.nonce, sizeof header.nonce);
    return header;
}

static void send_bytes(const void *bytes, size_t length)
{
    assert_int_equal(send(world.client.fd, bytes, length, MSG_NOSIGNAL), length);
    turns();
}

static void send_status(void)
{
    assert_int_equal(c2m_send(&world.client, C2M_STATUS, NULL, 0, 100), 0);
    turns();
}

static int receive(uint16_t *operation)
{
    static uint8_t body[C2M_MESSAGE_MAX];
    size_t length;
    return c2m_receive(&world.client, operation, body, sizeof body, &length, 50);
}

static void expect_over(void)
{
    assert_int_equal(world.over, 1);
    assert_null(world.peer);
    uint16_t operation;
    assert_true(receive(&operation) < 0);
}

static void a_message_reaches_its_owner(void **state)
{
    struct c2m_request request = {.uid = 1001, .user = {.length = 5, .bytes = "alice"}};
    (void)state;
    assert_int_equal(c2m_send(&world.client, C2M_ACCOUNT, &request, sizeof request, 100), 0);
    turns();
    assert_int_equal(world.messages, 1);
    assert_int_equal(world.operation, C2M_ACCOUNT);
    assert_int_equal(peer_operation(world.peer), C2M_ACCOUNT);
    assert_memory_equal(world.body, &request, sizeof request);
    assert_int_equal(world.over, 0);
}

static void garbage_ends_the_connection(void **state)
{
    struct {
        struct c2m_header header;
        uint8_t body[sizeof(struct c2m_request)];
    } wire;
    (void)state;
    for (int i = 0; i < 11; i++) {
        memset(&wire, 0, sizeof wire);
        wire.header = header_of(C2M_ACCOUNT, sizeof wire.body);
        size_t length = sizeof wire;
        switch (i) {
        case 0:
            wire.header.magic ^= 1;
            break;
        case 1:
            wire.header.version++;
            break;
        case 2:
            wire.header.length--;
            break;
        case 3:
            wire.header.length = UINT32_MAX;
            break;
        case 4:
            wire.header.operation = 999;
            break;
        case 5:
            length--;
            break; /* half a message */
        case 6:
            length = sizeof wire.header - 1;
            break; /* half a header */
        case 7:
            length = 1;
            break;
        case 8:
            wire.header.version = 0; /* there never was one, not even to close */
            wire.header.operation = C2M_CLOSE;
            break;
        case 9:
            wire.header.version++;
            wire.header.operation = C2M_CLOSE;
            break;
        default:
            wire.header.operation = C2M_STATUS;
            break; /* a body where none belongs */
        }
        send_bytes(&wire, length);
        assert_int_equal(world.messages, 0);
        expect_over();
        reconnect();
    }
}

static void a_message_beyond_the_limit_ends_the_connection(void **state)
{
    static uint8_t bytes[C2M_MESSAGE_MAX + 1];
    struct c2m_header header = header_of(C2M_ANSWER, sizeof bytes - sizeof header);
    (void)state;
    memcpy(bytes, &header, sizeof header);
    send_bytes(bytes, sizeof bytes);
    assert_int_equal(world.messages, 0);
    expect_over();
}

static void an_empty_message_ends_the_connection(void **state)
{
    (void)state;
    send_bytes("", 0);
    assert_int_equal(world.messages, 0);
    expect_over();
}

static void another_nonce_ends_the_connection(void **state)
{
    (void)state;
    send_status();
    world.client.nonce[15] ^= 1;
    send_status();
    assert_int_equal(world.messages, 1);
    expect_over();
}

static void a_message_without_credentials_ends_the_connection(void **state)
{
    (void)state;
    tear_down(NULL);
    memset(&world, 0, sizeof world);
    assert_int_equal(loop_new(&world.loop), 0);
    connected_with(false);
    send_status();
    assert_int_equal(world.messages, 0);
    expect_over();
}

/* With CONTROL bytes of ancillary data. */
static void send_with(int level_type, const void *data, size_t size)
{
    struct c2m_header header = header_of(C2M_STATUS, 0);
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(64)];
    } control = {.bytes = {0}};
    struct iovec part = {&header, sizeof header};
    struct msghdr wire = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = CMSG_SPACE(size)};
    struct cmsghdr *first = CMSG_FIRSTHDR(&wire);
    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = level_type;
    first->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(first), data, size);
    assert_int_equal(sendmsg(world.client.fd, &wire, MSG_NOSIGNAL), sizeof header);
    turns();
}

static void another_real_uid_ends_the_connection(void **state)
{
    struct ucred claimed = {.pid = getpid(), .uid = getuid(), .gid = getgid()};
    (void)state;
    send_with(SCM_CREDENTIALS, &claimed, sizeof claimed);
    assert_int_equal(world.messages, 1);
    if (geteuid() != 0)
        return; /* nobody else may claim another */
    claimed.uid = 1001;
    send_with(SCM_CREDENTIALS, &claimed, sizeof claimed);
    assert_int_equal(world.messages, 1);
    expect_over();
}

static void another_process_ends_the_connection(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0)
        _exit(c2m_send(&world.client, C2M_STATUS, NULL, 0, 100) == 0 ? 0 : 1);
    assert_true(pid > 0);
    for (int i = 0; i < 100 && world.over == 0; i++)
        assert_int_equal(loop_turn(world.loop, 10), 0);
    assert_int_equal(world.messages, 0);
    expect_over();
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static unsigned descriptors(void)
{
    unsigned count = 0;
    DIR *stream = opendir("/proc/self/fd");
    while (readdir(stream))
        count++;
    closedir(stream);
    return count;
}

static void passed_descriptors_end_the_connection_and_are_not_kept(void **state)
{
    int passed[3] = {0, 1, 2};
    (void)state;
    unsigned before = descriptors();
    send_with(SCM_RIGHTS, passed, sizeof passed);
    assert_int_equal(world.messages, 0);
    expect_over();
    assert_true(descriptors() < before); /* its own are closed, and none came */
    assert_int_equal(descriptors(), before - 2);
}

static void who_hangs_up_is_forgotten_at_any_point(void **state)
{
    (void)state;
    c2m_disconnect(&world.client);
    turns();
    assert_int_equal(world.over, 1);
    reconnect();
    send_status();
    peer_under_way(world.peer, undo, &world);
    c2m_disconnect(&world.client);
    turns();
    assert_int_equal(world.over, 1);
    assert_int_equal(world.gone, 1);
}

static void who_stays_silent_is_left(void **state)
{
    (void)state;
    reconnect();
    turns();
    assert_int_equal(world.over, 0);
    assert_int_equal(world.delay_ms, 2000); /* from the beginning */
    world.hurry = true;
    peer_deadline(world.peer, 2000);
    turns();
    expect_over();
}

static void at_the_deadline_the_request_is_told_and_at_the_end_undone_once(void **state)
{
    (void)state;
    send_status();
    peer_under_way(world.peer, undo, &world);
    world.hurry = true;
    peer_deadline(world.peer, 2000);
    turns();
    assert_int_equal(world.deadlines, 1);
    assert_int_equal(world.over, 0);
    peer_finish(world.peer);
    turns();
    assert_int_equal(world.gone, 1);
    expect_over();
}

static const struct outcome granted = {
    .verdict = C2M_GRANTED, .reason = REASON_LIVE, .reference = "0123abcd"};

static void say_granted(struct peer *peer)
{
    peer_under_way(peer, undo, &world);
    peer_counted_prompt(peer);
    peer_verdict(peer, &granted);
}

static void a_verdict_is_the_last_word(void **state)
{
    struct c2m_verdict verdict;
    uint16_t operation;
    size_t length;
    (void)state;
    world.answer = say_granted;
    send_status();
    assert_int_equal(world.messages, 1);
    assert_int_equal(world.over, 1);
    assert_int_equal(world.gone, 1);
    assert_int_equal(c2m_receive(&world.client, &operation, &verdict, sizeof verdict, &length, 50), 0);
    assert_int_equal(operation, C2M_VERDICT);
    assert_int_equal(verdict.verdict, C2M_GRANTED);
    assert_int_equal(verdict.operation, C2M_STATUS);
    assert_int_equal(verdict.prompted, 1);
    assert_memory_equal(verdict.reference, "0123abcd", 8);
    assert_true(receive(&operation) < 0);
}

static void note_unheard(void *state, enum reason why)
{
    (void)why;
    world.gone++;
    world.unheard = peer_unheard(state);
}

static void say_and_note(struct peer *peer)
{
    peer_under_way(peer, note_unheard, peer);
    peer_verdict(peer, &granted);
}

static void a_verdict_that_did_not_leave_is_known(void **state)
{
    (void)state;
    world.answer = say_and_note;
    send_status();
    assert_int_equal(world.gone, 1);
    assert_false(world.unheard);
    reconnect();
    world.answer = say_and_note;
    assert_int_equal(c2m_send(&world.client, C2M_STATUS, NULL, 0, 100), 0);
    c2m_disconnect(&world.client); /* asked, and gone before the answer */
    turns();
    assert_int_equal(world.messages, 1);
    assert_int_equal(world.gone, 1);
    assert_true(world.unheard);
}

static void say_after_the_last_word(struct peer *peer)
{
    peer_under_way(peer, note_unheard, peer);
    peer_finish(peer);
    peer_verdict(peer, &granted);
}

static void after_the_last_word_nothing_is_sent(void **state)
{
    uint16_t operation;
    (void)state;
    world.answer = say_after_the_last_word;
    send_status();
    assert_int_equal(world.gone, 1);
    assert_true(world.unheard);
    assert_true(receive(&operation) < 0);
}

enum { RECORDS = 5000 };

static void say_list(struct peer *peer)
{
    struct c2m_session *records = calloc(RECORDS, sizeof *records);
    for (uint32_t i = 0; i < RECORDS; i++)
        records[i].uid = i;
    peer_records(peer, C2M_SESSION_IS, records, RECORDS, sizeof *records);
}

static void a_long_list_arrives_whole(void **state)
{
    struct c2m_session record;
    uint16_t operation = 0;
    size_t length;
    uint32_t count = 0;
    (void)state;
    world.answer = say_list;
    send_status();
    assert_int_equal(world.over, 0); /* more than the socket takes */
    while (operation != C2M_END) {
        turns();
        while (c2m_receive(&world.client, &operation, &record, sizeof record, &length, 1) == 0 &&
               operation != C2M_END) {
            assert_int_equal(operation, C2M_SESSION_IS);
            assert_int_equal(record.uid, count++);
        }
    }
    assert_int_equal(count, RECORDS);
    turns();
    expect_over();
}

static void an_empty_list_is_its_end(void **state)
{
    uint16_t operation;
    (void)state;
    send_status();
    peer_records(world.peer, C2M_SESSION_IS, calloc(1, 1), 0, sizeof(struct c2m_session));
    turns();
    assert_int_equal(receive(&operation), 0);
    assert_int_equal(operation, C2M_END);
    expect_over();
}

static void a_list_without_memory_has_no_end(void **state)
{
    (void)state;
    send_status();
    peer_records(world.peer, C2M_SESSION_IS, NULL, 0, sizeof(struct c2m_session));
    turns();
    expect_over();
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void who_sends_and_never_reads_does_not_wake_the_helper(void **state)
{
    (void)state;
    world.answer = say_list;
    send_status();
    for (int i = 0; i < 20; i++)
        c2m_send(&world.client, C2M_STATUS, NULL, 0, 1);
    turns();
    int64_t before = now_ms();
    assert_int_equal(loop_turn(world.loop, 100), 0);
    assert_true(now_ms() - before >= 90);
    assert_int_equal(world.over, 0);
    world.hurry = true;
    peer_deadline(world.peer, 2000);
    turns();
    assert_int_equal(world.over, 1);
}

static void a_foreign_caller_is_heard_to_be_refused(void **state)
{
    const struct ucred named = {.pid = 0, .uid = 65534, .gid = 65534};
    const struct caller foreign = {.pid = 0, .foreign = true, .facts = {.real_uid = PROCESS_NO_UID}};
    const struct caller local = {.pid = 7, .facts = {.real_uid = 1001}};
    (void)state;
    assert_true(caller_confirm(&foreign, &named));
    assert_false(caller_confirm(&foreign, NULL));
    assert_false(caller_confirm(&local, &named));
    assert_true(caller_confirm(&local, &(struct ucred){.pid = 7, .uid = 1001}));
    assert_false(caller_confirm(&local, &(struct ucred){.pid = 8, .uid = 1001}));
    assert_false(caller_confirm(&local, &(struct ucred){.pid = 7, .uid = 0}));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_message_reaches_its_owner),
        TEST(garbage_ends_the_connection),
        TEST(a_message_beyond_the_limit_ends_the_connection),
        TEST(an_empty_message_ends_the_connection),
        TEST(another_nonce_ends_the_connection),
        TEST(a_message_without_credentials_ends_the_connection),
        TEST(another_real_uid_ends_the_connection),
        TEST(another_process_ends_the_connection),
        TEST(passed_descriptors_end_the_connection_and_are_not_kept),
        TEST(who_hangs_up_is_forgotten_at_any_point),
        TEST(who_stays_silent_is_left),
        TEST(at_the_deadline_the_request_is_told_and_at_the_end_undone_once),
        TEST(a_verdict_is_the_last_word),
        TEST(a_verdict_that_did_not_leave_is_known),
        TEST(after_the_last_word_nothing_is_sent),
        TEST(a_long_list_arrives_whole),
        TEST(an_empty_list_is_its_end),
        TEST(a_list_without_memory_has_no_end),
        TEST(who_sends_and_never_reads_does_not_wake_the_helper),
        TEST(a_foreign_caller_is_heard_to_be_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
