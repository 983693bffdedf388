// fakes: call helper kernel pam
// link: -Wl,--wrap=getsockopt,--wrap=geteuid,--wrap=getpwnam_r,--wrap=c2m_deadline_in
/* What the module decides before the helper is asked, what it asks, and what it logs. */
#include "fakes/call.h"

#include "c2m/client.h"

#include <errno.h>
#include <security/pam_modules.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <syslog.h>

#include <cmocka.h>

#define SERVED_BY(...) ((fake_service *const[]){__VA_ARGS__, NULL})

static int authenticate(const char *arguments, fake_service *service)
{
    return call_with(pam_sm_authenticate, arguments, 0, SERVED_BY(service));
}

static bool name_is(const struct c2m_name *name, const char *text)
{
    return c2m_text_ok(name->length, name->bytes, C2M_NAME_MAX) && name->length == strlen(text) &&
           memcmp(name->bytes, text, name->length) == 0;
}

static void the_request_says_who_and_where(void **state)
{
    (void)state;
    const struct c2m_request *request = &helper.got.body.request;
    pamh.ruser = "bob";
    assert_int_equal(call_with(pam_sm_acct_mgmt, "", 0, SERVED_BY(ignores)), PAM_IGNORE);
    assert_int_equal(helper.got.header.operation, C2M_ACCOUNT);
    assert_int_equal(request->uid, 1001);
    assert_int_equal(request->flags, 0);
    assert_int_equal(request->deadline_ms, C2M_DEADLINE_MS);
    assert_int_equal(request->reserved, 0);
    assert_true(name_is(&request->user, "alice") && name_is(&request->service, "sshd"));
    assert_true(name_is(&request->ruser, "bob") && name_is(&request->tty, "ssh"));
    assert_true(c2m_text_ok(request->rhost.length, request->rhost.bytes, C2M_HOST_MAX));
    assert_memory_equal(request->rhost.bytes, "192.0.2.7", 10);
    assert_int_equal(authenticate("", ignores), PAM_IGNORE);
    assert_int_equal(helper.got.header.operation, C2M_AUTHENTICATE);
    assert_int_equal(request->flags, C2M_CAN_ASK);
}

static void what_only_informs_is_cut_and_may_be_missing(void **state)
{
    (void)state;
    char host[400];
    memset(host, 'h', sizeof host - 1);
    host[sizeof host - 1] = '\0';
    pamh.rhost = host;
    pamh.tty = NULL;
    assert_int_equal(authenticate("", ignores), PAM_IGNORE);
    assert_int_equal(helper.got.body.request.rhost.length, C2M_HOST_MAX);
    assert_true(name_is(&helper.got.body.request.tty, ""));
}

static void service_names_another_section(void **state)
{
    (void)state;
    assert_int_equal(authenticate("service=gate", ignores), PAM_IGNORE);
    assert_true(name_is(&helper.got.body.request.service, "gate"));
}

/* The helper would grant each of these; it must not even hear of them. */
static void root_and_the_systems_accounts_never_reach_the_helper(void **state)
{
    static const struct {
        const char *name;
        uid_t uid;
        const char *arguments;
    } accounts[] = {{"root", 0, ""}, {"toor", 0, ""}, {"daemon", 1, ""}, {"svc", 999, ""},
        {"root", 0, "min_uid=0"}, {"alice", 1001, "min_uid=1002"}, {"daemon", 1, "allow_root"}};
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        call_reset(state);
        pamh.user = fake_account = fake_pw_name = accounts[i].name;
        fake_pw_uid = accounts[i].uid;
        assert_int_equal(authenticate(accounts[i].arguments, grants_after_a_prompt), PAM_IGNORE);
        assert_int_equal(
            call_with(pam_sm_acct_mgmt, accounts[i].arguments, 0, SERVED_BY(grants_at_once)), PAM_IGNORE);
        assert_int_equal(helper.served, 0);
        assert_string_equal(pamh.log, "");
    }
}

static void allow_root_lets_root_be_asked(void **state)
{
    (void)state;
    pamh.user = "root";
    assert_int_equal(authenticate("allow_root", grants_after_a_prompt), PAM_SUCCESS);
    assert_int_equal(helper.served, 1);
}

