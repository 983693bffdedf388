/* See receipts.h. */
#include "receipts.h"

#include "revocation_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct wanted {
    const char *token_id;
    struct c2m_revocation found;
    unsigned count;
};

static int look(void *argument, const struct c2m_revocation *revocation)
{
    struct wanted *wanted = argument;
    if (strcmp(revocation->token_id.bytes, wanted->token_id) == 0) {
        wanted->found = *revocation;
        wanted->count++;
    }
    return 0;
}

struct c2m_revocation receipt(const char *token_id)
{
    struct wanted wanted = {.token_id = token_id};
    assert_int_equal(revoker_each(world.revoker, look, &wanted), 0);
    assert_in_range(wanted.count, 0, 1);
    return wanted.found;
}

const char *word_of(const struct c2m_revocation *revocation)
{
    static char word[C2M_NAME_MAX + 1];
    snprintf(word, sizeof word, "%.*s", revocation->word.length, revocation->word.bytes);
    return word;
}

void expect_receipt(const char *token_id, enum c2m_revocation_state state, const char *word)
{
    struct c2m_revocation found = receipt(token_id);
    assert_int_equal(found.state, state);
    assert_string_equal(word_of(&found), word);
}

void expect_request(unsigned index, const char *token_id, const char *bearer)
{
    const struct fake_request *request = fake_api_request(index);
    assert_non_null(request);
    assert_string_equal(request->token_id, token_id);
    assert_string_equal(request->bearer, bearer);
}

void answer_with(struct api_revocation answer)
{
    int index = fake_api_waiting();
    assert_true(index >= 0);
    fake_api_answer((unsigned)index, &answer);
    world_turn();
}
