/* Where lines go: standard error, journald and /dev/log, each with a reader that is there, slow, restarted or missing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

// link: -Wl,--wrap=connect
#include "base/clock.h"
#include "base/log.h"
#include "base/log_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[] = "/tmp/test_log_sink.XXXXXX";
static struct sockaddr_un dev_log = {.sun_family = AF_UNIX}, journal_socket = {.sun_family = AF_UNIX};
static int saved_stderr, pipe_ends[2], reader = -1, journal = -1;

int __real_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    const char *path = ((const struct sockaddr_un *)address)->sun_path;
    bool to_journal = strcmp(path, "/run/systemd/journal/socket") == 0;
    if (!to_journal)
        assert_string_equal(path, "/dev/log");
    (void)size;
    return __real_connect(
        fd, (const struct sockaddr *)(to_journal ? &journal_socket : &dev_log), sizeof dev_log);
}

static int make_folder(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(dev_log.sun_path, sizeof dev_log.sun_path, "%s/log", folder);
    snprintf(journal_socket.sun_path, sizeof journal_socket.sun_path, "%s/journal", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* Standard error is a pipe for the length of a test. */
static int take_stderr(void **state)
{
    (void)state;
    assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
    assert_int_equal(fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK), 0);
    saved_stderr = dup(STDERR_FILENO);
    assert_true(dup2(pipe_ends[1], STDERR_FILENO) >= 0);
    return 0;
}

static void stop_reader(void)
{
    close(reader);
    unlink(dev_log.sun_path);
    reader = -1;
}

static void stop_journal(void)
{
    close(journal);
    unlink(journal_socket.sun_path);
    journal = -1;
}

static int give_stderr_back(void **state)
{
    (void)state;
    log_close();
    stop_reader();
    stop_journal();
    unsetenv("JOURNAL_STREAM");
    dup2(saved_stderr, STDERR_FILENO);
    return close(saved_stderr) | close(pipe_ends[0]) | close(pipe_ends[1]);
}

static void start_reader(void)
{
    reader = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(reader >= 0);
    assert_int_equal(bind(reader, (const struct sockaddr *)&dev_log, sizeof dev_log), 0);
}

static void start_journal(void)
{
    journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(journal >= 0);
    assert_int_equal(bind(journal, (const struct sockaddr *)&journal_socket, sizeof journal_socket), 0);
}

