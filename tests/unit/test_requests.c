// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=caller_confirm tests/unit/login_world.c tests/unit/let_in.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/*
 * What may be asked at which door, over a real connection; and a client that leaves at each point. Who the client is
 * is what the test says: the kernel's word on it is test_peer's.
 */
#include "ipc/requests.h"

#include "base/log_memory.h"
#include "c2m/client.h"
#include "let_in.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct requests requests;
static struct admin admin;
static struct user_lines user_lines;
static struct peer *peers[8];
static struct c2m_client clients[8];
static unsigned peer_count;

bool __wrap_caller_confirm(const struct caller *caller, const struct ucred *credentials);

bool __wrap_caller_confirm(const struct caller *caller, const struct ucred *credentials)
{
    (void)caller;
    return credentials && credentials->pid == getpid();
}

static void over(void *argument, struct peer *peer)
{
    struct peer **slot = argument;
    assert_ptr_equal(*slot, peer);
    *slot = NULL;
    peer_free(peer);
}

static void handle(void *argument, struct peer *peer, uint16_t operation, const void *body)
{
    (void)argument;
    requests_handle(&requests, peer, operation, body);
}

static int set_up(void **state)
{
    login_world_set_up(state);
    peer_count = 0;
    admin = (struct admin){
        .sessions = world.parts.sessions, .revoker = world.revoker, .api = world.parts.api, .started = NOW};
    user_lines = (struct user_lines){.others = {.count = 0}};
    requests = (struct requests){.parts = &world.parts, .admin = &admin, .user_lines = &user_lines};
    return deliver_jobs(&requests.delivery);
}

static int tear_down(void **state)
{
    for (unsigned i = 0; i < peer_count; i++) {
        peer_free(peers[i]);
        c2m_disconnect(&clients[i]);
    }
    delivery_free(requests.delivery);
    return login_world_tear_down(state);
}

/* A process connects; its effective uid is the authority. */
static unsigned connected(const struct process_facts *facts, bool root_door)
{
    int pair[2], on = 1;
    unsigned slot = peer_count++;
    const struct caller caller = {.pid = facts->process.pid,
        .uid = facts->effective_uid,
        .pidfd = -1,
        .facts = *facts,
        .foreign = facts->foreign};
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on), 0);
    const struct peer_owner owner = {
        .loop = world.loop, .message = handle, .over = over, .argument = &peers[slot]};
    assert_int_equal(peer_new(&owner, pair[0], root_door, &caller, &peers[slot]), 0);
    clients[slot] = (struct c2m_client){.fd = pair[1], .nonce = "sixteen bytes.."};
    return slot;
}

/* sshd's child, as in `person`. */
static unsigned sshd_connects(const struct person *person)
{
    return connected(&person->authenticator, true);
}

/* A process of UID's. */
static unsigned user_connects(uint32_t uid)
{
    struct process_facts init = spawn_daemon(), process = spawn_leader(&init, uid, PTS_3);
    return connected(&process, false);
}

static struct c2m_request body_of(const char *service, const char *user, uint32_t uid)
{
    struct c2m_request body = {.flags = C2M_CAN_ASK, .uid = uid, .deadline_ms = 10000};
    c2m_text_set(&body.service.length, body.service.bytes, C2M_NAME_MAX, service);
    c2m_text_set(&body.user.length, body.user.bytes, C2M_NAME_MAX, user);
    return body;
}

static void send_message(unsigned slot, uint16_t operation, const void *body, size_t length)
{
    assert_int_equal(c2m_send(&clients[slot], operation, body, length, 100), 0);
}

static void ask(unsigned slot, uint16_t operation, const char *service, const char *user, uint32_t uid)
{
    const struct c2m_request body = body_of(service, user, uid);
    send_message(slot, operation, &body, sizeof body);
    turns();
}

static void answer(unsigned slot, const char *typed)
{
    struct c2m_answer body = {.typed = {.length = (uint16_t)strlen(typed)}};
    memcpy(body.typed.bytes, typed, strlen(typed));
    send_message(slot, C2M_ANSWER, &body, sizeof body);
}

/* The next message, of that operation. */
static void expect_message(unsigned slot, uint16_t operation, void *body, size_t size)
{
    uint16_t arrived;
    size_t length;
    turns();
    assert_int_equal(c2m_receive(&clients[slot], &arrived, body, size, &length, 50), 0);
    assert_int_equal(arrived, operation);
}

static void expect_prompt(unsigned slot)
{
    struct c2m_prompt prompt;
    expect_message(slot, C2M_PROMPT, &prompt, sizeof prompt);
    assert_int_equal(prompt.prompt, C2M_TEXT_ASK_TOKEN);
}

