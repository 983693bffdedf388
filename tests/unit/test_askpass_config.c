// link: helper/ctl/askpass_config.c helper/ctl/own_file.c helper/ctl/complain.c
/* askpass.conf: a source for who is named, nothing for anybody else, and no mistake is passed over. */
#include "askpass_config.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_askpass_config.XXXXXX", file[64];
static struct askpass_source source;

static int set_up(void **state)
{
    (void)state;
    snprintf(file, sizeof file, "%s/askpass.conf", mkdtemp(folder));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(folder);
}

static void write_file(const char *text, size_t length)
{
    unlink(file);
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_int_equal(write(fd, text, length), length);
    close(fd);
}

static bool find(const char *text, const char *host)
{
    write_file(text, strlen(text));
    return askpass_config_find(file, host, &source);
}

#define GOOD \
    "# mine\n\n[host web1 web1.example.org]\n  file = ~/.config/c2m/web1.token\n" \
    "[ host\tweb2 ]\ncommand = pass show c2m/web2 | head -n 1\n[sudo]\nterminal = yes\n"

static void who_is_named_has_a_source(void **state)
{
    (void)state;
    assert_true(find(GOOD, "web1"));
    assert_int_equal(source.kind, ASKPASS_FILE);
    assert_string_equal(source.value, "~/.config/c2m/web1.token");
    assert_true(find(GOOD, "WEB1.example.org"));
    assert_int_equal(source.kind, ASKPASS_FILE);
    assert_true(find(GOOD, "web2"));
    assert_int_equal(source.kind, ASKPASS_COMMAND);
    assert_string_equal(source.value, "pass show c2m/web2 | head -n 1");
    assert_true(find(GOOD, ""));
    assert_int_equal(source.kind, ASKPASS_TERMINAL);
}

static void who_is_not_named_has_none(void **state)
{
    static const char *const others[] = {"web3", "web", "web1.example", "example.org", "web11", "host",
        "sudo", "*", "web1 web1.example.org", "[host"};
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (find(GOOD, others[i]))
            fail_msg("%s", others[i]);
        assert_int_equal(source.kind, ASKPASS_NONE);
    }
    assert_false(find("[host web1]\nfile = /a\n", ""));
    assert_false(find("[sudo]\nfile = /a\n", "web1"));
    assert_false(find("", "web1"));
    assert_false(find("[host]\nfile = /a\n", ""));
}

static void a_mistake_anywhere_is_one(void **state)
{
    static const char *const mistakes[] = {"file = /a\n[host web1]\nfile = /a\n", "[host web1]\n",
        "[host web1]\nfile = /a\n[host web2]\n", "[host web1]\nfile = /a\nfile = /b\n",
        "[host web1]\nfile = /a\nterminal = yes\n", "[host web1]\nfile = /a\n[host web1]\nfile = /b\n",
        "[host web1]\nfile = /a\n[host web2]\nfiel = /b\n", "[host web1]\nfile = a\n",
        "[host web1]\nfile = ~bob/a\n", "[host web1]\nfile =\n", "[host web1]\nfile /a\n",
        "[host web1\nfile = /a\n", "[host web1] x\nfile = /a\n", "[web1]\nfile = /a\n",
        "[hostweb1]\nfile = /a\n", "[host web1]\nterminal = no\n", "[host web1]\nFILE = /a\n",
        "[host web1]\nfile = /a", "[host web1]\nfile = /a\n[sudo\n", "[host web1]\nfile = /a\nnonsense\n",
        "[host web1]\nfile: /a\n", "[]\nfile = /a\n", "[host web1]\nfile = /a\n[]\n"};
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++)
        if (find(mistakes[i], "web1"))
            fail_msg("%s", mistakes[i]);
    write_file("[host web1]\nfile = /a\0b\n", 25);
    assert_false(askpass_config_find(file, "web1", &source));
}

static void a_line_that_is_too_long_is_refused(void **state)
{
    static char text[2 * ASKPASS_LINE_SIZE];
    (void)state;
    memset(text, 'a', sizeof text);
    memcpy(text, "[host web1]\nfile = /", 20);
    strcpy(text + 12 + ASKPASS_LINE_SIZE - 2, "\n");
    assert_true(find(text, "web1"));
    text[12 + ASKPASS_LINE_SIZE - 2] = 'a';
    strcpy(text + 12 + ASKPASS_LINE_SIZE - 1, "\n");
    assert_false(find(text, "web1"));
}

/* It names a command: whoever can write it can run one. */
static void a_file_that_others_may_write_is_not_read(void **state)
{
    static const mode_t modes[] = {0620, 0602, 0666};
    char link_to_it[80];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_true(find(GOOD, "web1"));
        assert_int_equal(chmod(file, modes[i]), 0);
        assert_false(askpass_config_find(file, "web1", &source));
    }
    assert_int_equal(chmod(file, 0644), 0);
    assert_true(askpass_config_find(file, "web1", &source));
    snprintf(link_to_it, sizeof link_to_it, "%s/link", folder);
    assert_int_equal(symlink(file, link_to_it), 0);
    assert_false(askpass_config_find(link_to_it, "web1", &source));
    unlink(link_to_it);
    assert_false(askpass_config_find(folder, "web1", &source));
    assert_false(askpass_config_find("/nonexistent", "web1", &source));
}

static void it_is_where_configuration_is(void **state)
{
    char path[ASKPASS_PATH_SIZE];
    (void)state;
    setenv("HOME", "/home/alice", 1);
    unsetenv("XDG_CONFIG_HOME");
    assert_true(askpass_config_file(path, sizeof path));
    assert_string_equal(path, "/home/alice/.config/c2m/askpass.conf");
    setenv("XDG_CONFIG_HOME", "/xdg", 1);
    assert_true(askpass_config_file(path, sizeof path));
    assert_string_equal(path, "/xdg/c2m/askpass.conf");
    setenv("XDG_CONFIG_HOME", "relative", 1);
    assert_true(askpass_config_file(path, sizeof path));
    assert_string_equal(path, "/home/alice/.config/c2m/askpass.conf");
    assert_false(askpass_config_file(path, 20));
    unsetenv("HOME");
    assert_false(askpass_config_file(path, sizeof path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_named_has_a_source),
        cmocka_unit_test(who_is_not_named_has_none),
        cmocka_unit_test(a_mistake_anywhere_is_one),
        cmocka_unit_test(a_line_that_is_too_long_is_refused),
        cmocka_unit_test(a_file_that_others_may_write_is_not_read),
        cmocka_unit_test(it_is_where_configuration_is),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
