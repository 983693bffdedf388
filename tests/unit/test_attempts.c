// fakes: clock
/* The last refusal of a user by the same application. */
#include "login/attempts.h"

#include "c2m/wire.h"
#include "fakes/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct process sshd = {.pid = 10, .start = 100};
static struct attempts *attempts;

static int set_up(void **state)
{
    (void)state;
    return attempts_new(&attempts);
}

static int tear_down(void **state)
{
    (void)state;
    attempts_free(attempts);
    return 0;
}

static void note(struct process application, const char *user, uint32_t text)
{
    const struct attempt_note made = {
        .text = text, .argument = {text + 1, text + 2}, .reference = "0123abcd"};
    attempts_note(attempts, application, user, &made);
}

static void expect(struct process application, const char *user, uint32_t text)
{
    struct attempt_note taken;
    assert_int_equal(attempts_take(attempts, application, user, &taken), text != C2M_TEXT_NONE);
    if (text == C2M_TEXT_NONE)
        return;
    assert_int_equal(taken.text, text);
    assert_int_equal(taken.argument[0], text + 1);
    assert_int_equal(taken.argument[1], text + 2);
    assert_string_equal(taken.reference, "0123abcd");
}

static void a_note_is_taken_once(void **state)
{
    (void)state;
    note(sshd, "alice", C2M_TEXT_EXPIRED);
    expect(sshd, "alice", C2M_TEXT_EXPIRED);
    expect(sshd, "alice", C2M_TEXT_NONE);
}

static void it_is_of_that_application_and_user_only(void **state)
{
    const struct process other = {.pid = 11, .start = 100}, reused = {.pid = 10, .start = 101};
    (void)state;
    note(sshd, "alice", C2M_TEXT_EXPIRED);
    expect(other, "alice", C2M_TEXT_NONE);
    expect(reused, "alice", C2M_TEXT_NONE);
    expect(sshd, "alic", C2M_TEXT_NONE);
    expect(sshd, "alice", C2M_TEXT_EXPIRED);
}

static void an_application_that_is_not_known_has_no_notes(void **state)
{
    const struct process none = {.pid = 0};
    (void)state;
    note(none, "alice", C2M_TEXT_EXPIRED);
    expect(none, "alice", C2M_TEXT_NONE);
}

static void it_is_worth_a_minute(void **state)
{
    (void)state;
    note(sshd, "alice", C2M_TEXT_EXPIRED);
    fake_boot_ms += 60000;
    expect(sshd, "alice", C2M_TEXT_EXPIRED);
    note(sshd, "alice", C2M_TEXT_EXPIRED);
    fake_boot_ms += 60001;
    expect(sshd, "alice", C2M_TEXT_NONE);
}

static void the_last_one_comes_first(void **state)
{
    (void)state;
    note(sshd, "alice", C2M_TEXT_EXPIRED);
    note(sshd, "alice", C2M_TEXT_CUT);
    expect(sshd, "alice", C2M_TEXT_CUT);
}

static void the_oldest_goes_first(void **state)
{
    const struct process first = {.pid = 1, .start = 1}, second = {.pid = 2, .start = 1},
                         last = {.pid = 1025, .start = 1};
    (void)state;
    for (pid_t pid = 1; pid <= 1025; pid++)
        note((struct process){.pid = pid, .start = 1}, "alice", C2M_TEXT_SCOPE);
    expect(first, "alice", C2M_TEXT_NONE);
    expect(second, "alice", C2M_TEXT_SCOPE);
    expect(last, "alice", C2M_TEXT_SCOPE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_note_is_taken_once),
        TEST(it_is_of_that_application_and_user_only),
        TEST(an_application_that_is_not_known_has_no_notes),
        TEST(it_is_worth_a_minute),
        TEST(the_last_one_comes_first),
        TEST(the_oldest_goes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
