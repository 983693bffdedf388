/* The one form of a configuration file, and every line that is refused rather than read in some other way. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test_ini.XXXXXX", file[64];
static char seen[300000], headers[4096];
static int stopped, stop_at_line;

static int note(void *argument, const char *section, const char *key, const char *value, int line)
{
    char entry[2048];
    assert_ptr_equal(argument, folder);
    if (!key) {
        assert_null(value);
        snprintf(entry, sizeof entry, "%d[%s]|", line, section);
        strcat(headers, entry);
        return 0;
    }
    snprintf(entry, sizeof entry, "%d[%s]%s=%s|", line, section, key, value);
    strcat(seen, entry);
    return line == stop_at_line ? -77 : 0;
}

static void put(const char *bytes, size_t length)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

static int read_file(void)
{
    seen[0] = headers[0] = '\0';
    return ini_read(file, note, folder, &stopped);
}

static int read_text(const char *text)
{
    put(text, strlen(text));
    return read_file();
}

static int set_up(void **state)
{
    (void)state;
    stop_at_line = 0;
    stopped = 1234;
    unlink(file);
    return 0;
}

static void sections_keys_and_values_come_in_the_order_of_the_file(void **state)
{
    (void)state;
    assert_int_equal(read_text("a=1\n[api]\nurl = https://x/#y\n\n[service sudo]\nreuse=5m"), 0);
    assert_string_equal(seen, "1[]a=1|3[api]url=https://x/#y|6[service sudo]reuse=5m|");
    assert_int_equal(stopped, 0);
}

static void blanks_around_are_not_part_of_it(void **state)
{
    (void)state;
    assert_int_equal(read_text("\t [api] \n  url \t=\t a  b \t\n"), 0);
    assert_string_equal(seen, "2[api]url=a  b|");
}

static void an_indented_line_does_not_continue_the_one_before(void **state)
{
    (void)state;
    assert_int_equal(read_text("a = 1\n  b = 2\n"), 0);
    assert_string_equal(seen, "1[]a=1|2[]b=2|");
    assert_int_equal(read_text("a = 1\n  more\n"), 2);
}

static void comments_begin_a_line_or_follow_a_blank(void **state)
{
    (void)state;
    assert_int_equal(read_text("# a\n;b\n  # c\n[s] # d\na = 1 # e\nb = 2\t; f\nc = 3#4;5\nd = # g\n"), 0);
    assert_string_equal(seen, "5[s]a=1|6[s]b=2|7[s]c=3#4;5|8[s]d=|");
}

static void a_value_may_be_empty_or_hold_what_divides(void **state)
{
    (void)state;
    assert_int_equal(read_text("a =\nb = c = d : e [f]\n"), 0);
    assert_string_equal(seen, "1[]a=|2[]b=c = d : e [f]|");
}

static void a_line_of_1000_bytes_is_read_whole(void **state)
{
    char text[1010] = "key = ", expected[1010] = "1[]key=";
    (void)state;
    memset(text + 6, 'v', 994);
    memset(expected + 7, 'v', 994);
    strcpy(text + 1000, "\n");
    strcat(expected, "|");
    assert_int_equal(read_text(text), 0);
    assert_string_equal(seen, expected);
    strcpy(text + 1000, "v\n");
    assert_int_equal(read_text(text), 1);
    assert_string_equal(seen, "");
}

static void a_line_that_is_no_ini_is_named_and_nothing_after_it_is_read(void **state)
{
    static const char *const lines[] = {"word", "= value", "[open", "[a] junk", "[a] = 1", "[]", "[a]]",
        "key : value", "a:b = c", "[a]b = c", "key = a\x01", "key = a\x7f", "key\x1b = a", "key = a\r",
        "\x0b"
        "a = 1",
        /* a section of 50 bytes, a key of 200 */
        "[sssssssssssssssssssssssssssssssssssssssssssssssssssssssss]",
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
        "kkkk"
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
        " = 1"};
    char text[400];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        snprintf(text, sizeof text, "a = 1\n\n%s\nb = 2\n", lines[i]);
        assert_int_equal(read_text(text), 3);
        assert_string_equal(seen, "1[]a=1|");
        assert_int_equal(stopped, 0);
    }
}

