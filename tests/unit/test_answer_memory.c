/*
 * Memory runs out at the Nth allocation of reading an answer or a key, for every N: what is read is whole, or nobody
 * says anything of it but that memory was short.
 */
// link: tests/unit/short_memory.c tests/unit/tokens.c -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc -fno-builtin-strdup
#include "short_memory.h"
#include "token/api_answer.h"
#include "token/keyset.h"
#include "tokens.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOW = 1700000000 };

void *__libc_malloc(size_t size);

/* Never fails: json-c 0.16 looks at no copy of a member's name, and crashes. */
__attribute__((visibility("default"))) char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = __libc_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

/* Every N, until so many are not needed. READ is told what to read, and says whether memory was too short to know it. */
static void starve(bool (*read)(const void *what), const void *what)
{
    long nth = 1, unknown = 0;
    assert_false(read(what)); /* and what a library keeps for good it has from here on */
    for (bool reached = true; reached; nth++) {
        short_memory_at(nth);
        bool was_short = read(what);
        reached = short_memory_reached();
        assert_true(reached || !was_short);
        unknown += was_short;
    }
    assert_true(unknown > 3);
}

struct row {
    long status;
    const char *body;
    enum api_outcome outcome;
    enum reason reason;
};

static struct http_answer answer_of(const struct row *row)
{
    return (struct http_answer){.status = row->status,
        .json = true,
        .body = row->body,
        .body_length = strlen(row->body),
        .retry_after = -1,
        .sent = true};
}

static bool read_token(const void *what)
{
    const struct row *row = what;
    const struct http_answer answer = answer_of(row);
    struct api_token token;
    api_answer_token(&answer, NOW, &token);
    bool was_short = token.outcome == API_UNAVAILABLE && token.reason == REASON_INTERNAL;
    if (!was_short) {
        assert_int_equal(token.outcome, row->outcome);
        assert_int_equal(token.reason, row->reason);
    }
    secret_free(token.token);
    return was_short;
}

#define TOKEN "\"access_token\":\"eyJ.eyJ.c2ln\",\"token_type\":\"Bearer\",\"expires_in\":900,"

static void an_answer_that_memory_is_short_for_is_no_bad_answer(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {200, "{" TOKEN "\"token_id\":\"tok_1\",\"scopes\":[\"a:b\",\"c:d\"]}", API_OK, REASON_NONE},
        {400, "{\"error\":\"invalid_grant\",\"error_description\":\"m\"}", API_REFUSED, REASON_API_REFUSED},
        {400, "{\"code\":\"invalid_request\"}", API_UNAVAILABLE, REASON_API_ERROR},
        {403, "{\"code\":\"ACCOUNT_SUSPENDED\"}", API_FORBIDDEN, REASON_SUSPENDED},
        {403, "{\"code\":\"access_denied\"}", API_FORBIDDEN, REASON_API_FORBIDDEN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        starve(read_token, &rows[i]);
}

static void what_the_status_says_alone_needs_no_memory(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {401, "{\"code\":\"invalid_token\"}", API_REFUSED, REASON_API_REFUSED},
        {429, "{\"code\":\"rate_limited\"}", API_UNAVAILABLE, REASON_API_LIMITED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (long nth = 1; nth < 30; nth++) {
            short_memory_at(nth);
            assert_false(read_token(&rows[i]));
            short_memory_reached();
        }
}

static bool read_revocation(const void *what)
{
    const struct row *row = what;
    const struct http_answer answer = answer_of(row);
    struct api_revocation revocation;
    api_answer_revocation(&answer, &revocation);
    bool was_short = revocation.reason == REASON_INTERNAL;
    assert_int_equal(api_answer_revoked(&revocation), !was_short && row->reason == REASON_DONE);
    assert_int_equal(revocation.lost, was_short && row->status == 200); /* it may have been done */
    if (!was_short)
        assert_int_equal(revocation.reason, row->reason);
    return was_short;
}

static void a_revocation_whose_answer_cannot_be_read_is_a_lost_answer(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.status = 200, .body = "{\"revoked\":true}", .reason = REASON_DONE},
        {.status = 403, .body = "{\"code\":\"insufficient_scope\"}", .reason = REASON_INSUFFICIENT_SCOPE},
        {.status = 401, .body = "{\"code\":\"invalid_token\"}", .reason = REASON_API_REFUSED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        starve(read_revocation, &rows[i]);
}

/* None of RSA: each look at one takes milliseconds. */
enum { KEYS = 2 };
static struct token_key *keys[KEYS];

static void no_report(void *argument, const char *key_id, const char *why)
{
    (void)argument;
    fail_msg("the key \"%s\" is left out: %s", key_id, why);
}

/* Neither a set of fewer keys nor a bad one. */
static bool read_set(const void *what)
{
    const char *text = what, *why;
    struct keyset *keyset = NULL;
    int r = keyset_from_jwks(text, strlen(text), "ES256 EdDSA", no_report, NULL, &keyset, &why);
    assert_true(r == 0 || r == -ENOMEM);
    if (r == 0)
        assert_int_equal(keyset_count(keyset), KEYS);
    else
        assert_string_equal(why, "out of memory");
    keyset_free(keyset);
    return r == -ENOMEM;
}

static void a_set_that_memory_is_short_for_loses_no_key(void **state)
{
    (void)state;
    char *text = NULL, *members[KEYS];
    for (int i = 0; i < KEYS; i++)
        members[i] = token_public_jwk(keys[i], ",'use':'sig'");
    assert_true(asprintf(&text, "{\"keys\":[%s,%s]}", members[0], members[1]) > 0);
    starve(read_set, text);
    for (int i = 0; i < KEYS; i++)
        free(members[i]);
    free(text);
}

struct file {
    const char *path, *algorithm;
};

static bool read_key(const void *what)
{
    const struct file *file = what;
    struct keyset *keyset = NULL;
    const char *why;
    int r = keyset_from_file(file->path, file->algorithm, &keyset, &why);
    assert_true(r == 0 || r == -ENOMEM);
    if (r < 0)
        assert_string_equal(why, "out of memory");
    keyset_free(keyset);
    return r < 0;
}

static void starve_file(char *text, const char *algorithm)
{
    char path[] = "/tmp/c2m-key.XXXXXX";
    int fd = mkstemp(path);
    size_t length = strlen(text);
    assert_int_equal(write(fd, text, length), length);
    close(fd);
    starve(read_key, &(struct file){path, algorithm});
    unlink(path);
    free(text);
}

static void a_key_that_memory_is_short_for_is_no_bad_key(void **state)
{
    (void)state;
    static const char *const algorithms[] = {"ES256", "EdDSA"};
    for (int i = 0; i < KEYS; i++) {
        starve_file(token_public_pem(keys[i]), algorithms[i]);
        starve_file(token_public_jwk(keys[i], ""), algorithms[i]);
    }
}

static int set_up(void **state)
{
    (void)state;
    keys[0] = token_key_ec("P-256");
    keys[1] = token_key_ed25519();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < KEYS; i++)
        token_key_free(keys[i]);
    return 0;
}

int main(void)
{
    if (!short_memory_possible) {
        puts("skipped: the address sanitizer brings its own allocator");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_memory_is_short_for_is_no_bad_answer),
        cmocka_unit_test(what_the_status_says_alone_needs_no_memory),
        cmocka_unit_test(a_revocation_whose_answer_cannot_be_read_is_a_lost_answer),
        cmocka_unit_test(a_set_that_memory_is_short_for_loses_no_key),
        cmocka_unit_test(a_key_that_memory_is_short_for_is_no_bad_key),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