static struct c2m_verdict verdict_of(unsigned slot)
{
    struct c2m_verdict verdict = {.verdict = 0};
    expect_message(slot, C2M_VERDICT, &verdict, sizeof verdict);
    turns();
    assert_null(peers[slot]); /* its last word */
    return verdict;
}

static void expect(unsigned slot, enum c2m_verdict_code code, enum c2m_text text)
{
    struct c2m_verdict verdict = verdict_of(slot);
    assert_string_equal(outcome_word(verdict.verdict), outcome_word(code));
    assert_int_equal(verdict.reason, text);
}

/* It is over without a word. */
static void expect_hung_up(unsigned slot)
{
    uint8_t body[256];
    uint16_t operation;
    size_t length;
    turns();
    assert_null(peers[slot]);
    int r = c2m_receive(&clients[slot], &operation, body, sizeof body, &length, 20);
    assert_true(r == -ECONNRESET || r == -EPIPE);
}

static void leaves(unsigned slot)
{
    c2m_disconnect(&clients[slot]);
}

static void nothing_is_kept(void)
{
    turns();
    assert_int_equal(tokens_held(), 0);
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("sessions"), 0);
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_PENDING), 0);
}

static void a_login_is_asked_granted_opened_and_closed(void **state)
{
    struct person person = arrives();
    unsigned slot = sshd_connects(&person);
    (void)state;
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    answer(slot, token_for("c2m_alice", "tok1", GOOD));
    struct c2m_verdict verdict = verdict_of(slot);
    assert_int_equal(verdict.verdict, C2M_GRANTED);
    assert_int_equal(verdict.operation, C2M_AUTHENTICATE);
    assert_int_equal(verdict.prompted, 1);
    assert_true(said("event=login ref="));
    assert_true(said("verdict=granted reason=credential user=alice service=sshd"));

    slot = connected(&person.monitor, true);
    ask(slot, C2M_OPEN, "sshd", "alice", ALICE);
    assert_memory_equal(verdict_of(slot).reference, verdict.reference, C2M_REFERENCE_SIZE);
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_ACTIVE), 1);
    assert_true(said("event=open ref="));

    slot = connected(&person.monitor, true);
    ask(slot, C2M_CLOSE, "sshd", "alice", ALICE);
    expect(slot, C2M_GRANTED, C2M_TEXT_NONE);
    char line[64];
    snprintf(line, sizeof line, "event=close ref=%.8s", (const char *)verdict.reference);
    assert_true(said(line));
    assert_true(revocation_asked("tok1"));
    nothing_is_kept();
}

/* What a program has forgotten by then does not keep its session alive; who logs in must say so. */
static void a_session_is_closed_without_its_users_name(void **state)
{
    struct person person = arrives();
    unsigned slot = sshd_connects(&person);
    (void)state;
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    answer(slot, token_for("c2m_alice", "tok1", GOOD));
    assert_int_equal(verdict_of(slot).verdict, C2M_GRANTED);
    slot = connected(&person.monitor, true);
    ask(slot, C2M_OPEN, "sshd", "alice", ALICE);
    assert_int_equal(verdict_of(slot).verdict, C2M_GRANTED);

    slot = connected(&person.monitor, true);
    ask(slot, C2M_CLOSE, "sshd", "", UINT32_MAX);
    expect(slot, C2M_GRANTED, C2M_TEXT_NONE);
    assert_true(revocation_asked("tok1"));
    static const uint16_t operations[] = {C2M_AUTHENTICATE, C2M_ACCOUNT};
    for (size_t i = 0; i < 2; i++) {
        slot = sshd_connects(&person);
        ask(slot, operations[i], "sshd", "", ALICE);
        assert_int_not_equal(verdict_of(slot).verdict, C2M_GRANTED);
        assert_true(said("reason=protocol"));
    }
}

static void expect_prompt_for_part(unsigned slot, unsigned part)
{
    struct c2m_prompt prompt;
    expect_message(slot, C2M_PROMPT, &prompt, sizeof prompt);
    assert_int_equal(prompt.prompt, C2M_TEXT_ASK_PART);
    assert_int_equal(prompt.prompt_argument[0], part);
}

/* Ten minutes for a token, not for each of its parts; the helper's bounds on connections count on that. */
static void the_parts_of_a_token_share_one_deadline(void **state)
{
    struct person person = arrives();
    unsigned slot = sshd_connects(&person);
    (void)state;
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    fake_boot_ms += 599000;
    answer(slot, "c2m 1/3 01234567:a");
    expect_prompt_for_part(slot, 2);
    fake_boot_ms += 1000;
    answer(slot, "c2m 2/3 01234567:b");
    expect_prompt_for_part(slot, 3);
    expect(slot, C2M_UNAVAILABLE, C2M_TEXT_UNREACHABLE);
    assert_true(said("reason=deadline"));
    nothing_is_kept();
}