static void a_section_of_49_bytes_is_read_whole(void **state)
{
    (void)state;
    assert_int_equal(read_text("[sssssssssssssssssssssssssssssssssssssssssssssssss]\na=1\n"), 0);
    assert_string_equal(seen, "2[sssssssssssssssssssssssssssssssssssssssssssssssss]a=1|");
}

static void a_nul_or_a_byte_order_mark_is_refused(void **state)
{
    (void)state;
    put("a = 1\nb = 2\0\nc = 3\n", 19);
    assert_int_equal(read_file(), 2);
    assert_string_equal(seen, "1[]a=1|");
    put("a = 1\nb\0", 8);
    assert_int_equal(read_file(), 2);
    assert_int_equal(read_text("\xef\xbb\xbf"
                               "a = 1\n"),
        1);
    assert_string_equal(seen, "");
    assert_int_equal(read_text(" \xef\xbb\xbf=1\n"), 1); /* and behind a blank */
    assert_string_equal(seen, "");
}

static void letters_beyond_ascii_are_text(void **state)
{
    (void)state;
    assert_int_equal(read_text("# für\nname = für\n"), 0);
    assert_string_equal(seen, "2[]name=für|");
}

static void the_reader_may_stop_it(void **state)
{
    (void)state;
    stop_at_line = 2;
    assert_int_equal(read_text("a = 1\nb = 2\nc = 3\nnonsense\n"), 0);
    assert_int_equal(stopped, -77);
    assert_string_equal(seen, "1[]a=1|2[]b=2|");
}

static void an_empty_file_is_no_error(void **state)
{
    (void)state;
    assert_int_equal(read_text(""), 0);
    assert_int_equal(read_text("\n\n\n"), 0);
    assert_string_equal(seen, "");
}

static void a_file_beyond_256_kilobytes_is_refused(void **state)
{
    static char text[256 * 1024 + 1];
    (void)state;
    memset(text, '\n', sizeof text);
    put(text, sizeof text - 1);
    assert_int_equal(read_file(), 0);
    put(text, sizeof text);
    assert_int_equal(read_file(), -EFBIG);
}

static void a_file_that_others_may_write_is_refused(void **state)
{
    (void)state;
    put("a = 1\n", 6);
    chmod(file, 0664);
    assert_int_equal(read_file(), -EPERM);
    chmod(file, 0646);
    assert_int_equal(read_file(), -EPERM);
    chmod(file, 0444);
    assert_int_equal(read_file(), 0);
}

static void what_is_not_there_is_an_errno(void **state)
{
    (void)state;
    assert_int_equal(read_file(), -ENOENT);
    assert_int_equal(stopped, 0);
}

static int make_folder(void **state)
{
    (void)state;
    umask(022);
    snprintf(file, sizeof file, "%s/x.conf", mkdtemp(folder));
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(folder);
}

#define READING(test) cmocka_unit_test_setup(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READING(sections_keys_and_values_come_in_the_order_of_the_file),
        READING(blanks_around_are_not_part_of_it),
        READING(an_indented_line_does_not_continue_the_one_before),
        READING(comments_begin_a_line_or_follow_a_blank),
        READING(a_value_may_be_empty_or_hold_what_divides),
        READING(a_line_of_1000_bytes_is_read_whole),
        READING(a_line_that_is_no_ini_is_named_and_nothing_after_it_is_read),
        READING(a_section_of_49_bytes_is_read_whole),
        READING(a_nul_or_a_byte_order_mark_is_refused),
        READING(letters_beyond_ascii_are_text),
        READING(the_reader_may_stop_it),
        READING(an_empty_file_is_no_error),
        READING(a_file_beyond_256_kilobytes_is_refused),
        READING(a_file_that_others_may_write_is_refused),
        READING(what_is_not_there_is_an_errno),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
