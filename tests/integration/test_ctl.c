/* c2mctl as it ships, against a helper that is scripted: what it prints, and its exit codes. */
#include "c2m/client.h"

#include "fakes/helper.c"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <json-c/json_object.h>
#include <json-c/json_tokener.h>

#include <cmocka.h>

#include "root_only.h"

#define SERVED_BY(...) ((fake_service *const[]){__VA_ARGS__, NULL})
#define REFERENCE {'7', 'f', '3', 'a', '9', '1', 'c', '2'}
#define NAME(text) {.length = sizeof text - 1, .bytes = text}

static char program[PATH_MAX];
static struct fake_helper helper;
static char out[16384], err[4096];

static void read_all(int fd, char *into, size_t size)
{
    size_t used = 0;
    ssize_t got;
    while (used + 1 < size && (got = read(fd, into + used, size - 1 - used)) > 0)
        used += (size_t)got;
    into[used] = '\0';
    close(fd);
}

/* Runs c2mctl with the words of LINE; fills out and err; returns its exit status. */
static int ctl_as(uid_t uid, const char *line)
{
    char words[256], directory[128], *rest = words;
    const char *argv[16] = {program};
    int argc = 1, outputs[2], errors[2], status = 0;

    snprintf(words, sizeof words, "%s", line);
    for (char *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " "))
        argv[argc++] = word;
    snprintf(directory, sizeof directory, "--runtime-dir=%s", helper.directory);
    argv[argc] = directory;
    assert_int_equal(pipe(outputs) + pipe(errors), 0);
    pid_t child = fork();
    if (child == 0) {
        char *vector[16];
        memcpy(vector, argv, sizeof vector);
        dup2(outputs[1], 1);
        dup2(errors[1], 2);
        setenv("TZ", "UTC", 1);
        if (uid != 0 && setresuid(uid, uid, uid) < 0)
            _exit(99);
        execv(program, vector);
        _exit(98);
    }
    close(outputs[1]);
    close(errors[1]);
    read_all(outputs[0], out, sizeof out);
    read_all(errors[0], err, sizeof err);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int ctl(const char *line, fake_service *service)
{
    fake_start(&helper, C2M_PAM_SOCKET, SERVED_BY(service));
    int code = ctl_as(0, line);
    fake_stop(&helper);
    return code;
}

/* The same as an ordinary user. */
static int ctl_of_a_user(const char *line, fake_service *service)
{
    char path[128];

    fake_start(&helper, C2M_USER_SOCKET, SERVED_BY(service));
    snprintf(path, sizeof path, "%s/%s", helper.directory, C2M_USER_SOCKET);
    chmod(helper.directory, 0755);
    chmod(path, 0666);
    int code = ctl_as(65534, line);
    fake_stop(&helper);
    return code;
}

/* The line of JSON on standard output; a path such as "api.reachable", "sessions.0.user". */
static struct json_object *json_at(struct json_object *json, const char *path)
{
    char words[128], *rest = words;
    snprintf(words, sizeof words, "%s", path);
    for (char *word = strsep(&rest, "."); word != NULL; word = strsep(&rest, ".")) {
        if (json_object_get_type(json) == json_type_array)
            json = json_object_array_get_idx(json, (size_t)atoi(word));
        else if (!json_object_object_get_ex(json, word, &json))
            fail_msg("no %s in %s", path, out);
    }
    return json;
}

static void assert_json(const char *path, const char *want)
{
    struct json_object *json = json_tokener_parse(out);
    assert_non_null(json);
    const char *got = json_object_to_json_string_ext(json_at(json, path), JSON_C_TO_STRING_PLAIN);
    assert_string_equal(got, want);
    json_object_put(json);
}

static struct c2m_status usual_status(void)
{
    return (struct c2m_status){.started = time(NULL) - 3 * 86400 - 5,
        .last_answer = 1795600000,
        .api_state = 1,
        .api_rtt_us = 41200,
        .sessions = 7,
        .helper_version = NAME("1.0")};
}

static void tells_its_status(struct fake_helper *served, int fd)
{
    struct c2m_status status = usual_status();
    fake_read(served, fd);
    fake_send(served, fd, C2M_STATUS_IS, &status, sizeof status);
}

