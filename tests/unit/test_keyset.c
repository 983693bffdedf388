/* A key file: whoever can write it can forge, so it is looked at before it is read. */
// link: tests/unit/tokens.c
#include "token/keyset.h"
#include "tokens.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/c2m-keyset-XXXXXX";
static char file[64], other[64];

static void write_file(const char *text, size_t length)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, length), length);
    close(fd);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(directory))
        return -1;
    snprintf(file, sizeof file, "%s/key.pem", directory);
    snprintf(other, sizeof other, "%s/other", directory);
    struct token_key *key = token_key_ec("P-256");
    char *pem = token_public_pem(key);
    write_file(pem, strlen(pem));
    free(pem);
    token_key_free(key);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(file);
    unlink(other);
    return rmdir(directory);
}

static int load(const char *path)
{
    struct keyset *keyset = NULL;
    const char *why = NULL;
    int r = keyset_from_file(path, "ES256", &keyset, &why);
    assert_int_equal(keyset != NULL, r == 0);
    assert_int_equal(why == NULL, r == 0);
    keyset_free(keyset);
    return r;
}

static void a_regular_file_that_only_its_owner_may_write_is_read(void **state)
{
    (void)state;
    static const mode_t modes[] = {0600, 0640, 0644, 0444, 0400, 0755};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(chmod(file, modes[i]), 0);
        assert_int_equal(load(file), 0);
    }
}

static void a_file_that_others_may_write_is_refused(void **state)
{
    (void)state;
    static const mode_t modes[] = {0660, 0646, 0622, 0666, 0777, 0620, 0602};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(chmod(file, modes[i]), 0);
        assert_int_equal(load(file), -EPERM);
    }
    assert_int_equal(chmod(file, 0644), 0);
    assert_int_equal(load(file), 0);
}

static void another_users_file_is_refused(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        print_message("needs root\n");
        skip();
    }
    assert_int_equal(chown(file, 12345, 12345), 0);
    assert_int_equal(load(file), -EPERM);
    assert_int_equal(chown(file, 0, 0), 0);
    assert_int_equal(load(file), 0);
}

static void what_is_no_regular_file_is_refused(void **state)
{
    (void)state;
    assert_int_equal(symlink(file, other), 0);
    assert_int_equal(load(other), -ELOOP);
    unlink(other);
    assert_int_equal(mkfifo(other, 0600), 0); /* without a writer: it must not hold us */
    assert_int_equal(load(other), -EINVAL);
    unlink(other);
    assert_int_equal(load(directory), -EINVAL);
    assert_int_equal(load("/dev/null"), -EINVAL);
    assert_int_equal(load(other), -ENOENT);
}

static void a_jwk_is_read_like_a_pem(void **state)
{
    (void)state;
    struct token_key *key = token_key_ec("P-256");
    char *jwk = token_public_jwk(key, ",'kid':'2026-11','alg':'ES256','use':'sig'"), *set = NULL;
    char *before = NULL, *private = token_public_jwk(key, ",'d':'AQ'");
    write_file(jwk, strlen(jwk));
    assert_int_equal(load(file), 0);
    assert_true(asprintf(&before, "\n %s\n", jwk) > 0);
    write_file(before, strlen(before));
    assert_int_equal(load(file), 0);
    write_file(before, strlen(before) - 3); /* cut off */
    assert_int_equal(load(file), -EINVAL);
    write_file(private, strlen(private));
    assert_int_equal(load(file), -EINVAL);
    assert_true(asprintf(&set, "{\"keys\":[%s]}", jwk) > 0);
    write_file(set, strlen(set));
    assert_int_equal(load(file), -EINVAL);
    free(before);
    free(private);
    free(set);
    free(jwk);
    char *pem = token_public_pem(key);
    write_file(pem, strlen(pem)); /* for the next test */
    free(pem);
    token_key_free(key);
}

static void a_file_has_at_most_16_kib(void **state)
{
    (void)state;
    char *pem = calloc(1, 20000);
    int fd = open(file, O_RDONLY);
    ssize_t length = read(fd, pem, 20000);
    close(fd);
    assert_true(length > 0);
    memset(pem + length, '\n', (size_t)(20000 - length));
    write_file(pem, 16 * 1024);
    assert_int_equal(load(file), 0);
    write_file(pem, 16 * 1024 + 1);
    assert_int_equal(load(file), -EFBIG);
    write_file(pem, 0);
    assert_int_equal(load(file), -EINVAL);
    write_file(pem, (size_t)length);
    assert_int_equal(load(file), 0);
    free(pem);
}

static void the_one_key_answers_for_every_key_id_and_one_algorithm(void **state)
{
    (void)state;
    struct keyset *keyset = NULL;
    const char *sentence;
    assert_int_equal(keyset_from_file(file, "ES256", &keyset, &sentence), 0);
    static const char *const algorithms[] = {
        "none", "None", "HS256", "RS256", "es256", "ES256K", "ES384", "ES2567", "ES25", ""};
    struct jwt_text text = {.algorithm = "ES256"};
    enum reason why = REASON_NONE;
    const struct signature_key *key = keyset_find(keyset, &text, &why);
    assert_non_null(key);
    strcpy(text.key_id, "any");
    assert_ptr_equal(keyset_find(keyset, &text, &why), key);
    assert_int_equal(why, REASON_NONE);
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        strcpy(text.algorithm, algorithms[i]);
        why = REASON_NONE;
        assert_null(keyset_find(keyset, &text, &why));
        assert_int_equal(why, REASON_ALGORITHM);
    }
    keyset_free(keyset);
    keyset_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_regular_file_that_only_its_owner_may_write_is_read),
        cmocka_unit_test(a_file_that_others_may_write_is_refused),
        cmocka_unit_test(another_users_file_is_refused),
        cmocka_unit_test(what_is_no_regular_file_is_refused),
        cmocka_unit_test(a_jwk_is_read_like_a_pem),
        cmocka_unit_test(a_file_has_at_most_16_kib),
        cmocka_unit_test(the_one_key_answers_for_every_key_id_and_one_algorithm),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
