/* Reading by type, writing, and what json-c loses when memory is short. */
#include "base/json.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char sample[] =
    "{\"null\":null,\"true\":true,\"int\":42,\"least\":-9223372036854775808,\"most\":9223372036854775807,"
    "\"real\":1.0,\"exp\":1e2,\"digits\":\"42\",\"text\":\"a\\u00e9b\",\"empty\":\"\",\"words\":[\"x\",\"y "
    "z\"],"
    "\"mixed\":[\"x\",1],\"none\":[],\"object\":{\"inner\":7}}";

static struct json *parsed(const char *text)
{
    struct json *json = NULL;
    assert_int_equal(json_parse(text, strlen(text), &json), 0);
    return json;
}

static void each_member_has_its_kind(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        enum json_kind kind;
    } rows[] = {{"absent", JSON_ABSENT}, {"null", JSON_NULL}, {"true", JSON_BOOLEAN}, {"int", JSON_INTEGER},
        {"real", JSON_NUMBER}, {"exp", JSON_NUMBER}, {"text", JSON_STRING}, {"none", JSON_ARRAY},
        {"object", JSON_OBJECT}, {"", JSON_ABSENT}};
    JSON_CLEANUP struct json *json = parsed(sample);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(json_kind(json, rows[i].key), rows[i].kind);
}

static void a_text_is_read_and_nothing_else_becomes_one(void **state)
{
    (void)state;
    static const char *const others[] = {"true", "int", "real", "words", "object"};
    const char *text;
    size_t length;
    JSON_CLEANUP struct json *json = parsed(sample);
    assert_int_equal(json_text(json, "text", &text, &length), 0);
    assert_string_equal(text, "a\xc3\xa9"
                              "b");
    assert_int_equal(length, 4);
    assert_int_equal(json_text(json, "empty", &text, &length), 0);
    assert_int_equal(length, 0);
    assert_int_equal(json_text(json, "absent", &text, &length), -ENOENT);
    assert_int_equal(json_text(json, "null", &text, &length), -ENOENT);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(json_text(json, others[i], &text, &length), -EINVAL);
}

static void an_integer_is_read_and_nothing_else_becomes_one(void **state)
{
    (void)state;
    static const char *const others[] = {"true", "real", "exp", "digits", "words", "object"};
    int64_t value = 0;
    JSON_CLEANUP struct json *json = parsed(sample);
    assert_int_equal(json_integer(json, "int", &value), 0);
    assert_int_equal(value, 42);
    assert_int_equal(json_integer(json, "least", &value), 0);
    assert_true(value == INT64_MIN);
    assert_int_equal(json_integer(json, "most", &value), 0);
    assert_true(value == INT64_MAX);
    assert_int_equal(json_integer(json, "absent", &value), -ENOENT);
    assert_int_equal(json_integer(json, "null", &value), -ENOENT);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(json_integer(json, others[i], &value), -EINVAL);
}

static int append(void *argument, const char *text, size_t length)
{
    strncat(argument, text, length);
    strcat(argument, ";");
    return strcmp(text, "stop") == 0 ? 17 : 0;
}

static void an_array_of_texts_is_walked_until_it_is_stopped(void **state)
{
    (void)state;
    char seen[64] = "";
    JSON_CLEANUP struct json *json = parsed(sample);
    assert_int_equal(json_texts(json, "words", append, seen), 0);
    assert_string_equal(seen, "x;y z;");
    assert_int_equal(json_texts(json, "none", append, seen), 0);
    assert_int_equal(json_texts(json, "mixed", append, seen), -EINVAL);
    assert_int_equal(json_texts(json, "text", append, seen), -EINVAL);
    assert_int_equal(json_texts(json, "absent", append, seen), -ENOENT);
    JSON_CLEANUP struct json *other = parsed("{\"a\":[\"stop\",\"never\"],\"b\":[null]}");
    seen[0] = '\0';
    assert_int_equal(json_texts(other, "a", append, seen), 17);
    assert_string_equal(seen, "stop;");
    assert_int_equal(json_texts(other, "b", append, seen), -EINVAL);
}

static void an_object_inside_is_read_like_the_outer_one(void **state)
{
    (void)state;
    const struct json *inner = NULL;
    int64_t value = 0;
    JSON_CLEANUP struct json *json = parsed(sample);
    assert_int_equal(json_member(json, "object", &inner), 0);
    assert_int_equal(json_integer(inner, "inner", &value), 0);
    assert_int_equal(value, 7);
    assert_int_equal(json_member(json, "words", &inner), -EINVAL);
    assert_int_equal(json_member(json, "null", &inner), -ENOENT);
}

static void what_is_not_strict_is_not_parsed(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "[]", "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}", "{\"a\":NaN}", "{} {}"};
    struct json *json = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(json_parse(texts[i], strlen(texts[i]), &json), -EINVAL);
    assert_int_equal(json_parse("{}\0", 3, &json), -EINVAL);
    assert_null(json);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    JSON_CLEANUP struct json *json = NULL;
    SECRET_CLEANUP struct secret *secret = NULL, *text = NULL;
    assert_int_equal(secret_new("s\"\\\n/", 5, &secret), 0);
    assert_int_equal(json_new(&json), 0);
    assert_int_equal(json_set_text(json, "a", "x/y"), 0);
    assert_int_equal(json_set_secret(json, "b", secret), 0);
    assert_int_equal(json_set_integer(json, "c", INT64_MIN), 0);
    assert_int_equal(json_set_words(json, "d", "  jobs:read tokens:revoke "), 0);
    assert_int_equal(json_set_words(json, "e", ""), 0);
    assert_int_equal(json_print(json, &text), 0);
    assert_string_equal(secret_bytes(text),
        "{\"a\":\"x/y\",\"b\":\"s\\\"\\\\\\n/\",\"c\":-9223372036854775808,"
        "\"d\":[\"jobs:read\",\"tokens:revoke\"],\"e\":[]}");
}