static void tells_of_a_silent_api(struct fake_helper *served, int fd)
{
    struct c2m_status status = usual_status();
    status.api_state = 2;
    status.last_answer = 1577872800;
    status.revocations_pending = 1;
    fake_read(served, fd);
    fake_send(served, fd, C2M_STATUS_IS, &status, sizeof status);
}

static void tells_escapes(struct fake_helper *served, int fd)
{
    struct c2m_status status = usual_status();
    status.helper_version = (struct c2m_name)NAME("1\x1b[2J\n");
    fake_read(served, fd);
    fake_send(served, fd, C2M_STATUS_IS, &status, sizeof status);
}

static void tells_a_name_too_long(struct fake_helper *served, int fd)
{
    struct c2m_status status = usual_status();
    status.helper_version.length = 63;
    fake_read(served, fd);
    fake_send(served, fd, C2M_STATUS_IS, &status, sizeof status);
}

static void status_is_one_line(void **state)
{
    (void)state;
    assert_int_equal(ctl("status", tells_its_status), 0);
    assert_string_equal(
        out, "c2m-authd 1.0 up 3d · API reachable 41 ms · 7 sessions · 0 revocations pending\n");
    assert_int_equal(ctl("--json status", tells_its_status), 0);
    assert_json("ok", "true");
    assert_json("schema", "1");
    assert_json("api.rtt_ms", "41");
    assert_json("sessions", "7");
    assert_int_equal(ctl("status --quiet", tells_its_status), 0);
    assert_string_equal(out, "");
}

static void status_fails_when_the_api_does_not_answer(void **state)
{
    (void)state;
    assert_int_equal(ctl("status", tells_of_a_silent_api), 69);
    assert_string_equal(out,
        "c2m-authd 1.0 up 3d · API unreachable, last answer 2020-01-01 10:00 · 7 sessions · "
        "1 revocation pending\n");
    assert_int_equal(ctl("status --json", tells_of_a_silent_api), 69);
    assert_json("ok", "false");
    assert_json("api.reachable", "false");
}

static void what_the_helper_says_cannot_move_the_cursor(void **state)
{
    (void)state;
    assert_int_equal(ctl("status", tells_escapes), 0);
    assert_non_null(strstr(out, "c2m-authd 1\\x1b[2J\\x0a up"));
    assert_int_equal(ctl("status", tells_a_name_too_long), 69);
    assert_string_equal(out, "");
}

static void without_a_helper_it_is_said_what_to_do(void **state)
{
    (void)state;
    fake_listen(&helper, C2M_PAM_SOCKET, 8);
    close(helper.listener);
    assert_int_equal(ctl_as(0, "status"), 69);
    assert_non_null(strstr(err, "start c2m-authd: c2m-authd(8)"));
    helper.listener = -1;
    fake_stop(&helper);
    assert_int_equal(ctl_as(0, "status"), 69);
    assert_non_null(strstr(err, "start c2m-authd: c2m-authd(8)"));
    assert_int_equal(ctl_as(0, "status --json --quiet"), 69);
    assert_json("error.code", "\"no_helper\"");
    assert_string_equal(err, "");
}

static void says_nothing(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    fake_read(served, fd);
}

static void the_timeout_is_kept(void **state)
{
    (void)state;
    time_t start = time(NULL);
    assert_int_equal(ctl("status --timeout 1", says_nothing), 69);
    assert_in_range(time(NULL) - start, 0, 2);
}

static void lists_sessions(struct fake_helper *served, int fd)
{
    struct c2m_session session = {.opened = 1795600000,
        .expires = 1795607520,
        .uid = 1001,
        .state = C2M_SESSION_ACTIVE,
        .form = C2M_FORM_LONG,
        .audit_id = UINT32_MAX,
        .sudo_uses = 2,
        .tokens = 1,
        .reference = REFERENCE,
        .token_hash = REFERENCE,
        .user = NAME("alice"),
        .service = NAME("sshd"),
        .rhost = {.length = 9, .bytes = "192.0.2.7"}};
    fake_read(served, fd);
    fake_send(served, fd, C2M_SESSION_IS, &session, sizeof session);
    session.rhost = (struct c2m_host){0};
    session.state = C2M_SESSION_PENDING;
    session.expires = 0;
    fake_send(served, fd, C2M_SESSION_IS, &session, sizeof session);
    fake_send(served, fd, C2M_END, NULL, 0);
}

