/* What an answer proves: the whole table, each row by name. */
#include "session/revocation_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/*
 * The facts of a try: T the bearer is the target, L an answer was lost before, P the base URL is proven, O its life is
 * over by the wall clock, S the bearer may be another client's.
 */
enum { T = 1, L = 2, P = 4, O = 8, S = 16 };

#define CODE(status_, code_) \
    {.status = (status_), .json = true, .error_member = true, .code = code_, .retry_after = -1}
#define PLAIN(status_) {.status = (status_), .retry_after = -1}
#define OBJECT(status_, error_) \
    {.status = (status_), .json = true, .error_member = (error_), .retry_after = -1}

static const struct row {
    const char *name;
    struct api_revocation answer;
    unsigned facts;
    enum revocation_next next;
} rows[] = {
    {"204 from the long token", PLAIN(204), 0, REVOCATION_DONE},
    {"204 from the token itself", PLAIN(204), T, REVOCATION_DONE},
    {"200 with an object", OBJECT(200, false), T, REVOCATION_DONE},
    {"200 with an object that carries an error", OBJECT(200, true), P, REVOCATION_NEXT_BEARER},
    {"200 with HTML", PLAIN(200), P, REVOCATION_NEXT_BEARER},
    {"201", OBJECT(201, false), P, REVOCATION_NEXT_BEARER},
    {"202", OBJECT(202, false), P, REVOCATION_NEXT_BEARER},
    {"302", PLAIN(302), P, REVOCATION_NEXT_BEARER},

    {"404 to the long token at a proven base", CODE(404, "not_found"), P, REVOCATION_DONE_BEFORE},
    {"404 to the long token at a base that never said yes", CODE(404, "not_found"), 0,
        REVOCATION_NEXT_BEARER},
    {"404 to another client's token", CODE(404, "not_found"), S | P, REVOCATION_NEXT_BEARER},
    {"404 to another client's token after a loss", CODE(404, "not_found"), S | L | P, REVOCATION_NEXT_BEARER},
    {"204 to another client's token", PLAIN(204), S, REVOCATION_DONE},
    {"404 to the long token after a loss, unproven", CODE(404, "not_found"), L, REVOCATION_NEXT_BEARER},
    {"404 to the token itself: the liar", CODE(404, "not_found"), T | P, REVOCATION_NEXT_BEARER},
    {"404 to the token itself after a loss", CODE(404, "not_found"), T | L | P, REVOCATION_DONE_BEFORE},
    {"404 to the token itself after a loss, unproven", CODE(404, "not_found"), T | L, REVOCATION_NEXT_BEARER},
    {"404 without a code: a gateway's", OBJECT(404, true), P, REVOCATION_NEXT_BEARER},
    {"404 with HTML", PLAIN(404), L | P, REVOCATION_NEXT_BEARER},
    {"404 with another code", CODE(404, "no_such_route"), L | P, REVOCATION_NEXT_BEARER},

    {"401 invalid_token to the target after a loss", CODE(401, "invalid_token"), T | L,
        REVOCATION_DONE_BEFORE},
    {"401 token_expired to the target after a loss", CODE(401, "token_expired"), T | L,
        REVOCATION_DONE_BEFORE},
    {"401 EXPIRED_TOKEN to the target after a loss", CODE(401, "EXPIRED_TOKEN"), T | L,
        REVOCATION_DONE_BEFORE},
    {"401 to the target without a loss", CODE(401, "invalid_token"), T | P, REVOCATION_NEXT_BEARER},
    {"401 token_expired to the target without a loss", CODE(401, "token_expired"), T | P,
        REVOCATION_NEXT_BEARER},
    {"401 EXPIRED_TOKEN to the target without a loss", CODE(401, "EXPIRED_TOKEN"), T | P,
        REVOCATION_NEXT_BEARER},
    {"401 invalid_token to the target that ran out", CODE(401, "invalid_token"), T | O, REVOCATION_OVER},
    {"401 token_expired to the target that ran out", CODE(401, "token_expired"), T | O, REVOCATION_OVER},
    {"401 EXPIRED_TOKEN to the target that ran out", CODE(401, "EXPIRED_TOKEN"), T | O, REVOCATION_OVER},
    {"401 to the target that ran out, after a loss", CODE(401, "invalid_token"), T | L | O,
        REVOCATION_DONE_BEFORE},
    {"401 to another bearer of one that ran out", CODE(401, "token_expired"), O | P, REVOCATION_NEXT_BEARER},
    {"401 without a code to the target that ran out", PLAIN(401), T | O, REVOCATION_NEXT_BEARER},
    {"404 to the target that ran out", CODE(404, "not_found"), T | O | P, REVOCATION_NEXT_BEARER},
    {"401 to the long token after a loss", CODE(401, "invalid_token"), L | P, REVOCATION_NEXT_BEARER},
    {"401 token_expired to the long token after a loss", CODE(401, "token_expired"), L | P,
        REVOCATION_NEXT_BEARER},
    {"401 without a code to the target after a loss", PLAIN(401), T | L | P, REVOCATION_NEXT_BEARER},
    {"401 invalid_client to the target after a loss", CODE(401, "invalid_client"), T | L | P,
        REVOCATION_NEXT_BEARER},
    {"403 invalid_token to the target after a loss", CODE(403, "invalid_token"), T | L | P,
        REVOCATION_NEXT_BEARER},

    {"403 insufficient_scope", CODE(403, "insufficient_scope"), P, REVOCATION_NEXT_BEARER_NO_SCOPE},
    {"401 insufficient_scope", CODE(401, "insufficient_scope"), P, REVOCATION_NEXT_BEARER_NO_SCOPE},
    {"403 with HTML: a firewall's", PLAIN(403), P, REVOCATION_NEXT_BEARER},
    {"403 access_denied", CODE(403, "access_denied"), P, REVOCATION_NEXT_BEARER},
    {"500 that talks of insufficient_scope", CODE(500, "insufficient_scope"), P, REVOCATION_NEXT_BEARER},

    {"429", CODE(429, "rate_limited"), P, REVOCATION_WAIT},
    {"429 with HTML", PLAIN(429), 0, REVOCATION_WAIT},
    {"the budget says wait", {.limited = true, .retry_after = 3}, P, REVOCATION_WAIT},
    {"the budget says wait after a loss", {.limited = true, .retry_after = 3}, T | L | P, REVOCATION_WAIT},

    {"400", CODE(400, "invalid_grant"), P, REVOCATION_NEXT_BEARER},
    {"405", PLAIN(405), P, REVOCATION_NEXT_BEARER},
    {"409", PLAIN(409), P, REVOCATION_NEXT_BEARER},
    {"410", CODE(410, "not_found"), P, REVOCATION_NEXT_BEARER},
    {"500", PLAIN(500), P, REVOCATION_NEXT_BEARER},
    {"503", PLAIN(503), P, REVOCATION_NEXT_BEARER},
    {"504", PLAIN(504), P, REVOCATION_NEXT_BEARER},
    {"no connection", PLAIN(0), P, REVOCATION_NEXT_BEARER},
    {"an answer that is lost", {.lost = true, .retry_after = -1}, T | L | P, REVOCATION_NEXT_BEARER},
};

