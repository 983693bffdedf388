/* What is sealed opens with the same key in the same place, and nowhere else. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test_vault.XXXXXX", key_file[64];
static struct vault *vault;
static const struct vault_context place = {.row = "bearer", .user = "alice", .token_id = "tok_1"};
static const char text[] = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

static void put_key(uint8_t fill, size_t length)
{
    uint8_t key[64];
    memset(key, fill, sizeof key);
    unlink(key_file);
    int fd = open(key_file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, key, length), length);
    close(fd);
}

static int set_up(void **state)
{
    (void)state;
    put_key(1, 32);
    return vault_new(key_file, &vault);
}

static int tear_down(void **state)
{
    (void)state;
    vault_free(vault);
    vault = NULL;
    return unlink(key_file);
}

static void seal(const char *bytes, size_t length, uint8_t **sealed, size_t *sealed_length)
{
    SECRET_CLEANUP struct secret *secret = NULL;
    assert_int_equal(secret_new(bytes, length, &secret), 0);
    assert_int_equal(vault_seal(vault, &place, secret, sealed, sealed_length), 0);
}

static void what_was_sealed_opens_in_its_place(void **state)
{
    static const size_t lengths[] = {0, 1, 15, 16, 17, sizeof text - 1};
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        SECRET_CLEANUP struct secret *opened = NULL;
        uint8_t *sealed;
        size_t length;
        seal(text, lengths[i], &sealed, &length);
        assert_int_equal(length, lengths[i] + VAULT_OVERHEAD);
        assert_int_equal(vault_open(vault, &place, sealed, length, &opened), 0);
        assert_int_equal(secret_length(opened), lengths[i]);
        assert_memory_equal(secret_bytes(opened), text, lengths[i]);
        free(sealed);
    }
}

static void nothing_of_it_can_be_seen(void **state)
{
    uint8_t *sealed;
    size_t length;
    (void)state;
    seal(text, sizeof text - 1, &sealed, &length);
    for (size_t i = 0; i + 4 < sizeof text; i++)
        assert_null(memmem(sealed, length, text + i, 4));
    free(sealed);
}

static void the_same_text_is_sealed_differently_each_time(void **state)
{
    uint8_t *one, *two;
    size_t length;
    (void)state;
    seal(text, 4, &one, &length);
    seal(text, 4, &two, &length);
    assert_memory_not_equal(one, two, 24);
    assert_memory_not_equal(one + 24, two + 24, 4);
    free(one);
    free(two);
}

/* 0, or the error with which it does not open. */
static int open_in(const struct vault_context *context, const uint8_t *sealed, size_t length)
{
    SECRET_CLEANUP struct secret *opened = NULL;
    int r = vault_open(vault, context, sealed, length, &opened);
    assert_true(r == 0 || !opened);
    return r;
}

static void moved_to_another_row_user_or_token_it_does_not_open(void **state)
{
    static const struct vault_context elsewhere[] = {{"stored", "alice", "tok_1"}, {"bearer", "bob", "tok_1"},
        {"bearer", "alice", "tok_2"}, {"bearer", "alice", ""}, {"bearer", "", "alicetok_1"},
        {"beareralice", "", "tok_1"}, {"bearer", "alicetok_1", ""}, {"alice", "bearer", "tok_1"},
        {NULL, NULL, NULL}};
    uint8_t *sealed;
    size_t length;
    (void)state;
    seal(text, sizeof text - 1, &sealed, &length);
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        assert_int_equal(open_in(&elsewhere[i], sealed, length), -EBADMSG);
    assert_int_equal(open_in(&place, sealed, length), 0);
    free(sealed);
}

static void no_byte_of_it_may_change(void **state)
{
    uint8_t *sealed;
    size_t length;
    (void)state;
    seal(text, sizeof text - 1, &sealed, &length);
    for (size_t i = 0; i < length; i++) {
        sealed[i] ^= 1;
        assert_int_equal(open_in(&place, sealed, length), -EBADMSG);
        sealed[i] ^= 1;
    }
    for (size_t cut = 0; cut < length; cut++)
        assert_int_equal(open_in(&place, sealed, cut), -EBADMSG);
    free(sealed);
}

static void another_key_does_not_open_it(void **state)
{
    uint8_t *sealed;
    size_t length;
    (void)state;
    seal(text, sizeof text - 1, &sealed, &length);
    vault_free(vault);
    put_key(2, 32);
    vault_new(key_file, &vault);
    assert_int_equal(open_in(&place, sealed, length), -EBADMSG);
    free(sealed);
}

static int try_key(void)
{
    struct vault *other = NULL;
    int r = vault_new(key_file, &other);
    assert_true((r == 0) == (other != NULL));
    vault_free(other);
    return r;
}

static void a_key_that_others_can_read_or_change_is_refused(void **state)
{
    static const mode_t good[] = {0400, 0440, 0600, 0640}, bad[] = {0644, 0604, 0660, 0620, 0602, 0601, 0777};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(chmod(key_file, good[i]), 0);
        assert_int_equal(try_key(), 0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(chmod(key_file, bad[i]), 0);
        assert_int_equal(try_key(), -EPERM);
    }
}

static void a_key_of_another_size_is_refused(void **state)
{
    static const size_t sizes[] = {0, 31, 33, 64};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        put_key(1, sizes[i]);
        assert_int_equal(try_key(), -EMSGSIZE);
    }
}

static void a_key_that_is_missing_or_a_link_is_refused(void **state)
{
    (void)state;
    unlink(key_file);
    assert_int_equal(try_key(), -ENOENT);
    assert_int_equal(symlink("/dev/zero", key_file), 0);
    assert_int_equal(try_key(), -ELOOP);
}

static void a_hash_is_sha_256_and_its_text_the_first_eight_digits(void **state)
{
    static const char abc[] = /* FIPS 180-2, appendix B.1 */
        "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
        "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad";
    uint8_t hash[VAULT_HASH_SIZE];
    char digits[9];
    (void)state;
    vault_hash("abc", 3, hash);
    assert_memory_equal(hash, abc, VAULT_HASH_SIZE);
    vault_hash_text(hash, digits);
    assert_string_equal(digits, "ba7816bf");
}

static void references_are_eight_hex_digits_that_do_not_repeat(void **state)
{
    char all[100][9];
    (void)state;
    for (int i = 0; i < 100; i++) {
        vault_reference(all[i]);
        assert_int_equal(strspn(all[i], "0123456789abcdef"), 8);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(all[i], all[j]);
    }
}

static int make_folder(void **state)
{
    (void)state;
    umask(0);
    snprintf(key_file, sizeof key_file, "%s/key", mkdtemp(folder));
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

#define WITH_VAULT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_VAULT(what_was_sealed_opens_in_its_place),
        WITH_VAULT(nothing_of_it_can_be_seen),
        WITH_VAULT(the_same_text_is_sealed_differently_each_time),
        WITH_VAULT(moved_to_another_row_user_or_token_it_does_not_open),
        WITH_VAULT(no_byte_of_it_may_change),
        WITH_VAULT(another_key_does_not_open_it),
        WITH_VAULT(a_key_that_others_can_read_or_change_is_refused),
        WITH_VAULT(a_key_of_another_size_is_refused),
        WITH_VAULT(a_key_that_is_missing_or_a_link_is_refused),
        cmocka_unit_test(a_hash_is_sha_256_and_its_text_the_first_eight_digits),
        cmocka_unit_test(references_are_eight_hex_digits_that_do_not_repeat),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