static void an_odd_name_never_reaches_the_helper(void **state)
{
    static const char *const names[] = {" alice", "alice\n", "alice/../root", "0", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        call_reset(state);
        pamh.user = names[i];
        assert_int_equal(authenticate("", grants_after_a_prompt), PAM_USER_UNKNOWN);
        assert_int_equal(call_with(pam_sm_acct_mgmt, "", 0, SERVED_BY(grants_at_once)), PAM_USER_UNKNOWN);
        assert_int_equal(helper.served, 0);
    }
}

/* The helper may refuse him as it refuses others; whatever else it says, he is nobody. */
static void who_does_not_exist_is_let_in_by_nothing(void **state)
{
    static const char *const names[] = {"nosuch", "ALICE"};
    static const struct {
        fake_service *service;
        int code;
    } answers[] = {{grants_after_a_prompt, PAM_USER_UNKNOWN}, {ignores, PAM_USER_UNKNOWN},
        {denies_after_a_prompt, PAM_AUTH_ERR}, {hangs_up, PAM_AUTHINFO_UNAVAIL}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t j = 0; j < sizeof answers / sizeof answers[0]; j++) {
            call_reset(state);
            pamh.user = names[i];
            assert_int_equal(authenticate("", answers[j].service), answers[j].code);
        }
        call_reset(state);
        pamh.user = names[i];
        assert_int_equal(authenticate("", ignores), PAM_USER_UNKNOWN);
        assert_int_equal(helper.got.body.request.uid, C2M_NO_UID);
        helper.served = 0;
        assert_int_equal(call_with(pam_sm_acct_mgmt, "", 0, SERVED_BY(grants_at_once)), PAM_USER_UNKNOWN);
        assert_int_equal(helper.served, 0);
    }
}

