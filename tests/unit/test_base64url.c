/* One spelling for each byte string. */
#include "token/base64url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static long decode(const char *text, uint8_t *out, size_t size)
{
    return base64url_decode(text, strlen(text), out, size);
}

static void the_examples_of_the_rfc_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *bytes;
    } rows[] = {{"", ""}, {"Zg", "f"}, {"Zm8", "fo"}, {"Zm9v", "foo"}, {"Zm9vYg", "foob"},
        {"Zm9vYmE", "fooba"}, {"Zm9vYmFy", "foobar"}, {"-_-_", "\xfb\xff\xbf"}, {"_w", "\xff"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t out[16];
        size_t length = strlen(rows[i].bytes);
        assert_int_equal(decode(rows[i].text, out, sizeof out), length);
        assert_memory_equal(out, rows[i].bytes, length);
    }
}

static void what_an_encoder_would_not_write_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"A", "AAAAA", "Zg==", "Zg=", "Zm9v=", "Zh", "Zm9=", "Zm-", "Zm_",
        "+/+/", "Zm9v\n", "\nZm9v", "Zm 9v", "Zm9v ", "Zm!v", "Zm9v.", "\x80m9v", "\xff\xff\xff\xff", "Z\tm8",
        "Zm9*"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t out[16];
        if (decode(rows[i], out, sizeof out) != -1)
            fail_msg("%s was read", rows[i]);
    }
}

static void a_nul_inside_is_refused(void **state)
{
    (void)state;
    uint8_t out[16];
    assert_int_equal(base64url_decode("Zm\0v", 4, out, sizeof out), -1);
}

static void no_two_texts_give_the_same_bytes(void **state)
{
    (void)state;
    static uint8_t seen[256 * 256 / 8];
    size_t count = 0;
    for (const char *a = alphabet; *a; a++)
        for (const char *b = alphabet; *b; b++)
            for (const char *c = alphabet; *c; c++) {
                const char text[3] = {*a, *b, *c};
                uint8_t out[2];
                if (base64url_decode(text, 3, out, sizeof out) != 2)
                    continue;
                unsigned value = out[0] | (unsigned)out[1] << 8;
                assert_int_equal(seen[value / 8] >> value % 8 & 1, 0);
                seen[value / 8] |= (uint8_t)(1u << value % 8);
                count++;
            }
    assert_int_equal(count, 65536);
}

static void every_byte_outside_the_alphabet_is_refused(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const char text[4] = {'A', (char)byte, 'A', 'A'};
        uint8_t out[3];
        long want = byte != 0 && strchr(alphabet, byte) ? 3 : -1;
        assert_int_equal(base64url_decode(text, 4, out, sizeof out), want);
    }
}

static void nothing_is_written_beyond_the_buffer(void **state)
{
    (void)state;
    uint8_t *out = malloc(3); /* of exactly that size, for valgrind and the sanitizers */
    assert_non_null(out);
    assert_int_equal(decode("Zm9v", out, 3), 3);
    assert_int_equal(decode("Zm9vYg", out, 3), -1);
    assert_int_equal(decode("Zm9v", out, 2), -1);
    assert_int_equal(decode("", out, 0), 0);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfc_are_read),
        cmocka_unit_test(what_an_encoder_would_not_write_is_refused),
        cmocka_unit_test(a_nul_inside_is_refused),
        cmocka_unit_test(no_two_texts_give_the_same_bytes),
        cmocka_unit_test(every_byte_outside_the_alphabet_is_refused),
        cmocka_unit_test(nothing_is_written_beyond_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