static void each_answer_means_what_the_table_says(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        const struct revocation_try attempt = {.bearer_is_target = row->facts & T,
            .answer_was_lost = row->facts & L,
            .base_proven = row->facts & P,
            .over = row->facts & O,
            .bearer_is_stranger = row->facts & S};
        enum revocation_next next = revocation_judge(&row->answer, &attempt);
        if (next != row->next) {
            print_error("%s: %d, not %d\n", row->name, (int)next, (int)row->next);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* Of every status with every code and every fact, these alone may end a revocation. */
static void nothing_else_proves_a_token_dead(void **state)
{
    static const char *const codes[] = {"", "not_found", "invalid_token", "token_expired", "EXPIRED_TOKEN",
        "insufficient_scope", "NOT_FOUND", "revoked"};
    unsigned done = 0, done_before = 0, over = 0;
    (void)state;
    for (long status = 0; status < 600; status++) {
        for (unsigned code = 0; code < sizeof codes / sizeof *codes; code++) {
            struct api_revocation answer = {
                .status = status, .json = true, .error_member = true, .retry_after = -1};
            snprintf(answer.code, sizeof answer.code, "%s", codes[code]);
            for (unsigned facts = 0; facts < 32; facts++) {
                const struct revocation_try attempt = {.bearer_is_target = facts & T,
                    .answer_was_lost = facts & L,
                    .base_proven = facts & P,
                    .over = facts & O,
                    .bearer_is_stranger = facts & S};
                enum revocation_next next = revocation_judge(&answer, &attempt);
                done += next == REVOCATION_DONE;
                done_before += next == REVOCATION_DONE_BEFORE;
                over += next == REVOCATION_OVER;
            }
        }
    }
    assert_int_equal(done, 8 * 32); /* 204, whatever else */
    assert_int_equal(
        done_before, 2 * (3 + 2 * 3 * 2)); /* 404: P, PL, TLP; 401 of each of three codes: TL, TLP */
    assert_int_equal(over, 2 * 3 * 2); /* 401 of each of three codes: TO, TOP; whoever else it may be */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_means_what_the_table_says),
        cmocka_unit_test(nothing_else_proves_a_token_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
