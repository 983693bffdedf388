/* The secrets of clients that go with their codes: a file that only the helper may read, and nothing of it in a message. */
#include "login/client_secrets.h"

#include <errno.h>
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

static char error[1024];

static int load(const char *text, mode_t mode, struct client_secrets **secrets)
{
    char file[] = "/tmp/c2m-secrets-XXXXXX";
    int fd = mkstemp(file);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    *secrets = NULL;
    int r = client_secrets_load(file, secrets, error, sizeof error);
    unlink(file);
    return r;
}

static void each_client_has_its_own_and_others_none(void **state)
{
    struct client_secrets *secrets;
    (void)state;
    assert_int_equal(load("# two\nc2m_a = first secret\nc2m_b=second\n", 0640, &secrets), 0);
    assert_string_equal(secret_bytes(client_secrets_find(secrets, "c2m_a")), "first secret");
    assert_string_equal(secret_bytes(client_secrets_find(secrets, "c2m_b")), "second");
    assert_null(client_secrets_find(secrets, "c2m_"));
    assert_null(client_secrets_find(secrets, ""));
    assert_null(client_secrets_find(NULL, "c2m_a"));
    client_secrets_free(secrets);
}

static void a_file_that_others_may_read_or_the_group_write_is_refused(void **state)
{
    static const mode_t modes[] = {0644, 0604, 0660, 0602};
    struct client_secrets *secrets;
    (void)state;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(load("c2m_a = first\n", modes[i], &secrets), -EPERM);
        assert_non_null(strstr(error, "chmod"));
    }
    assert_int_equal(load("c2m_a = first\n", 0400, &secrets), 0);
    client_secrets_free(secrets);
}

static void what_is_wrong_is_said_with_its_line_and_without_the_secret(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"c2m_a = hidden\nc2m_a = hidden2\n", ":2: this client stands here twice: \"c2m_a\""},
        {"[api]\nc2m_a = hidden\n", ":1: this file has no sections: \"api\""},
        {"c2m_a =\n", ":1: no secret for \"c2m_a\""},
        {"c2m_a = <hidden>\n", ":1: a placeholder still stands here for \"c2m_a\""},
        {"c2m_a = first\nhidden\n", ":2: not \"client-id = secret\""},
    };
    struct client_secrets *secrets;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(load(cases[i].text, 0640, &secrets), -EINVAL);
        assert_non_null(strstr(error, cases[i].said));
        assert_null(strstr(error, "hidden"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_client_has_its_own_and_others_none),
        cmocka_unit_test(a_file_that_others_may_read_or_the_group_write_is_refused),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line_and_without_the_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