static void what_was_never_granted_is_neither_opened_nor_closed(void **state)
{
    struct person person = arrives();
    unsigned slot = sshd_connects(&person);
    (void)state;
    ask(slot, C2M_OPEN, "sshd", "alice", ALICE);
    expect(slot, C2M_IGNORE, C2M_TEXT_NONE);
    slot = sshd_connects(&person);
    ask(slot, C2M_CLOSE, "sshd", "alice", ALICE);
    expect(slot, C2M_IGNORE, C2M_TEXT_NONE);
}

static void what_cannot_be_written_down_is_not_promised(void **state)
{
    struct person person = arrives();
    unsigned slot = sshd_connects(&person);
    (void)state;
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    answer(slot, token_for("c2m_alice", "tok1", GOOD));
    expect(slot, C2M_GRANTED, C2M_TEXT_NONE);
    slot = connected(&person.monitor, true);
    disk_fails_from = disk_calls + 1;
    ask(slot, C2M_OPEN, "sshd", "alice", ALICE);
    expect(slot, C2M_UNAVAILABLE, C2M_TEXT_UNREACHABLE);
    disk_fails_from = 0;
}

static void a_user_may_ask_for_himself_only(void **state)
{
    (void)state;
    names_learn(world.parts.names, "alice", ALICE);
    names_learn(world.parts.names, "bob", BOB);
    names_learn(world.parts.names, "root", 0);
    unsigned slot = user_connects(MALLORY);
    ask(slot, C2M_AUTHENTICATE, "locker", "alice", ALICE);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
    slot = user_connects(MALLORY);
    ask(slot, C2M_AUTHENTICATE, "locker", "alice", MALLORY); /* her name, his uid */
    expect(slot, C2M_IGNORE, C2M_TEXT_NONE);
    slot = user_connects(ALICE);
    ask(slot, C2M_ACCOUNT, "locker", "bob", BOB);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
    slot = user_connects(0);
    ask(slot, C2M_AUTHENTICATE, "locker", "root", 0);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
    slot = user_connects(ALICE);
    ask(slot, C2M_AUTHENTICATE, "locker", "alice", ALICE);
    expect_prompt(slot);
    answer(slot, token_for("c2m_alice", "tok1", GOOD));
    expect(slot, C2M_GRANTED, C2M_TEXT_NONE);
    nothing_is_kept();
}

static void a_name_that_root_never_spoke_of_is_nobody(void **state)
{
    unsigned slot = user_connects(ALICE);
    (void)state;
    ask(slot, C2M_AUTHENTICATE, "locker", "alice", ALICE);
    expect(slot, C2M_IGNORE, C2M_TEXT_NONE);
    assert_false(requests_known_uid(&requests, ALICE));
    names_learn(world.parts.names, "alice", ALICE);
    assert_true(requests_known_uid(&requests, ALICE));
}

static void a_set_uid_program_is_not_the_user(void **state)
{
    struct process_facts init = spawn_daemon(), process = spawn_leader(&init, MALLORY, PTS_3);
    (void)state;
    names_learn(world.parts.names, "alice", ALICE);
    process.effective_uid = ALICE;
    unsigned slot = connected(&process, false);
    ask(slot, C2M_AUTHENTICATE, "locker", "alice", ALICE);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
}

static void sessions_are_roots_to_open_and_to_close(void **state)
{
    static const uint16_t operations[] = {C2M_OPEN, C2M_CLOSE};
    (void)state;
    names_learn(world.parts.names, "alice", ALICE);
    for (size_t i = 0; i < 2; i++) {
        unsigned slot = user_connects(ALICE);
        ask(slot, operations[i], "locker", "alice", ALICE);
        expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
    }
    unsigned slot = user_connects(0); /* root, but at the users' door */
    ask(slot, C2M_OPEN, "sshd", "alice", ALICE);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
    slot = user_connects(ALICE);
    send_message(slot, C2M_REVOCATIONS, NULL, 0);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
    slot = user_connects(ALICE);
    send_message(slot, C2M_MISMATCHES, NULL, 0);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
}

