/* The verifier's memory: bounded, and what goes first is expired, then oldest. */
#include "token/remembered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct remembered *memory;

static int set_up(void **state)
{
    (void)state;
    return remembered_new(&memory);
}

static int tear_down(void **state)
{
    (void)state;
    remembered_free(memory);
    return 0;
}

/* A hash like any other; those of equal I % SAME meet in one chain. */
static void hash_of(unsigned i, unsigned same, uint8_t hash[VAULT_HASH_SIZE])
{
    memset(hash, 0, VAULT_HASH_SIZE);
    hash[0] = (uint8_t)(i % same);
    hash[1] = (uint8_t)(i % same >> 8);
    memcpy(hash + 8, &i, sizeof i);
}

static void add(unsigned i, unsigned same, int64_t expires, int64_t now)
{
    static struct remembered_token token;
    uint8_t hash[VAULT_HASH_SIZE];
    hash_of(i, same, hash);
    snprintf(token.claims.subject, sizeof token.claims.subject, "c2m_%u", i);
    token.claims.expires = expires;
    remembered_add(memory, hash, &token, now);
}

static bool knows(unsigned i, unsigned same)
{
    uint8_t hash[VAULT_HASH_SIZE];
    char subject[32];
    hash_of(i, same, hash);
    struct remembered_token token;
    snprintf(subject, sizeof subject, "c2m_%u", i);
    if (!remembered_find(memory, hash, &token))
        return false;
    assert_string_equal(token.claims.subject, subject);
    return true;
}

static unsigned count(unsigned upto, unsigned same)
{
    unsigned found = 0;
    for (unsigned i = 0; i < upto; i++)
        found += knows(i, same);
    return found;
}

static void what_is_added_is_found_with_its_own_claims(void **state)
{
    (void)state;
    static const unsigned chains[] = {1, 7, 65536};
    for (size_t c = 0; c < 3; c++) {
        assert_false(knows(0, chains[c]));
        for (unsigned i = 0; i < REMEMBERED_MAX; i++)
            add(i, chains[c], 1000, 1);
        assert_int_equal(count(2 * REMEMBERED_MAX, chains[c]), REMEMBERED_MAX);
        remembered_forget(memory);
        assert_int_equal(count(2 * REMEMBERED_MAX, chains[c]), 0);
    }
}

static void every_claim_comes_back_as_it_was(void **state)
{
    (void)state;
    struct remembered_token given = {
        .claims = {"c2m_a", "c2m_b", "https://id.example", "tok_1", "x\ny\n", {"jobs:read login:web1"},
            1700000900, 1700000000, 1699999999, CLAIMS_TYPE_SHORT},
        .boot_deadline_ms = 123456789};
    struct remembered_token token;
    uint8_t hash[VAULT_HASH_SIZE];
    for (unsigned i = 0; i < 3; i++) {
        hash_of(i, 5, hash);
        remembered_add(memory, hash, &given, 1);
        memset(&token, 0xff, sizeof token);
        assert_true(remembered_find(memory, hash, &token));
        assert_memory_equal(&token, &given, sizeof token);
        memset(given.claims.subject, 'x', CLAIMS_TEXT_SIZE - 1); /* then with the longest texts */
        memset(given.claims.audiences, 'y', CLAIMS_AUDIENCES_SIZE - 1);
        memset(given.claims.scopes.text, 'z', SCOPES_SIZE - 1);
        memset(given.claims.client, 0, sizeof given.claims.client);
        memset(given.claims.issuer, 0, sizeof given.claims.issuer);
    }
}

static void the_oldest_makes_room(void **state)
{
    (void)state;
    for (unsigned i = 0; i < REMEMBERED_MAX + 100; i++)
        add(i, 5, 1000, 1);
    for (unsigned i = 0; i < REMEMBERED_MAX + 100; i++)
        assert_int_equal(knows(i, 5), i >= 100);
}

static void an_expired_one_makes_room_before_the_oldest(void **state)
{
    (void)state;
    for (unsigned i = 0; i < REMEMBERED_MAX; i++)
        add(i, 5, i == 500 || i == 700 ? 50 : 1000, 1);
    add(REMEMBERED_MAX, 5, 1000, 49);
    assert_false(knows(0, 5)); /* nothing had expired yet */
    add(REMEMBERED_MAX + 1, 5, 1000, 50);
    add(REMEMBERED_MAX + 2, 5, 1000, 50);
    assert_false(knows(500, 5));
    assert_false(knows(700, 5));
    assert_true(knows(1, 5));
    assert_int_equal(count(REMEMBERED_MAX + 3, 5), REMEMBERED_MAX);
}

static void adding_twice_changes_nothing(void **state)
{
    (void)state;
    uint8_t hash[VAULT_HASH_SIZE];
    hash_of(1, 5, hash);
    add(1, 5, 1000, 1);
    add(1, 5, 2000, 1);
    struct remembered_token token;
    assert_true(remembered_find(memory, hash, &token));
    assert_int_equal(token.claims.expires, 1000);
}

static void a_hash_that_differs_in_its_last_bit_is_another(void **state)
{
    (void)state;
    uint8_t hash[VAULT_HASH_SIZE];
    struct remembered_token token;
    add(1, 5, 1000, 1);
    hash_of(1, 5, hash);
    for (unsigned bit = 0; bit < 8 * VAULT_HASH_SIZE; bit++) {
        hash[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(remembered_find(memory, hash, &token));
        hash[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(remembered_find(memory, hash, &token));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_added_is_found_with_its_own_claims, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_claim_comes_back_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_oldest_makes_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_expired_one_makes_room_before_the_oldest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(adding_twice_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_hash_that_differs_in_its_last_bit_is_another, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