static void breaks_off(struct fake_helper *served, int fd)
{
    struct c2m_session session = {.reference = REFERENCE};
    fake_read(served, fd);
    fake_send(served, fd, C2M_SESSION_IS, &session, sizeof session);
}

static void sessions_are_a_line_each(void **state)
{
    (void)state;
    assert_int_equal(ctl("sessions", lists_sessions), 0);
    assert_non_null(strstr(out, "7f3a91c2 alice sshd 192.0.2.7 active, "));
    assert_non_null(strstr(out, ", 2 sudo\n7f3a91c2 alice sshd - pending, expires never, 2 sudo\n"));
    assert_int_equal(ctl("sessions --json", lists_sessions), 0);
    assert_json("sessions.0.user", "\"alice\"");
    assert_json("sessions.0.form", "\"long\"");
    assert_json("sessions.0.expires", "1795607520");
    assert_json("sessions.1.expires", "null");
    assert_json("sessions.1.audit_session", "null");
}

static void a_list_that_breaks_off_is_a_failure(void **state)
{
    (void)state;
    assert_int_equal(ctl("sessions", breaks_off), 69);
    assert_int_equal(ctl("sessions --json", breaks_off), 69);
    assert_json("ok", "false");
}

static void say_record(struct fake_helper *served, int fd, const char *reference, const char *text)
{
    struct c2m_record record = {.at = 1795600000, .level = 6};
    memcpy(record.reference, reference, C2M_REFERENCE_SIZE);
    record.length = (uint16_t)strlen(text);
    memcpy(record.text, text, record.length);
    fake_send(served, fd, C2M_RECORD_IS, &record, sizeof record);
}

static void begin_story(struct fake_helper *served, int fd)
{
    const struct c2m_record first = {.at = 1795500000};
    fake_read(served, fd);
    fake_send(served, fd, C2M_RECORD_IS, &first, sizeof first);
}

static void tells_of_a_refusal(struct fake_helper *served, int fd)
{
    begin_story(served, fd);
    say_record(served, fd, "7f3a91c2",
        "event=login ref=7f3a91c2 verdict=denied reason=revoked user=\"al ice\" service=sshd rhost=192.0.2.7 "
        "form=long uid=1001 pid=7 audit=-1 door=pam duration_us=3500000 prompt_us=3400000");
    fake_send(served, fd, C2M_END, NULL, 0);
}

static void tells_of_two(struct fake_helper *served, int fd)
{
    begin_story(served, fd);
    say_record(served, fd, "7f3a91c2", "event=login ref=7f3a91c2");
    say_record(served, fd, "7f3b91c2", "event=login ref=7f3b91c2");
    fake_send(served, fd, C2M_END, NULL, 0);
}

static void tells_of_controls(struct fake_helper *served, int fd)
{
    begin_story(served, fd);
    say_record(served, fd, "7f3a91c2", "event=login ref=7f3a91c2 user=\x1b[2J");
    fake_send(served, fd, C2M_END, NULL, 0);
}

static void tells_of_nothing(struct fake_helper *served, int fd)
{
    begin_story(served, fd);
    fake_send(served, fd, C2M_END, NULL, 0);
}

static void ends_at_once(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    fake_send(served, fd, C2M_END, NULL, 0);
}

static int explained(const char *line, fake_service *service)
{
    fake_start(&helper, C2M_PAM_SOCKET, SERVED_BY(service, ends_at_once, ends_at_once));
    int code = ctl_as(0, line);
    fake_stop(&helper);
    return code;
}

static void a_refused_login_is_explained(void **state)
{
    (void)state;
    assert_int_equal(explained("explain 7f3a", tells_of_a_refusal), 0);
    assert_string_equal(out,
        "login 7f3a91c2\n"
        "2026-11-25 09:46:40  login denied, revoked: the token was revoked on this host\n"
        "    who     al ice at sshd from 192.0.2.7, uid 1001, process 7\n"
        "    with    long\n"
        "    checks  ours passed, form passed, guesses passed, exchange not reached, genuine not reached, "
        "alive FAILED, user not reached, policy not reached, recorded not reached\n"
        "    time    3500.000 ms: 3400.000 at the prompt, 100.000 here\n"
        "ended: revoked, the token was revoked on this host\n");
    assert_int_equal(explained("explain 7f3a --json", tells_of_a_refusal), 0);
    assert_json("ref", "\"7f3a91c2\"");
    assert_json("whole", "true");
    assert_json("ended", "\"revoked\"");
    assert_json("records.0.user", "\"al ice\"");
    assert_json("records.0.uid", "1001");
    assert_json("records.0.checks.alive", "\"failed\"");
    assert_json("records.0.checks.exchange", "\"not_reached\"");
}