static void root_is_told_what_the_refused_tokens_carry(void **state)
{
    struct person person = arrives();
    struct mismatches *mismatches;
    struct c2m_mismatch mismatch;
    (void)state;
    assert_int_equal(mismatches_new(&mismatches), 0);
    world.parts.mismatches = mismatches;
    admin.mismatches = mismatches;
    unsigned slot = sshd_connects(&person);
    ask(slot, C2M_AUTHENTICATE, "aud", "alice", ALICE);
    expect_prompt(slot);
    answer(slot, token_for("c2m_alice", "tok1", GOOD ",\"aud\":[\"web2\",\"web3\"]"));
    assert_int_equal(verdict_of(slot).verdict, C2M_FORBIDDEN);
    slot = sshd_connects(&person);
    send_message(slot, C2M_MISMATCHES, NULL, 0);
    expect_message(slot, C2M_MISMATCH_IS, &mismatch, sizeof mismatch);
    assert_int_equal(mismatch.kind, C2M_MISMATCH_AUDIENCE);
    assert_int_equal(mismatch.text.length, strlen("web2 web3"));
    assert_memory_equal(mismatch.text.bytes, "web2 web3", mismatch.text.length);
    expect_message(slot, C2M_END, NULL, 0);
    world.parts.mismatches = NULL;
    mismatches_free(mismatches);
}

static void at_pam_sock_who_is_not_root_is_refused(void **state)
{
    struct person person = arrives();
    (void)state;
    person.authenticator.effective_uid = ALICE;
    unsigned slot = sshd_connects(&person);
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
    slot = sshd_connects(&person);
    ask(slot, C2M_OPEN, "sshd", "alice", ALICE);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
}

static void a_foreign_namespace_is_served_nothing(void **state)
{
    struct person person = arrives();
    (void)state;
    person.authenticator.foreign = true;
    unsigned slot = sshd_connects(&person);
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect(slot, C2M_UNAVAILABLE, C2M_TEXT_CONTAINER);
    slot = sshd_connects(&person);
    send_message(slot, C2M_SESSIONS, NULL, 0);
    expect(slot, C2M_UNAVAILABLE, C2M_TEXT_CONTAINER);
}

static void a_body_that_is_no_text_is_refused(void **state)
{
    struct person person = arrives();
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct c2m_request body = body_of("sshd", "alice", ALICE);
        unsigned slot = sshd_connects(&person);
        switch (i) {
        case 0:
            body.user.length = C2M_NAME_MAX + 1;
            break;
        case 1:
            body.user.length = 4;
            break; /* a byte behind the end */
        case 2:
            body.user.bytes[2] = '\0';
            break;
        case 3:
            body.rhost.length = UINT16_MAX;
            break;
        default:
            body.user = (struct c2m_name){.length = 0};
            break;
        }
        send_message(slot, C2M_AUTHENTICATE, &body, sizeof body);
        expect(slot, C2M_UNAVAILABLE, C2M_TEXT_NONE);
    }
}

static void an_answer_to_no_prompt_hangs_up(void **state)
{
    struct person person = arrives();
    unsigned slot = sshd_connects(&person);
    (void)state;
    answer(slot, token_for("c2m_alice", "tok1", GOOD));
    expect_hung_up(slot);
    nothing_is_kept();
}

static void what_is_no_request_hangs_up(void **state)
{
    struct person person = arrives();
    const struct c2m_verdict verdict = {.verdict = C2M_GRANTED};
    unsigned slot = sshd_connects(&person);
    (void)state;
    send_message(slot, C2M_VERDICT, &verdict, sizeof verdict);
    expect_hung_up(slot);
}

static void a_second_request_ends_the_first(void **state)
{
    struct person person = arrives();
    unsigned slot = sshd_connects(&person);
    (void)state;
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect(slot, C2M_UNAVAILABLE, C2M_TEXT_NONE);
    nothing_is_kept();
}

static void a_second_answer_during_the_exchange_is_granted_nothing(void **state)
{
    struct person person = arrives();
    const struct api_token issued = {.token_id = "tok1", .retry_after = -1};
    unsigned slot = sshd_connects(&person);
    (void)state;
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    answer(slot, "lt_0123456789");
    turns();
    assert_int_equal(fake_api_count(), 1);
    answer(slot, token_for("c2m_alice", "tok2", GOOD));
    expect(slot, C2M_UNAVAILABLE, C2M_TEXT_NONE);
    fake_api_issue(0, token_for("c2m_alice", "tok1", GOOD), &issued);
    turns();
    assert_true(revocation_asked("tok1"));
    nothing_is_kept();
}

static void an_answer_beyond_its_array_is_granted_nothing(void **state)
{
    struct person person = arrives();
    const char *token = token_for("c2m_alice", "tok1", GOOD);
    unsigned slot = sshd_connects(&person);
    (void)state;
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    struct c2m_answer body = {.typed = {.length = C2M_TOKEN_MAX + 1}};
    memcpy(body.typed.bytes, token, strlen(token));
    send_message(slot, C2M_ANSWER, &body, sizeof body);
    expect(slot, C2M_UNAVAILABLE, C2M_TEXT_NONE);
    nothing_is_kept();
}

