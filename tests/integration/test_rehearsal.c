// link: helper/ctl/rehearsal.c helper/ctl/private_stack.c helper/ctl/replay.c helper/ctl/control.c helper/ctl/memory.c helper/ctl/stack.c helper/ctl/stack_line.c
/* libpam's verdict on a private copy, and the line that gave it. */
#include "control.h"
#include "rehearsal.h"

#include <security/pam_appl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char module[] = "pam_x.so", none[] = "", file[] = "/x";
static struct stack stack;
static int results[STACK_LINES_MAX];
static char controls[STACK_LINES_MAX][64];

static void line(enum stack_type type, unsigned level, const char *control, int result)
{
    snprintf(controls[stack.count], sizeof controls[0], "%s", control);
    stack.lines[stack.count] = (struct stack_line){.type = type,
        .level = level,
        .opens = strcmp(control, "substack") == 0,
        .file = file,
        .module = module,
        .arguments = none,
        .control = controls[stack.count]};
    results[stack.count++] = result;
}

static void expect(enum stack_type phase, int verdict, int decider)
{
    struct rehearsal rehearsal;
    assert_int_equal(rehearsal_run(&rehearsal, &stack, results), 0);
    assert_int_equal(rehearsal.phase[phase].verdict, verdict);
    assert_int_equal(rehearsal.phase[phase].decider, decider);
}

static void libpam_can_be_asked(void **state)
{
    (void)state;
    assert_int_equal(rehearsal_possible(), 0);
}

static void the_line_that_ends_the_stack_decides(void **state)
{
    (void)state;
    stack.count = 0;
    line(STACK_AUTH, 0, "[success=done ignore=ignore default=die]", PAM_AUTH_ERR);
    line(STACK_AUTH, 0, "[success=1 default=ignore]", PAM_SUCCESS);
    line(STACK_AUTH, 0, "requisite", PAM_AUTH_ERR);
    line(STACK_AUTH, 0, "required", PAM_SUCCESS);
    line(STACK_ACCOUNT, 0, "[success=ok default=bad]", PAM_ACCT_EXPIRED);
    line(STACK_ACCOUNT, 0, "required", PAM_SUCCESS);
    expect(STACK_AUTH, PAM_AUTH_ERR, 0);
    expect(STACK_ACCOUNT, PAM_ACCT_EXPIRED, 4);
    results[0] = PAM_SUCCESS;
    expect(STACK_AUTH, PAM_SUCCESS, 0);
    results[0] = PAM_IGNORE;
    expect(STACK_AUTH, PAM_SUCCESS, 3);
    results[1] = PAM_AUTH_ERR;
    expect(STACK_AUTH, PAM_AUTH_ERR, 2);
}

static void where_nothing_decides_nobody_gets_in(void **state)
{
    (void)state;
    stack.count = 0;
    line(STACK_AUTH, 0, "optional", PAM_IGNORE);
    expect(STACK_AUTH, PAM_PERM_DENIED, -1);
    expect(STACK_ACCOUNT, PAM_PERM_DENIED, -1);
    line(STACK_ACCOUNT, 0, "[success=3 default=ignore]", PAM_SUCCESS);
    expect(STACK_ACCOUNT, PAM_PERM_DENIED, 1);
}

static const char *some_control(void)
{
    static const char *const all[] = {"required", "requisite", "sufficient", "optional",
        "[success=done ignore=ignore default=die]", "[success=ok ignore=ignore default=bad]",
        "[success=1 default=ignore]", "[success=2 auth_err=1 default=bad]", "[default=reset]",
        "[success=ok auth_err=reset default=ignore]", "[success=die default=done]", "[nonsense=1]",
        "[success=0]", "[success=3 default=ok]"};
    return all[random() % (long)(sizeof all / sizeof all[0])];
}

/* What a substack opens is of its type. */
static enum stack_type some_type(unsigned level)
{
    for (size_t i = stack.count; level > 0 && i-- > 0;)
        if (stack.lines[i].opens && stack.lines[i].level < level)
            return stack.lines[i].type;
    return random() % 2 == 0 ? STACK_AUTH : STACK_ACCOUNT;
}

static unsigned some_level(unsigned before)
{
    if (before < 3 && random() % 6 == 0) {
        line(some_type(before), before, "substack", PAM_IGNORE);
        return before + 1;
    }
    return before > 0 && random() % 3 == 0 ? before - 1 : before;
}

static void make_stack(void)
{
    static const int some[] = {PAM_SUCCESS, PAM_SUCCESS, PAM_AUTH_ERR, PAM_IGNORE, PAM_USER_UNKNOWN,
        PAM_NEW_AUTHTOK_REQD, PAM_MODULE_UNKNOWN};
    unsigned level = 0;
    stack.count = 0;
    for (long left = 1 + random() % 9; left > 0; left--) {
        level = some_level(level);
        line(some_type(level), level, some_control(), some[random() % 7]);
    }
}

static void the_walk_agrees_with_libpam_on_any_stack(void **state)
{
    (void)state;
    srandom(1);
    for (int n = 0; n < 400; n++) {
        struct rehearsal rehearsal;
        struct replay replay;
        make_stack();
        assert_int_equal(rehearsal_run(&rehearsal, &stack, results), 0);
        for (int phase = 0; phase < 2; phase++) {
            replay_run(&replay, &stack, (enum stack_type)phase, results);
            if (replay.verdict != rehearsal.phase[phase].verdict ||
                replay.asked_count != rehearsal.phase[phase].asked_count)
                fail_msg("stack %d, phase %d", n, phase);
        }
    }
}

static int nothing_to_say(
    int count, const struct pam_message **m, struct pam_response **responses, void *data)
{
    (void)m;
    (void)data;
    *responses = calloc((size_t)count, sizeof **responses);
    return PAM_SUCCESS;
}

static void real(const char *name, int auth, int account)
{
    const struct pam_conv conversation = {nothing_to_say, NULL};
    char dir[] = "/tmp/test_rehearsal.XXXXXX", path[64];
    pam_handle_t *pam;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/x", dir);
    FILE *written = fopen(path, "w");
    assert_true(
        fprintf(written, "auth required %s\naccount required %s\n", name, name) > 0 && fclose(written) == 0);
    assert_int_equal(pam_start_confdir("x", "nobody", &conversation, dir, &pam), PAM_SUCCESS);
    assert_int_equal(pam_authenticate(pam, PAM_SILENT), auth);
    assert_int_equal(pam_acct_mgmt(pam, PAM_SILENT), account);
    pam_end(pam, PAM_SUCCESS);
    unlink(path);
    rmdir(dir);
}

/* What stands in for them in a rehearsal says the same. */
static void a_missing_file_and_pam_deny_are_what_they_are_taken_for(void **state)
{
    (void)state;
    real("/nonexistent/pam_c2m.so", PAM_MODULE_UNKNOWN, PAM_MODULE_UNKNOWN);
    real("pam_deny.so", PAM_AUTH_ERR, PAM_AUTH_ERR);
    real("pam_permit.so", PAM_SUCCESS, PAM_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libpam_can_be_asked),
        cmocka_unit_test(the_line_that_ends_the_stack_decides),
        cmocka_unit_test(where_nothing_decides_nobody_gets_in),
        cmocka_unit_test(the_walk_agrees_with_libpam_on_any_stack),
        cmocka_unit_test(a_missing_file_and_pam_deny_are_what_they_are_taken_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