static void of_two_logins_that_begin_alike_none_is_explained(void **state)
{
    (void)state;
    assert_int_equal(ctl("explain 7f3", tells_of_two), 64);
    assert_string_equal(out, "");
}

static void a_story_that_is_not_printable_is_none(void **state)
{
    (void)state;
    assert_int_equal(ctl("explain 7f3a91c2", tells_of_controls), 69);
    assert_string_equal(out, "");
}

static void what_is_not_known_any_more_is_looked_for_in_the_journal(void **state)
{
    (void)state;
    assert_int_equal(explained("explain 7f3a91c2", tells_of_nothing), 77);
    assert_non_null(strstr(err, "begins at 2026-11-24 06:00:00: journalctl -t c2m-authd -g ref=7f3a91c2"));
}

static void say_metric(struct fake_helper *served, int fd, struct c2m_metric metric)
{
    fake_send(served, fd, C2M_METRIC_IS, &metric, sizeof metric);
}

/* Not in their order, with one that this command does not know. */
static void counts(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    say_metric(served, fd, (struct c2m_metric){.family = C2M_METRIC_LOGIN_SUM, .value = 2500000});
    say_metric(served, fd,
        (struct c2m_metric){.family = C2M_METRIC_LOGIN_BUCKET, .value = 1, .labels = {NAME("+Inf")}});
    say_metric(served, fd, (struct c2m_metric){.family = 9999, .value = 1});
    say_metric(served, fd,
        (struct c2m_metric){.family = C2M_METRIC_LOGINS,
            .value = 7,
            .labels = {NAME("a\"b\\c\n"), NAME("granted"), NAME("credential")}});
    fake_send(served, fd, C2M_END, NULL, 0);
}

static void metrics_are_in_the_text_format_of_prometheus(void **state)
{
    (void)state;
    assert_int_equal(ctl("metrics", counts), 0);
    assert_string_equal(out,
        "# HELP c2m_up Whether the helper answered.\n# TYPE c2m_up gauge\nc2m_up 1\n"
        "# HELP c2m_logins_total Logins, by how they ended.\n# TYPE c2m_logins_total counter\n"
        "c2m_logins_total{service=\"a\\\"b\\\\c?\",verdict=\"granted\",reason=\"credential\"} 7\n"
        "# HELP c2m_login_duration_seconds Time until a login's verdict, without the time at the prompt.\n"
        "# TYPE c2m_login_duration_seconds histogram\n"
        "c2m_login_duration_seconds_bucket{le=\"+Inf\"} 1\n"
        "c2m_login_duration_seconds_sum 2.500000\n");
}

/* Half a list is none: the helper went away before END. */
static void counts_half(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    say_metric(served, fd, (struct c2m_metric){.family = C2M_METRIC_PENDING, .value = 1});
}

static void half_of_the_metrics_is_none(void **state)
{
    (void)state;
    assert_int_equal(ctl("metrics", counts_half), 69);
    assert_string_equal(out, "");
}

static void lists_revocations(struct fake_helper *served, int fd)
{
    struct c2m_revocation revocation = {.asked = 1795600000,
        .settled = 1795600002,
        .expires = 1795603600,
        .state = C2M_REVOCATION_DONE,
        .tries = 2,
        .last_status = 204,
        .kind = 1,
        .reference = REFERENCE,
        .user = NAME("alice"),
        .word = NAME("done"),
        .token_id = {.length = 5, .bytes = "jti-1"}};
    fake_read(served, fd);
    fake_send(served, fd, C2M_REVOCATION_IS, &revocation, sizeof revocation);
    revocation.state = C2M_REVOCATION_PENDING;
    revocation.settled = 0;
    revocation.next_try = 1795600060;
    revocation.last_status = 0;
    revocation.tries = 1;
    revocation.token_id.bytes[4] = '2';
    fake_send(served, fd, C2M_REVOCATION_IS, &revocation, sizeof revocation);
    fake_send(served, fd, C2M_END, NULL, 0);
}