static void eight_kibibytes_are_an_answer(void **state)
{
    static char typed[C2M_TOKEN_MAX + 1];
    struct person person = arrives();
    unsigned slot = sshd_connects(&person);
    (void)state;
    memset(typed, 'a', C2M_TOKEN_MAX);
    memcpy(typed, "lt_", 3);
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    answer(slot, typed);
    turns();
    assert_int_equal(fake_api_count(), 1);
    assert_string_equal(fake_api_request(0)->bearer, typed);
    leaves(slot);
    nothing_is_kept();
}

static void a_client_may_leave_at_each_point(void **state)
{
    struct person person = arrives();
    const struct api_token issued = {.token_id = "tok1", .retry_after = -1};
    (void)state;
    unsigned slot = sshd_connects(&person);
    leaves(slot); /* before a word */
    turns();
    assert_null(peers[slot]);

    slot = sshd_connects(&person);
    const struct c2m_request body = body_of("sshd", "alice", ALICE);
    send_message(slot, C2M_AUTHENTICATE, &body, sizeof body);
    leaves(slot); /* before the prompt */
    turns();
    assert_null(peers[slot]);

    slot = sshd_connects(&person);
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    leaves(slot); /* at the prompt */
    turns();
    assert_null(peers[slot]);

    slot = sshd_connects(&person);
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    answer(slot, "lt_0123456789");
    turns();
    leaves(slot); /* during the exchange */
    turns();
    assert_null(peers[slot]);
    fake_api_issue(0, token_for("c2m_alice", "tok1", GOOD), &issued);
    turns();
    assert_true(revocation_asked("tok1"));
    nothing_is_kept();
}

static void a_grant_that_nobody_hears_is_taken_back(void **state)
{
    struct person person = arrives();
    unsigned slot = sshd_connects(&person);
    (void)state;
    ask(slot, C2M_AUTHENTICATE, "sshd", "alice", ALICE);
    expect_prompt(slot);
    answer(slot, token_for("c2m_alice", "tok1", GOOD));
    leaves(slot); /* answered, and gone before the verdict: PAM was told that it is an outage */
    assert_int_equal(
        loop_turn(world.loop, 100), 0); /* one wake-up: the answer is read, and granted at its end */
    assert_true(said("verdict=granted"));
    turns();
    assert_null(peers[slot]);
    nothing_is_kept();
    assert_int_equal(denied("tok1"), DENY_REVOKED);
    slot = connected(&person.monitor, true);
    ask(slot, C2M_OPEN, "sshd", "alice", ALICE);
    expect(slot, C2M_IGNORE, C2M_TEXT_NONE);
}

static void anybody_may_ask_how_the_helper_is(void **state)
{
    struct c2m_status status;
    unsigned slot = user_connects(MALLORY);
    (void)state;
    send_message(slot, C2M_STATUS, NULL, 0);
    expect_message(slot, C2M_STATUS_IS, &status, sizeof status);
    assert_int_equal(status.started, NOW);
    assert_int_equal(status.sessions, 0);
    turns();
    assert_null(peers[slot]);
}

static unsigned sessions_seen(unsigned slot)
{
    struct c2m_session session;
    uint16_t operation = 0;
    size_t length;
    unsigned count = 0;
    send_message(slot, C2M_SESSIONS, NULL, 0);
    turns();
    while (operation != C2M_END) {
        assert_int_equal(c2m_receive(&clients[slot], &operation, &session, sizeof session, &length, 50), 0);
        count += operation == C2M_SESSION_IS;
    }
    return count;
}

static void a_user_sees_his_own_sessions_and_root_all(void **state)
{
    (void)state;
    struct person alice = logged_in("alice", ALICE, token_for("c2m_alice", "tok1", GOOD), 77);
    logged_in("bob", BOB, token_for("c2m_bob", "tok2", GOOD), 78);
    assert_int_equal(sessions_seen(user_connects(ALICE)), 1);
    assert_int_equal(sessions_seen(user_connects(MALLORY)), 0);
    struct process_facts sudo = spawn_setuid(&alice.shell);
    assert_int_equal(sessions_seen(connected(&sudo, false)), 0);
    struct process_facts borrowed = spawn_leader(&alice.shell, MALLORY, PTS_4), root = spawn_daemon();
    borrowed.effective_uid = ALICE; /* a set-uid program of hers, run by him */
    assert_int_equal(sessions_seen(connected(&borrowed, false)), 0);
    assert_int_equal(sessions_seen(connected(&root, true)), 2);
}

