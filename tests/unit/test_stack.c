// link: helper/ctl/memory.c helper/ctl/stack.c helper/ctl/stack_line.c
/* A stack is read as libpam reads it, and each line knows where it stands. */
#include "stack.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_stack.XXXXXX";
static struct stack_dirs dirs = {.dirs = {folder}, .count = 1};
static struct stack stack;
static struct stack_problem problem;

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void put(const char *name, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_true(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static int read_service(const char *text)
{
    stack_free(&stack);
    put("sshd", text);
    return stack_read(&stack, &dirs, "sshd", &problem);
}

static void expect(size_t i, enum stack_type type, const char *file, unsigned number, const char *control,
    const char *module, const char *arguments)
{
    assert_true(i < stack.count);
    const struct stack_line *line = &stack.lines[i];
    assert_int_equal(line->type, type);
    assert_string_equal(strrchr(line->file, '/') + 1, file);
    assert_int_equal(line->number, number);
    assert_string_equal(line->control, control);
    assert_string_equal(line->module, module);
    assert_string_equal(line->arguments, arguments);
}

static void a_line_is_type_control_module_arguments(void **state)
{
    (void)state;
    assert_int_equal(read_service("#%PAM-1.0\n\n  auth\trequired  pam_unix.so nullok  try_first_pass # why\n"
                                  "-session optional /lib/security/pam_x.so\n"
                                  "ACCOUNT [success=1 default=ignore] pam_c2m.so service=[a b]\n"),
        0);
    assert_int_equal(stack.count, 3);
    expect(0, STACK_AUTH, "sshd", 3, "required", "pam_unix.so", "nullok  try_first_pass");
    expect(1, STACK_SESSION, "sshd", 4, "optional", "/lib/security/pam_x.so", "");
    expect(2, STACK_ACCOUNT, "sshd", 5, "[success=1 default=ignore]", "pam_c2m.so", "service=[a b]");
    assert_true(stack_line_is(&stack.lines[1], "pam_x.so"));
    assert_true(stack_names_c2m(&stack, STACK_TYPES));
    assert_true(stack_names_c2m(&stack, STACK_ACCOUNT));
    assert_false(stack_names_c2m(&stack, STACK_AUTH));
}

static void a_line_goes_on_behind_a_backslash(void **state)
{
    (void)state;
    assert_int_equal(
        read_service("auth [success=1 \\\n  default=ignore] \\\n pam_c2m.so\nauth required a.so"), 0);
    expect(0, STACK_AUTH, "sshd", 1, "[success=1    default=ignore]", "pam_c2m.so", "");
    expect(1, STACK_AUTH, "sshd", 4, "required", "a.so", "");
    assert_int_equal(read_service("auth required a.so # not \\\nauth required b.so\n"), 0);
    expect(1, STACK_AUTH, "sshd", 2, "required", "b.so", "");
}

static void an_included_line_stands_in_its_own_file(void **state)
{
    (void)state;
    put("common", "auth required a.so\naccount required b.so\n");
    assert_int_equal(read_service("@include common\nauth include common\naccount required c.so\n"), 0);
    assert_int_equal(stack.count, 4);
    expect(0, STACK_AUTH, "common", 1, "required", "a.so", "");
    expect(1, STACK_ACCOUNT, "common", 2, "required", "b.so", "");
    expect(2, STACK_AUTH, "common", 1, "required", "a.so", "");
    expect(3, STACK_ACCOUNT, "sshd", 3, "required", "c.so", "");
}

static void a_substack_is_a_level_of_its_own(void **state)
{
    (void)state;
    put("inner", "auth required b.so\n");
    put("outer", "auth substack inner\nauth required a.so\nsession required s.so\n");
    assert_int_equal(read_service("auth substack outer\nauth required c.so\n"), 0);
    assert_int_equal(stack.count, 5);
    static const unsigned levels[] = {0, 1, 2, 1, 0};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(stack.lines[i].level, levels[i]);
    assert_true(stack.lines[0].opens && stack.lines[1].opens && !stack.lines[2].opens);
}

static void what_a_service_does_not_say_other_says(void **state)
{
    (void)state;
    put("other", "auth required pam_deny.so\naccount required pam_deny.so\n");
    assert_int_equal(read_service("auth required a.so\n"), 0);
    assert_int_equal(stack.count, 2);
    expect(0, STACK_AUTH, "sshd", 1, "required", "a.so", "");
    expect(1, STACK_ACCOUNT, "other", 2, "required", "pam_deny.so", "");
}

static void the_first_folder_that_has_a_file_counts(void **state)
{
    const struct stack_dirs both = {.dirs = {"/nonexistent", folder}, .count = 2};
    (void)state;
    stack_free(&stack);
    put("sshd", "auth required a.so\naccount required a.so\n");
    assert_int_equal(stack_read(&stack, &both, "sshd", &problem), 0);
    expect(0, STACK_AUTH, "sshd", 1, "required", "a.so", "");
    assert_int_equal(stack_read(&stack, &both, "nosuch", &problem), -ENOENT);
    assert_int_equal(stack_read(&stack, &both, "../sshd", &problem), -ENOENT);
}

static void what_libpam_could_only_fail_is_told_by_its_line(void **state)
{
    static const struct {
        const char *text, *file;
        unsigned line;
    } cases[] = {{"auth required a.so\nauht required b.so\n", "sshd", 2}, {"auth\n", "sshd", 1},
        {"\nauth required\n", "sshd", 2}, {"@include nosuch\n", "sshd", 1}, {"auth include\n", "sshd", 1},
        {"auth substack nosuch\n", "sshd", 1}, {"auth required a.so\n@include sshd\n", "sshd", 2},
        {"@include broken\n", "broken", 1}, {"auth required a.so\nauth required b.so \\\n", "sshd", 2}};
    (void)state;
    put("broken", "auth required\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (read_service(cases[i].text) != -EINVAL)
            fail_msg("%s", cases[i].text);
        assert_string_equal(strrchr(problem.file, '/') + 1, cases[i].file);
        assert_int_equal(problem.line, cases[i].line);
        assert_non_null(problem.what);
    }
}

static void one_that_is_too_long_is_no_half_of_it(void **state)
{
    char text[64 * STACK_LINES_MAX] = "", line[8192];
    (void)state;
    put("other", "");
    for (int i = 0; i < STACK_LINES_MAX; i++)
        strcat(text, "auth required a.so\n");
    assert_int_equal(read_service(text), 0);
    strcat(text, "auth required a.so\n");
    assert_int_equal(read_service(text), -EINVAL);
    snprintf(line, sizeof line, "auth required a.so %05000d\n", 1);
    assert_int_equal(read_service(line), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_type_control_module_arguments),
        cmocka_unit_test(a_line_goes_on_behind_a_backslash),
        cmocka_unit_test(an_included_line_stands_in_its_own_file),
        cmocka_unit_test(a_substack_is_a_level_of_its_own),
        cmocka_unit_test(what_a_service_does_not_say_other_says),
        cmocka_unit_test(the_first_folder_that_has_a_file_counts),
        cmocka_unit_test(what_libpam_could_only_fail_is_told_by_its_line),
        cmocka_unit_test(one_that_is_too_long_is_no_half_of_it),
    };
    int failed = cmocka_run_group_tests(tests, set_up, tear_down);
    stack_free(&stack);
    return failed;
}