static void revocations_are_receipts(void **state)
{
    (void)state;
    assert_int_equal(ctl("revocations", lists_revocations), 0);
    assert_string_equal(out,
        "jti-1 (short) of session 7f3a91c2, alice: asked 2026-11-25 09:46:40, dead 2026-11-25 09:46:42, by "
        "204 "
        "(done), after 2 tries\n"
        "jti-2 (short) of session 7f3a91c2, alice: asked 2026-11-25 09:46:40, pending, next try 2026-11-25 "
        "09:47:40, by no answer (done), after 1 try\n");
    assert_int_equal(ctl("revocations --pending --json", lists_revocations), 0);
    assert_json("revocations.0.token_id", "\"jti-2\"");
    assert_json("revocations.0.last_status", "null");
    assert_json("revocations.0.state", "\"pending\"");
    assert_int_equal(ctl("revocations --since 2026-11-25T09:46:41 --json", lists_revocations), 0);
    assert_json("revocations.0.token_id", "\"jti-1\""); /* it was settled a second later */
    assert_null(strstr(out, "jti-2"));
    assert_int_equal(ctl("revocations --since 2026-11-26", lists_revocations), 0);
    assert_string_equal(out, "");
    assert_int_equal(ctl("revocations --since 36500d", lists_revocations), 0);
    assert_non_null(strstr(out, "jti-2"));
    assert_int_equal(ctl_as(0, "revocations --since yesterday"), 64);
}

static char token_text[900];

static void delivers(struct fake_helper *served, int fd)
{
    struct c2m_token token = {.expires = 1795603600, .token = {.length = sizeof token_text}};
    memcpy(token.token.bytes, token_text, sizeof token_text);
    fake_read(served, fd);
    fake_send(served, fd, C2M_TOKEN_IS, &token, sizeof token);
}

static void token_prints_the_token_alone_and_whole(void **state)
{
    (void)state;
    memset(token_text, 'e', sizeof token_text);
    assert_int_equal(ctl_of_a_user("token --min-ttl 120", delivers), 0);
    assert_int_equal(strlen(out), sizeof token_text + 1);
    assert_memory_equal(out, token_text, sizeof token_text);
    assert_string_equal(err, "");
    assert_int_equal(helper.got.body.token.min_ttl, 120);
    assert_int_equal(ctl_of_a_user("token --json", delivers), 0);
    assert_json("expires", "1795603600");
    token_text[17] = '\n';
    assert_int_equal(ctl_of_a_user("token", delivers), 69);
    assert_string_equal(out, "");
}

static struct c2m_verdict refusal;

static void refuses(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    fake_verdict(served, fd, refusal);
}