static void texts_with_escapes_and_letters_of_all_lengths_are_read(void **state)
{
    (void)state;
    static const char expected[] =
        "\x01\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbd\xf0\x9f\x98\x80\"\\/\b\f\n\r\t";
    const char *text;
    size_t length;
    JSON_CLEANUP struct json *json =
        parsed("{\"\\u00e9\\ud83d\\ude00\" : [ ] , \"a\" : [ { } , \"x\" ] , \"t\":"
               "\"\\u0001\\u007f\\u0080\\u07ff\\u0800\\ufffd\\uD83D\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\"}");
    assert_int_equal(json_text(json, "t", &text, &length), 0);
    assert_string_equal(text, expected);
    assert_int_equal(json_kind(json, "\xc3\xa9\xf0\x9f\x98\x80"), JSON_ARRAY);
}

/* It takes each for half of a letter. As they stand they are read; beside them (d835, d838) nothing is the matter. */
static void letters_that_json_c_forgets_are_refused_as_escapes(void **state)
{
    (void)state;
    static const char *const refused[] = {"{\"a\":\"\\ud836\\udc00\"}", "{\"a\":\"\\uD837\\uDFFF\"}",
        "{\"\\ud876\\udc00\":1}", "{\"a\":[\"\\udbf7\\ude0f\"]}"};
    struct json *json = NULL;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_int_equal(json_parse(refused[i], strlen(refused[i]), &json), -EINVAL);
    assert_null(json);
    json_free(parsed("{\"a\":\"\xf0\x9d\xa0\x80\",\"b\":\"\\ud835\\udfff\\ud838\\udc00\"}"));
}

/* A user's name in an answer, say. */
static void letters_of_other_scripts_are_read_as_they_stand(void **state)
{
    (void)state;
    const char *text;
    size_t length;
    JSON_CLEANUP struct json *json =
        parsed("{\"name\":\"Jos\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\",\"\xc3\xa9\":\"key\"}");
    assert_int_equal(json_text(json, "name", &text, &length), 0);
    assert_string_equal(text, "Jos\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
    assert_int_equal(json_text(json, "\xc3\xa9", &text, &length), 0);
    assert_string_equal(text, "key");
}

static void what_would_not_be_strict_is_not_written(void **state)
{
    (void)state;
    JSON_CLEANUP struct json *json = NULL;
    SECRET_CLEANUP struct secret *text = NULL;
    assert_int_equal(json_new(&json), 0);
    assert_int_equal(json_set_text(json, "a", "\xff"), 0);
    assert_int_equal(json_print(json, &text), -EINVAL);
    assert_null(text);
}

/* The executable's own malloc and friends are the ones that json-c finds. */
static long allocations, fails_at;

static bool fails(void)
{
    if (++allocations != fails_at)
        return false;
    errno = ENOMEM;
    return true;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

__attribute__((visibility("default"))) void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

__attribute__((visibility("default"))) void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

__attribute__((visibility("default"))) void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}

/* Never fails: json-c hashes the copy of a key without a look at it, and crashes (0.16; 0.18 does not). */
__attribute__((visibility("default"))) char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = __libc_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static void no_member_is_lost_when_memory_is_short(void **state)
{
    (void)state;
    /* Enough members, elements and characters that json-c has to make room for each. */
    static const char text[] =
        "{\"a\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,"
        "34],"
        "\"b\":1,\"c\":2,\"d\":3,\"e\":4,\"f\":5,\"g\":6,\"h\":7,\"i\":8,\"j\":9,\"k\":10,\"l\":11,\"m\":12,"
        "\"n\":[[],{},\"\\\"\"],\"long\":"
        "\"0123456789012345678901234567890123456789012345678901234567890123456789\"}";
    long last = 0;
    for (long at = 1; last == 0; at++) {
        struct json *json = NULL;
        allocations = 0;
        fails_at = at;
        int error = json_parse(text, sizeof text - 1, &json);
        fails_at = 0;
        last = allocations < at ? at : 0;
        if (error == 0) {
            SECRET_CLEANUP struct secret *again = NULL;
            assert_int_equal(json_print(json, &again), 0);
            assert_string_equal(secret_bytes(again), text);
        }
        assert_true(error == 0 || error == -ENOMEM); /* the text is good, and nobody may say otherwise */
        json_free(json);
    }
    assert_true(last > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_member_has_its_kind),
        cmocka_unit_test(a_text_is_read_and_nothing_else_becomes_one),
        cmocka_unit_test(an_integer_is_read_and_nothing_else_becomes_one),
        cmocka_unit_test(an_array_of_texts_is_walked_until_it_is_stopped),
        cmocka_unit_test(an_object_inside_is_read_like_the_outer_one),
        cmocka_unit_test(what_is_not_strict_is_not_parsed),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(texts_with_escapes_and_letters_of_all_lengths_are_read),
        cmocka_unit_test(letters_that_json_c_forgets_are_refused_as_escapes),
        cmocka_unit_test(letters_of_other_scripts_are_read_as_they_stand),
        cmocka_unit_test(what_would_not_be_strict_is_not_written),
        cmocka_unit_test(no_member_is_lost_when_memory_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