static void root_sees_the_revocations(void **state)
{
    struct person alice = logged_in("alice", ALICE, token_for("c2m_alice", "tok1", GOOD), 77);
    struct process_facts root = spawn_daemon();
    struct c2m_revocation revocation;
    (void)state;
    sessions_end(world.parts.sessions, alice.session, REASON_LOGOUT);
    turns();
    unsigned slot = connected(&root, true);
    send_message(slot, C2M_REVOCATIONS, NULL, 0);
    expect_message(slot, C2M_REVOCATION_IS, &revocation, sizeof revocation);
    assert_int_equal(revocation.state, C2M_REVOCATION_PENDING);
    assert_memory_equal(revocation.token_id.bytes, "tok1", 4);
    expect_message(slot, C2M_END, &revocation, sizeof revocation);
}

static void root_is_told_what_the_log_said_of_a_login(void **state)
{
    struct process_facts root = spawn_daemon();
    const struct c2m_explain wanted = {.reference = {'7', 'f', '3', 'a'}};
    struct c2m_record record;
    (void)state;
    log_memory_open();
    log_memory_add(LOG_LEVEL_INFO, "7f3a91c2", "event=login ref=7f3a91c2");
    log_memory_add(LOG_LEVEL_INFO, "7f4a91c2", "event=login ref=7f4a91c2 user=7f3a91c2");
    unsigned slot = connected(&root, true);
    send_message(slot, C2M_EXPLAIN, &wanted, sizeof wanted);
    expect_message(slot, C2M_RECORD_IS, &record, sizeof record);
    assert_int_equal(record.length, 0);
    assert_int_equal(record.at, fake_wall);
    expect_message(slot, C2M_RECORD_IS, &record, sizeof record);
    assert_memory_equal(record.reference, "7f3a91c2", C2M_REFERENCE_SIZE);
    assert_string_equal(record.text, "event=login ref=7f3a91c2");
    expect_message(slot, C2M_END, &record, sizeof record);
    log_memory_close();
}

static void nobody_but_root_is_told_it(void **state)
{
    const struct c2m_explain wanted = {.reference = {'7'}};
    (void)state;
    unsigned slot = user_connects(ALICE);
    send_message(slot, C2M_EXPLAIN, &wanted, sizeof wanted);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
}

static void token_asked(unsigned slot)
{
    const struct c2m_token_request body = {.min_ttl = 60};
    send_message(slot, C2M_TOKEN, &body, sizeof body);
    turns();
}

static unsigned in_session(const struct person *person)
{
    struct process_facts process = spawn(&person->shell);
    return connected(&process, false);
}

/* alice, with a long token. */
static struct person with_a_long_one(void)
{
    const struct api_token issued = {.token_id = "tok1", .retry_after = -1};
    struct person person = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &person.authenticator, &person.monitor);
    struct asked asked;
    begin(&asked, &request);
    type(&asked, "lt_0123456789");
    fake_api_issue(0, token_for("c2m_alice", "tok1", GOOD), &issued);
    turns();
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
    person.session = sessions_open(world.parts.sessions, &person.monitor, "alice");
    assert_non_null(person.session);
    turns();
    person.shell = spawn_leader(&person.monitor, ALICE, PTS_3);
    return person;
}

static void who_stands_in_a_session_gets_a_token(void **state)
{
    const struct api_token issued = {.token_id = "tok2", .retry_after = -1};
    struct person person = with_a_long_one();
    const char *narrow = token_for("c2m_alice", "tok2", ",\"scope\":\"jobs:read\"");
    struct c2m_token wire;
    (void)state;
    unsigned slot = in_session(&person);
    token_asked(slot);
    assert_int_equal(fake_api_count(), 2);
    fake_api_issue(1, narrow, &issued);
    expect_message(slot, C2M_TOKEN_IS, &wire, sizeof wire);
    assert_int_equal(wire.token.length, strlen(narrow));
    assert_memory_equal(wire.token.bytes, narrow, strlen(narrow));
    assert_true(said("event=token"));
    assert_false(said(narrow));
    turns();
    assert_null(peers[slot]);
}

static void who_leaves_while_a_token_is_fetched_is_forgotten(void **state)
{
    const struct api_token issued = {.token_id = "tok2", .retry_after = -1};
    struct person person = with_a_long_one();
    (void)state;
    unsigned slot = in_session(&person);
    token_asked(slot);
    leaves(slot);
    turns();
    assert_null(peers[slot]);
    fake_api_issue(1, token_for("c2m_alice", "tok2", ",\"scope\":\"jobs:read\""), &issued);
    turns();
}

static void who_stands_in_none_gets_no_token(void **state)
{
    struct process_facts root = spawn_daemon();
    (void)state;
    with_a_long_one();
    unsigned slot = user_connects(ALICE);
    token_asked(slot);
    expect(slot, C2M_DENIED, C2M_TEXT_NO_SESSION);
    slot = connected(&root, true);
    token_asked(slot);
    expect(slot, C2M_DENIED, C2M_TEXT_NO_SESSION);
    assert_int_equal(fake_api_count(), 1);
}