/* What came out since the last look. */
static const char *seen(int fd)
{
    static char text[70000];
    ssize_t got = read(fd, text, sizeof text - 1);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

static void send_event(const char *event, enum log_level level)
{
    struct log_line line;
    log_begin(&line, event);
    log_send(&line, level);
}

static void before_it_is_opened_lines_go_to_standard_error(void **state)
{
    (void)state;
    send_event("early", LOG_LEVEL_ERROR);
    assert_string_equal(seen(pipe_ends[0]), "event=early\n");
}

static void debug_lines_pass_only_when_asked_for(void **state)
{
    (void)state;
    log_open(LOG_SINK_STDERR, 0);
    send_event("detail", LOG_LEVEL_DEBUG);
    log_message(LOG_LEVEL_DEBUG, "detail");
    assert_string_equal(seen(pipe_ends[0]), "");
    log_open(LOG_SINK_STDERR, 1);
    send_event("detail", LOG_LEVEL_DEBUG);
    log_message(LOG_LEVEL_DEBUG, "more of it");
    assert_string_equal(seen(pipe_ends[0]), "event=detail\nmore of it\n");
}

static void a_message_is_filtered_as_a_whole(void **state)
{
    (void)state;
    char text[1100], expected[1100];
    memset(expected, 'a', sizeof expected);
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    log_message(LOG_LEVEL_NOTICE, "%s:%d: %s", "a\nb", 7, "\x1b[2J");
    assert_string_equal(seen(pipe_ends[0]), "a\\x0ab:7: \\x1b[2J\n");
    log_message(LOG_LEVEL_NOTICE, "%s", text);
    expected[1024] = '\n';
    expected[1025] = '\0';
    assert_string_equal(seen(pipe_ends[0]), expected);
}

static void a_message_of_controls_is_still_one_write(void **state)
{
    (void)state;
    char text[1025];
    memset(text, '\n', sizeof text);
    text[sizeof text - 1] = '\0';
    log_message(LOG_LEVEL_NOTICE, "%s", text);
    const char *line = seen(pipe_ends[0]);
    assert_in_range(strlen(line), 3900, 4096);
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void the_level_stands_in_front_only_when_the_journal_reads(void **state)
{
    (void)state;
    struct stat status;
    char stream[64];
    assert_int_equal(fstat(STDERR_FILENO, &status), 0);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_open(LOG_SINK_STDERR, 0);
    send_event("one", LOG_LEVEL_ERROR);
    assert_string_equal(seen(pipe_ends[0]), "<3>event=one\n");
    setenv("JOURNAL_STREAM", "1:1", 1); /* inherited: standard error went elsewhere since */
    log_open(LOG_SINK_STDERR, 0);
    send_event("two", LOG_LEVEL_ERROR);
    assert_string_equal(seen(pipe_ends[0]), "event=two\n");
}

static void a_reader_that_stopped_costs_little_and_learns_what_it_missed(void **state)
{
    (void)state;
    char filler[4096] = {0};
    int flags = fcntl(pipe_ends[1], F_GETFL);
    fcntl(pipe_ends[1], F_SETFL, flags | O_NONBLOCK);
    while (write(pipe_ends[1], filler, sizeof filler) > 0)
        continue;
    fcntl(pipe_ends[1], F_SETFL, flags); /* and now a write would block for ever */
    int64_t before = clock_boot_ms();
    for (int i = 0; i < 100; i++)
        send_event("missed", LOG_LEVEL_INFO);
    assert_true(clock_boot_ms() - before < 1000);
    for (const char *text = seen(pipe_ends[0]);
        *text == '\0' && read(pipe_ends[0], filler, sizeof filler) > 0;)
        continue;
    send_event("seen", LOG_LEVEL_INFO);
    assert_string_equal(seen(pipe_ends[0]), "event=seen\nevent=log lost=100\n");
    send_event("again", LOG_LEVEL_INFO);
    assert_string_equal(seen(pipe_ends[0]), "event=again\n");
}

static void syslog_gets_one_datagram_a_line(void **state)
{
    (void)state;
    char tail[64];
    start_reader();
    log_open(LOG_SINK_SYSLOG, 0);
    send_event("one", LOG_LEVEL_NOTICE);
    send_event("two", LOG_LEVEL_ERROR);
    snprintf(tail, sizeof tail, " c2m-authd[%d]: event=one", (int)getpid());
    const char *first = seen(reader);
    assert_memory_equal(first, "<85>", 4); /* authpriv, notice */
    assert_int_equal(strlen(first), strlen("<85>Jan  1 00:00:00") + strlen(tail));
    assert_string_equal(first + strlen("<85>Jan  1 00:00:00"), tail);
    assert_memory_equal(seen(reader), "<83>", 4);
    assert_string_equal(seen(pipe_ends[0]), "");
}

static void a_restarted_syslog_is_found_again(void **state)
{
    (void)state;
    start_reader();
    log_open(LOG_SINK_SYSLOG, 0);
    stop_reader();
    send_event("nobody", LOG_LEVEL_NOTICE);
    assert_string_equal(seen(pipe_ends[0]), "event=nobody\n"); /* rather than nowhere */
    start_reader();
    send_event("back", LOG_LEVEL_NOTICE);
    assert_non_null(strstr(seen(reader), "event=back"));
    assert_string_equal(seen(pipe_ends[0]), "");
}

static void a_stopped_syslog_costs_little(void **state)
{
    (void)state;
    start_reader();
    log_open(LOG_SINK_SYSLOG, 0);
    int64_t before = clock_boot_ms();
    for (int i = 0; i < 1000; i++)
        send_event("flood", LOG_LEVEL_NOTICE);
    assert_true(clock_boot_ms() - before < 1000);
    while (*seen(reader))
        continue;
    send_event("seen", LOG_LEVEL_NOTICE);
    assert_non_null(strstr(seen(reader), "event=seen"));
    assert_non_null(strstr(seen(reader), "event=log lost="));
}

static void journald_gets_each_field_by_its_name(void **state)
{
    struct log_line line;
    (void)state;
    start_reader();
    start_journal();
    log_open(LOG_SINK_SYSLOG, 0);
    log_begin(&line, "login");
    log_text(&line, "ref", "7f3a91c2");
    log_text(&line, "verdict", "denied");
    log_text(&line, "user", "al ice\nC2M_VERDICT=granted");
    log_text(&line, "token", "0a1b2c3d");
    log_number(&line, "duration_us", 1500);
    log_send(&line, LOG_LEVEL_NOTICE);
    const char *text = seen(journal);
    assert_string_equal(text,
        "MESSAGE=event=login ref=7f3a91c2 verdict=denied user=\"al ice\\x0aC2M_VERDICT=granted\" "
        "token=0a1b2c3d duration_us=1500\n"
        "PRIORITY=5\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=c2m-authd\n"
        "MESSAGE_ID=b931435abcb44fce86888e635722b625\n"
        "C2M_EVENT=login\nC2M_REF=7f3a91c2\nC2M_LOGIN_ID=7f3a91c2\nC2M_VERDICT=denied\n"
        "C2M_USER=al ice\\x0aC2M_VERDICT=granted\nC2M_TOKEN_HASH=0a1b2c3d\nC2M_DURATION_USEC=1500\n");
    log_message(LOG_LEVEL_ERROR, "ref=7f3a91c2: cannot hang up");
    assert_non_null(strstr(seen(journal), "\nC2M_REF=7f3a91c2\n"));
    log_message(LOG_LEVEL_ERROR, "the file x=y is missing");
    assert_null(strstr(seen(journal), "C2M_"));
    assert_string_equal(seen(reader), "");
    assert_string_equal(seen(pipe_ends[0]), "");
}

static void a_value_with_a_line_end_makes_no_field(void **state)
{
    static const char want[] = "C2M_USER\n\x08\0\0\0\0\0\0\0a\nC2M_X=\n";
    static char entry[LOG_JOURNAL_SIZE];
    (void)state;
    size_t length = log_journal_entry(LOG_LEVEL_INFO, "event=login user=\"a\nC2M_X=\" uid=7", entry);
    assert_non_null(memmem(entry, length, want, sizeof want - 1));
    assert_non_null(memmem(entry, length, "MESSAGE\n", 8));
}

static void without_journald_syslog_is_told_and_it_is_found_again(void **state)
{
    (void)state;
    start_reader();
    start_journal();
    log_open(LOG_SINK_SYSLOG, 0);
    stop_journal();
    send_event("one", LOG_LEVEL_NOTICE);
    assert_non_null(strstr(seen(reader), "event=one"));
    start_journal();
    send_event("two", LOG_LEVEL_NOTICE);
    assert_non_null(strstr(seen(journal), "C2M_EVENT=two\n"));
    assert_string_equal(seen(reader), "");
}

static void a_stopped_journald_costs_little(void **state)
{
    (void)state;
    start_journal();
    log_open(LOG_SINK_SYSLOG, 0);
    int64_t before = clock_boot_ms();
    for (int i = 0; i < 1000; i++)
        send_event("flood", LOG_LEVEL_NOTICE);
    assert_true(clock_boot_ms() - before < 1000);
    while (*seen(journal))
        continue;
    send_event("seen", LOG_LEVEL_NOTICE);
    assert_non_null(strstr(seen(journal), "event=seen"));
    assert_non_null(strstr(seen(journal), "event=log lost="));
}

/* As the unit runs it: --foreground, and standard error is the journal. */
static void where_standard_error_is_the_journal_it_gets_fields_too(void **state)
{
    struct stat status;
    char stream[64];
    (void)state;
    start_reader();
    start_journal();
    assert_int_equal(fstat(STDERR_FILENO, &status), 0);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_open(LOG_SINK_STDERR, 0);
    send_event("one", LOG_LEVEL_ERROR);
    assert_non_null(strstr(seen(journal), "C2M_EVENT=one\n"));
    stop_journal();
    send_event("two", LOG_LEVEL_ERROR);
    assert_string_equal(seen(pipe_ends[0]), "<3>event=two\n");
    assert_string_equal(seen(reader), "");
}

#define WITH_STDERR(test) cmocka_unit_test_setup_teardown(test, take_stderr, give_stderr_back)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STDERR(before_it_is_opened_lines_go_to_standard_error),
        WITH_STDERR(debug_lines_pass_only_when_asked_for),
        WITH_STDERR(a_message_is_filtered_as_a_whole),
        WITH_STDERR(a_message_of_controls_is_still_one_write),
        WITH_STDERR(the_level_stands_in_front_only_when_the_journal_reads),
        WITH_STDERR(a_reader_that_stopped_costs_little_and_learns_what_it_missed),
        WITH_STDERR(syslog_gets_one_datagram_a_line),
        WITH_STDERR(a_restarted_syslog_is_found_again),
        WITH_STDERR(a_stopped_syslog_costs_little),
        WITH_STDERR(journald_gets_each_field_by_its_name),
        WITH_STDERR(a_value_with_a_line_end_makes_no_field),
        WITH_STDERR(without_journald_syslog_is_told_and_it_is_found_again),
        WITH_STDERR(a_stopped_journald_costs_little),
        WITH_STDERR(where_standard_error_is_the_journal_it_gets_fields_too),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
