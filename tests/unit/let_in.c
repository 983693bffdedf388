/* See let_in.h. */
#include "let_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

void api_gives(unsigned index, const char *token, const char *token_id)
{
    struct api_token answer = {.outcome = API_OK, .reason = REASON_CREDENTIAL, .retry_after = -1};
    snprintf(answer.token_id, sizeof answer.token_id, "%s", token_id);
    fake_api_issue(index, token, &answer);
    turns();
}

void api_refuses(unsigned index, enum api_outcome outcome, enum reason reason)
{
    const struct api_token answer = {.outcome = outcome, .reason = reason, .retry_after = -1};
    fake_api_issue(index, NULL, &answer);
    turns();
}

struct person let_in(const char *service_name, uint32_t uid, const char *typed, const char *id)
{
    const char *user = uid == ALICE ? "alice" : "bob", *client = uid == ALICE ? "c2m_alice" : "c2m_bob";
    struct person person = arrives();
    struct login_request request =
        request_of(service_name, user, uid, &person.authenticator, &person.monitor);
    unsigned before = fake_api_count();
    struct asked asked;
    begin(&asked, &request);
    type(&asked, typed);
    if (fake_api_count() > before)
        api_gives(before, token_for(client, id, GOOD), id);
    expect_verdict(&asked, C2M_GRANTED, REASON_CREDENTIAL, C2M_TEXT_NONE);
    finished(&asked);
    person.session = sessions_open(world.parts.sessions, &person.monitor, user);
    assert_non_null(person.session);
    turns();
    return person;
}

int deliver_jobs(struct delivery **out)
{
    const struct delivery_parts parts = {.loop = world.loop,
        .store = world.parts.store,
        .vault = world.vault,
        .api = world.parts.api,
        .verifier = world.parts.verifier,
        .ledger = world.parts.ledger,
        .sessions = world.parts.sessions,
        .presences = world.parts.presences};
    struct delivery_options options = {.prefix = NULL};
    assert_int_equal(scopes_add(&options.scopes, "jobs:read", 9), 0);
    return delivery_new(&parts, &options, out);
}