static void a_name_service_that_fails_is_an_outage(void **state)
{
    (void)state;
    fake_name_service_error = EIO;
    assert_int_equal(authenticate("", grants_after_a_prompt), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(helper.served, 0);
    assert_non_null(strstr(pamh.log, "reason=name_service error=EIO"));
}

static void reuse_is_for_sudo_and_only_where_root_wrote_it(void **state)
{
    static const struct {
        const char *service, *arguments;
        int code;
    } cases[] = {
        {"sudo", "reuse", PAM_SUCCESS},
        {"sudo-i", "reuse", PAM_SUCCESS},
        {"sudo-i", "reuse service=sudo", PAM_SUCCESS},
        {"sudo", "", PAM_AUTH_ERR},
        {"sshd", "reuse", PAM_AUTH_ERR},
        {"sshd", "reuse service=sudo", PAM_AUTH_ERR},
        {"su", "reuse service=sudo", PAM_AUTH_ERR},
        {"sudo2", "reuse", PAM_AUTH_ERR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        call_reset(state);
        pamh.service = cases[i].service;
        assert_int_equal(authenticate(cases[i].arguments, grants_at_once), cases[i].code);
        uint32_t reuse = helper.got.body.request.flags & C2M_REUSE;
        assert_int_equal(reuse, cases[i].code == PAM_SUCCESS ? C2M_REUSE : 0);
    }
}

/* sudo's PAM_USER is root by then; the name service may be down. */
static void opening_and_closing_are_always_told(void **state)
{
    static entry_point *const entries[] = {pam_sm_open_session, pam_sm_close_session};
    static const char *const users[] = {"root", "alice", "nosuch", "odd name", NULL};
    for (int i = 0; i < 10; i++) {
        call_reset(state);
        pamh.user = users[i / 2];
        assert_int_equal(call_with(entries[i % 2], "", 0, SERVED_BY(grants_at_once)), PAM_SUCCESS);
        assert_int_equal(helper.served, 1);
        assert_int_equal(helper.got.header.operation, i % 2 == 0 ? C2M_OPEN : C2M_CLOSE);
        assert_true(name_is(&helper.got.body.request.user, users[i / 2] == NULL ? "" : users[i / 2]));
        static const uint32_t uids[] = {0, 1001, UINT32_MAX, UINT32_MAX, UINT32_MAX};
        assert_int_equal(helper.got.body.request.uid, uids[i / 2]);
    }
}

static void the_verdict_on_a_session_is_never_an_ignored_error(void **state)
{
    (void)state;
    assert_int_equal(call_with(pam_sm_open_session, "", 0, SERVED_BY(ignores)), PAM_IGNORE);
    assert_int_equal(call_with(pam_sm_open_session, "", 0, SERVED_BY(hangs_up)), PAM_SESSION_ERR);
    assert_int_equal(call_with(pam_sm_close_session, "", 0, SERVED_BY(hangs_up)), PAM_SESSION_ERR);
}

static void ends_the_account(struct fake_helper *served, int fd)
{
    fake_read(served, fd);
    struct c2m_verdict verdict = verdict_on(served, C2M_ENDED, 0);
    verdict.reason = C2M_TEXT_ENDED;
    fake_verdict(served, fd, verdict);
}

static void the_account_phase_follows_the_verdict(void **state)
{
    (void)state;
    assert_int_equal(call_with(pam_sm_acct_mgmt, "", 0, SERVED_BY(grants_at_once)), PAM_SUCCESS);
    assert_int_equal(call_with(pam_sm_acct_mgmt, "", 0, SERVED_BY(ignores)), PAM_IGNORE);
    assert_int_equal(call_with(pam_sm_acct_mgmt, "", 0, SERVED_BY(hangs_up)), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(call_with(pam_sm_acct_mgmt, "", 0, SERVED_BY(ends_the_account)), PAM_ACCT_EXPIRED);
    assert_string_equal(
        pamh.told[0], "C2M: this session is over or its token was revoked (ref 7f3a91c2): log in again.");
}

static void credentials_do_nothing_and_tokens_are_not_changed_here(void **state)
{
    (void)state;
    static const char *argv[] = {"nonsense"};
    assert_int_equal(pam_sm_setcred(&pamh, PAM_ESTABLISH_CRED, 1, argv), PAM_SUCCESS);
    assert_int_equal(pam_sm_chauthtok(&pamh, PAM_UPDATE_AUTHTOK, 1, argv), PAM_IGNORE);
    assert_string_equal(pamh.log, "");
}

static void a_wrong_argument_is_named_and_nobody_is_asked(void **state)
{
    (void)state;
    static entry_point *const entries[] = {
        pam_sm_authenticate, pam_sm_acct_mgmt, pam_sm_open_session, pam_sm_close_session};
    for (int i = 0; i < 4; i++) {
        call_reset(state);
        assert_int_equal(call_with(entries[i], "min_udi=5", 0, SERVED_BY(grants_at_once)), PAM_SERVICE_ERR);
        assert_int_equal(helper.served, 0);
        assert_non_null(strstr(pamh.log, "reason=argument argument=\"min_udi=5\""));
        assert_int_equal(pamh.level, LOG_ERR);
    }
}

static void silence_is_kept_except_in_sudo_which_always_asks_for_it(void **state)
{
    static const struct {
        const char *service, *arguments;
        int flags, messages;
    } cases[] = {
        {"sshd", "", 0, 1},
        {"sshd", "", (int)PAM_SILENT, 0},
        {"sshd", "quiet", 0, 0},
        {"sudo", "", (int)PAM_SILENT, 1},
        {"sudo", "quiet", (int)PAM_SILENT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        call_reset(state);
        pamh.service = cases[i].service;
        call_with(pam_sm_authenticate, cases[i].arguments, cases[i].flags, SERVED_BY(denies_after_a_prompt));
        assert_int_equal(pamh.messages, cases[i].messages);
        assert_int_equal(pamh.prompts, 1);
    }
}

static void an_ordinary_process_talks_to_the_users_socket(void **state)
{
    (void)state;
    fake_euid = 1001;
    assert_int_equal(authenticate("", grants_after_a_prompt), PAM_SUCCESS);
    assert_int_equal(helper.served, 1);
}

static void a_missing_name_is_asked_for_and_a_missing_service_refused(void **state)
{
    (void)state;
    pamh.user = NULL;
    assert_int_equal(authenticate("", grants_after_a_prompt), PAM_CONV_ERR);
    call_reset(state);
    static const char *const services[] = {
        NULL, "", "0123456789012345678901234567890123456789012345678901234567890123456789"};
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        pamh.service = services[i];
        assert_int_equal(authenticate("", grants_after_a_prompt), PAM_SERVICE_ERR);
    }
    assert_int_equal(helper.served, 0);
}

static void an_application_that_tells_nothing_gets_in_nowhere(void **state)
{
    (void)state;
    pamh.failing = PAM_SYSTEM_ERR;
    assert_int_equal(authenticate("", grants_after_a_prompt), PAM_SERVICE_ERR);
    assert_int_equal(authenticate("service=gate", grants_after_a_prompt), PAM_USER_UNKNOWN);
    assert_non_null(strstr(pamh.log, "reason=service_name"));
    assert_int_equal(authenticate("service=gate debug", grants_after_a_prompt), PAM_USER_UNKNOWN);
    assert_non_null(strstr(pamh.log, "reason=no_user"));
    assert_int_equal(
        call_with(pam_sm_acct_mgmt, "service=gate", 0, SERVED_BY(grants_at_once)), PAM_USER_UNKNOWN);
    assert_int_equal(helper.served, 0);
}

static void no_value_can_look_like_a_field_of_the_log(void **state)
{
    (void)state;
    pamh.rhost = "x verdict=granted";
    assert_int_equal(authenticate("", hangs_up), PAM_AUTHINFO_UNAVAIL);
    assert_non_null(strstr(pamh.log, " rhost=\"x verdict=granted\" "));
    call_reset(state);
    pamh.rhost = "x\" verdict=granted\nevent=authenticate\x1b[2J";
    assert_int_equal(authenticate("", hangs_up), PAM_AUTHINFO_UNAVAIL);
    assert_non_null(strstr(pamh.log, " rhost=\"x\\x22 verdict=granted\\x0aevent=authenticate\\x1b[2J\" "));
    assert_ptr_equal(strchr(pamh.log, '\n'), pamh.log + strlen(pamh.log) - 1);
}

static void debug_logs_successes_too(void **state)
{
    (void)state;
    assert_int_equal(authenticate("debug", grants_after_a_prompt), PAM_SUCCESS);
    assert_string_equal(pamh.log,
        "event=authenticate verdict=granted ref=7f3a91c2 user=alice service=sshd rhost=192.0.2.7 pam=0\n");
    assert_int_equal(pamh.level, LOG_DEBUG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_request_says_who_and_where, call_reset),
        cmocka_unit_test_setup(what_only_informs_is_cut_and_may_be_missing, call_reset),
        cmocka_unit_test_setup(service_names_another_section, call_reset),
        cmocka_unit_test_setup(root_and_the_systems_accounts_never_reach_the_helper, call_reset),
        cmocka_unit_test_setup(allow_root_lets_root_be_asked, call_reset),
        cmocka_unit_test_setup(an_odd_name_never_reaches_the_helper, call_reset),
        cmocka_unit_test_setup(who_does_not_exist_is_let_in_by_nothing, call_reset),
        cmocka_unit_test_setup(a_name_service_that_fails_is_an_outage, call_reset),
        cmocka_unit_test_setup(reuse_is_for_sudo_and_only_where_root_wrote_it, call_reset),
        cmocka_unit_test_setup(opening_and_closing_are_always_told, call_reset),
        cmocka_unit_test_setup(the_verdict_on_a_session_is_never_an_ignored_error, call_reset),
        cmocka_unit_test_setup(the_account_phase_follows_the_verdict, call_reset),
        cmocka_unit_test_setup(credentials_do_nothing_and_tokens_are_not_changed_here, call_reset),
        cmocka_unit_test_setup(a_wrong_argument_is_named_and_nobody_is_asked, call_reset),
        cmocka_unit_test_setup(silence_is_kept_except_in_sudo_which_always_asks_for_it, call_reset),
        cmocka_unit_test_setup(an_ordinary_process_talks_to_the_users_socket, call_reset),
        cmocka_unit_test_setup(a_missing_name_is_asked_for_and_a_missing_service_refused, call_reset),
        cmocka_unit_test_setup(an_application_that_tells_nothing_gets_in_nowhere, call_reset),
        cmocka_unit_test_setup(no_value_can_look_like_a_field_of_the_log, call_reset),
        cmocka_unit_test_setup(debug_logs_successes_too, call_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