static void a_session_whose_token_is_dead_gets_no_token(void **state)
{
    struct person person = with_a_long_one();
    (void)state;
    fake_wall += LIFE + 60;
    unsigned slot = in_session(&person);
    token_asked(slot);
    expect(slot, C2M_DENIED, C2M_TEXT_SESSION_EXPIRED);
    fake_wall -= LIFE + 60;
    deny_list_add(world.parts.deny_list, "tok1", person.session->token_hash, NOW + LIFE, DENY_REVOKED);
    slot = in_session(&person);
    token_asked(slot);
    expect(slot, C2M_DENIED, C2M_TEXT_ENDED);
    assert_int_equal(fake_api_count(), 1);
}

static void a_session_of_a_short_token_delivers_none(void **state)
{
    struct person person = logged_in("alice", ALICE, token_for("c2m_alice", "tok1", GOOD), 77);
    (void)state;
    unsigned slot = in_session(&person);
    token_asked(slot);
    expect(slot, C2M_DENIED, C2M_TEXT_SHORT_SESSION);
}

/* Alice's session, and its token at the API. */
static struct person alice_is_in(void)
{
    return logged_in("alice", ALICE, token_for("c2m_alice", "tok1", GOOD), 77);
}

static void end_session(unsigned slot, const char *reference)
{
    struct c2m_session_end body;
    memcpy(body.reference, reference, sizeof body.reference);
    send_message(slot, C2M_SESSION_END, &body, sizeof body);
    turns();
}

static void root_ends_a_session_and_its_tokens_are_revoked(void **state)
{
    struct person person = alice_is_in();
    struct process_facts root = spawn_daemon();
    char reference[9];
    (void)state;
    memcpy(reference, person.session->reference, sizeof reference);
    unsigned slot = connected(&root, true);
    end_session(slot, reference);
    struct c2m_verdict verdict = verdict_of(slot);
    assert_int_equal(verdict.verdict, C2M_GRANTED);
    assert_int_equal(verdict.operation, C2M_SESSION_END);
    assert_true(revocation_asked("tok1"));
    assert_int_equal(denied("tok1"), DENY_REVOKED);
    assert_true(said("event=end ref="));
    nothing_is_kept();

    slot = connected(&root, true); /* it is over already; and what never was */
    end_session(slot, reference);
    expect(slot, C2M_DENIED, C2M_TEXT_NO_SESSION);
    slot = connected(&root, true);
    end_session(slot, "\0\0\0\0\0\0\0");
    expect(slot, C2M_DENIED, C2M_TEXT_NO_SESSION);
}

static void end_presences(unsigned slot, const char *user, uint16_t length)
{
    struct c2m_presences_end body = {.user.length = length};
    memcpy(body.user.bytes, user, strlen(user));
    send_message(slot, C2M_PRESENCES_END, &body, sizeof body);
    turns();
}

static unsigned presences_ended(const char *user)
{
    struct process_facts root = spawn_daemon();
    unsigned slot = connected(&root, true);
    end_presences(slot, user, (uint16_t)strlen(user));
    struct c2m_verdict verdict = verdict_of(slot);
    assert_int_equal(verdict.verdict, C2M_GRANTED);
    assert_int_equal(verdict.reason, C2M_TEXT_NONE);
    return verdict.reason_argument[0];
}

static void root_ends_what_a_user_proved_in_terminals(void **state)
{
    struct person person = alice_is_in();
    struct process_facts terminal = spawn(&person.shell), root = spawn_daemon();
    (void)state;
    terminal.leader = terminal.process.pid;
    changed(&terminal);
    struct verified token = {.claims = {.token_id = "tok9", .expires = NOW + 900}};
    assert_int_equal(presences_prove(world.parts.presences, person.session->reference, ALICE, 5,
                         terminal.process, C2M_FORM_SHORT, &token, 300000),
        0);
    assert_int_equal(presences_ended("bob"), 0);
    assert_non_null(presences_find(world.parts.presences, ALICE, 5, terminal.process));
    assert_int_equal(presences_ended("alice"), 1);
    assert_null(presences_find(world.parts.presences, ALICE, 5, terminal.process));
    assert_int_equal(presences_ended(""), 0);
    unsigned slot = connected(&root, true);
    end_presences(slot, "alice", 4); /* bytes behind its length */
    expect(slot, C2M_UNAVAILABLE, C2M_TEXT_NONE);
}