static void each_refusal_has_its_exit_code(void **state)
{
    (void)state;
    static const struct {
        uint32_t verdict, reason;
        int code;
        const char *word;
    } cases[] = {
        {C2M_DENIED, C2M_TEXT_NO_SESSION, 77, "no_session"},
        {C2M_DENIED, C2M_TEXT_NO_DELIVERY, 78, "no_delivery"},
        {C2M_DENIED, C2M_TEXT_SHORT_SESSION, 77, "short_session"},
        {C2M_FORBIDDEN, C2M_TEXT_NOT_ROOT, 77, "not_root"},
        {C2M_DENIED, C2M_TEXT_SESSION_EXPIRED, 77, "session_expired"},
        {C2M_DENIED, C2M_TEXT_API_REFUSED, 77, "api_refused"},
        {C2M_UNAVAILABLE, C2M_TEXT_CONTAINER, 69, "container"},
        {C2M_UNAVAILABLE, C2M_TEXT_BUSY, 75, "busy"},
        {C2M_UNAVAILABLE, C2M_TEXT_UNREACHABLE, 69, "api_unreachable"},
        {C2M_UNAVAILABLE, C2M_TEXT_NONE, 69, "unavailable"},
        {C2M_FORBIDDEN, C2M_TEXT_NONE, 77, "forbidden"},
        {C2M_IGNORE, C2M_TEXT_NONE, 77, "ignored"},
        {0, C2M_TEXT_NONE, 69, "protocol"},
        {C2M_GRANTED, C2M_TEXT_NONE, 69, "protocol"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char want[64];
        refusal = (struct c2m_verdict){.verdict = cases[i].verdict,
            .operation = C2M_TOKEN,
            .reason = cases[i].reason,
            .reason_argument = {42, 0},
            .reference = REFERENCE};
        assert_int_equal(ctl_of_a_user("token --json", refuses), cases[i].code);
        snprintf(want, sizeof want, "\"%s\"", cases[i].word);
        assert_json("error.code", want);
        assert_non_null(strstr(err, " (ref 7f3a91c2)\n"));
        if (cases[i].reason == C2M_TEXT_BUSY)
            assert_non_null(strstr(err, "try again in 42 s"));
    }
    assert_int_equal(ctl_of_a_user("token", refuses), 69);
    assert_string_equal(out, "");
}

static void a_user_asks_at_the_users_socket(void **state)
{
    (void)state;
    assert_int_equal(ctl_of_a_user("status", tells_its_status), 0);
    assert_int_equal(helper.served, 1);
}

static void root_has_no_token(void **state)
{
    (void)state;
    assert_int_equal(ctl("token", delivers), 77);
    assert_int_equal(helper.served, 0);
    assert_string_equal(out, "");
}

static void a_wrong_command_line_is_named(void **state)
{
    (void)state;
    static const char *const lines[] = {"", "stauts", "status extra", "status --pending",
        "sessions --min-ttl 3", "token --min-ttl", "token --min-ttl -1", "token --min-ttl 1x",
        "status --timeout 0", "status --frob", "-j status"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_int_equal(ctl_as(0, lines[i]), 64);
        assert_string_equal(out, "");
        assert_string_not_equal(err, "");
    }
    assert_int_equal(ctl_as(0, "--help"), 0);
    assert_non_null(strstr(out, "usage: c2mctl COMMAND"));
    assert_int_equal(ctl_as(0, "token --help"), 0);
    assert_non_null(strstr(out, "--min-ttl N"));
}

static void version_says_so(void **state)
{
    (void)state;
    assert_int_equal(ctl_as(0, "version --json"), 0);
    assert_json("ok", "true");
    assert_json("wire", "1");
    assert_int_equal(ctl_as(0, "--no-color version"), 0);
    assert_string_equal(out, "c2mctl " C2M_HELPER_VERSION "\n");
    assert_int_equal(ctl("status --no-color", tells_its_status), 0);
    assert_null(strchr(out, '\x1b'));
}

static int set_up(void **state)
{
    char path[PATH_MAX] = "";
    (void)state;
    if (readlink("/proc/self/exe", path, sizeof path - 1) < 0)
        return -1;
    for (int up = 0; up < 3; up++) /* build/tests/integration/test_ctl */
        *strrchr(path, '/') = '\0';
    return (size_t)snprintf(program, sizeof program, "%s/c2mctl", path) < sizeof program ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_is_one_line),
        cmocka_unit_test(status_fails_when_the_api_does_not_answer),
        cmocka_unit_test(what_the_helper_says_cannot_move_the_cursor),
        cmocka_unit_test(without_a_helper_it_is_said_what_to_do),
        cmocka_unit_test(the_timeout_is_kept),
        cmocka_unit_test(sessions_are_a_line_each),
        cmocka_unit_test(a_list_that_breaks_off_is_a_failure),
        cmocka_unit_test(revocations_are_receipts),
        cmocka_unit_test(metrics_are_in_the_text_format_of_prometheus),
        cmocka_unit_test(half_of_the_metrics_is_none),
        cmocka_unit_test(a_refused_login_is_explained),
        cmocka_unit_test(of_two_logins_that_begin_alike_none_is_explained),
        cmocka_unit_test(a_story_that_is_not_printable_is_none),
        cmocka_unit_test(what_is_not_known_any_more_is_looked_for_in_the_journal),
        cmocka_unit_test(token_prints_the_token_alone_and_whole),
        cmocka_unit_test(each_refusal_has_its_exit_code),
        cmocka_unit_test(a_user_asks_at_the_users_socket),
        cmocka_unit_test(root_has_no_token),
        cmocka_unit_test(a_wrong_command_line_is_named),
        cmocka_unit_test(version_says_so),
    };
    return RUN_AS_ROOT(tests, set_up, NULL, "c2mctl asks a listener of root's only");
}