static void nobody_but_root_ends_anothers_session(void **state)
{
    struct person person = alice_is_in();
    unsigned slot = user_connects(1003);
    (void)state;
    end_session(slot, person.session->reference);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
    slot = user_connects(1003);
    end_presences(slot, "", 0);
    expect(slot, C2M_DENIED, C2M_TEXT_NOT_ROOT);
    slot = user_connects(1003);
    send_message(slot, C2M_GIVE_UP, NULL, 0);
    expect(slot, C2M_DENIED, C2M_TEXT_NO_SESSION);
    assert_int_equal(sessions_count(world.parts.sessions, C2M_SESSION_ACTIVE), 1);
    assert_false(revocation_asked("tok1"));
}

static void a_user_gives_up_the_session_he_stands_in(void **state)
{
    struct person person = alice_is_in();
    struct process_facts command = spawn(&person.shell);
    (void)state;
    command.audit_id = 77;
    command.login_uid = ALICE;
    changed(&command);
    unsigned slot = connected(&command, false);
    send_message(slot, C2M_GIVE_UP, NULL, 0);
    expect(slot, C2M_GRANTED, C2M_TEXT_NONE);
    assert_true(revocation_asked("tok1"));
    nothing_is_kept();
}

static void gives_up_in_vain(uint32_t uid)
{
    unsigned slot = user_connects(uid);
    forget_log();
    send_message(slot, C2M_GIVE_UP, NULL, 0);
    expect(slot, C2M_DENIED, C2M_TEXT_NO_SESSION);
}

/* Of whom root never spoke, all are one: a user may have many uids. */
static void what_users_are_refused_fills_no_log(void **state)
{
    (void)state;
    alice_is_in();
    gives_up_in_vain(1003);
    assert_true(said("event=end verdict=denied"));
    while (user_lines_take(&user_lines, PROCESS_NO_UID))
        continue;
    gives_up_in_vain(1003);
    assert_false(said("event=end"));
    gives_up_in_vain(100000);
    assert_false(said("event=end"));
    gives_up_in_vain(ALICE);
    assert_true(said("event=end verdict=denied"));
    while (user_lines_take(&user_lines, ALICE))
        continue;
    gives_up_in_vain(ALICE);
    assert_false(said("event=end"));
    struct process_facts init = spawn_daemon(), process = spawn_leader(&init, ALICE, PTS_3);
    unsigned slot = connected(&process, true);
    ask(slot, C2M_ACCOUNT, "sshd", "alice", ALICE);
    verdict_of(slot);
    assert_true(said("event=account")); /* whatever comes to root's door is */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_login_is_asked_granted_opened_and_closed),
        TEST(a_session_is_closed_without_its_users_name),
        TEST(root_ends_a_session_and_its_tokens_are_revoked),
        TEST(root_ends_what_a_user_proved_in_terminals),
        TEST(nobody_but_root_ends_anothers_session),
        TEST(a_user_gives_up_the_session_he_stands_in),
        TEST(what_users_are_refused_fills_no_log),
        TEST(the_parts_of_a_token_share_one_deadline),
        TEST(what_was_never_granted_is_neither_opened_nor_closed),
        TEST(what_cannot_be_written_down_is_not_promised),
        TEST(a_user_may_ask_for_himself_only),
        TEST(a_name_that_root_never_spoke_of_is_nobody),
        TEST(a_set_uid_program_is_not_the_user),
        TEST(sessions_are_roots_to_open_and_to_close),
        TEST(root_is_told_what_the_refused_tokens_carry),
        TEST(at_pam_sock_who_is_not_root_is_refused),
        TEST(a_foreign_namespace_is_served_nothing),
        TEST(a_body_that_is_no_text_is_refused),
        TEST(an_answer_to_no_prompt_hangs_up),
        TEST(what_is_no_request_hangs_up),
        TEST(a_second_request_ends_the_first),
        TEST(a_second_answer_during_the_exchange_is_granted_nothing),
        TEST(an_answer_beyond_its_array_is_granted_nothing),
        TEST(eight_kibibytes_are_an_answer),
        TEST(a_client_may_leave_at_each_point),
        TEST(a_grant_that_nobody_hears_is_taken_back),
        TEST(anybody_may_ask_how_the_helper_is),
        TEST(a_user_sees_his_own_sessions_and_root_all),
        TEST(root_sees_the_revocations),
        TEST(root_is_told_what_the_log_said_of_a_login),
        TEST(nobody_but_root_is_told_it),
        TEST(who_stands_in_a_session_gets_a_token),
        TEST(who_leaves_while_a_token_is_fetched_is_forgotten),
        TEST(who_stands_in_none_gets_no_token),
        TEST(a_session_whose_token_is_dead_gets_no_token),
        TEST(a_session_of_a_short_token_delivers_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
