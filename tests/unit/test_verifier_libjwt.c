/*
 * A second opinion: libjwt with the key, beside the verifier. What libjwt refuses the verifier never accepts; the
 * contrary is the reason why libjwt does not decide.
 */
// fakes: clock
// link: tests/unit/tokens.c tests/unit/verifying.c
#include "token/verifier.h"
#include "tokens.h"
#include "verifying.h"

#include <jwt.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MUTATIONS = 1000 };

struct side {
    const char *algorithm;
    struct token_key *key;
    struct verifier *verifier;
    char *pem;
};
static struct side rs256 = {.algorithm = "RS256"}, es256 = {.algorithm = "ES256"};

static void begin(struct side *side, struct token_key *key)
{
    side->key = key;
    side->verifier = verifying_new(side->algorithm, key);
    side->pem = token_public_pem(key);
}

static void end(struct side *side)
{
    verifier_free(side->verifier);
    token_key_free(side->key);
    free(side->pem);
}

static int set_up(void **state)
{
    (void)state;
    begin(&rs256, token_key_rsa(2048));
    begin(&es256, token_key_ec("P-256"));
    srandom(20240229); /* the same mutations each time */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    end(&rs256);
    end(&es256);
    return 0;
}

static bool libjwt_accepts(const struct side *side, const char *token)
{
    jwt_t *jwt = NULL;
    int r = jwt_decode(&jwt, token, (const unsigned char *)side->pem, (int)strlen(side->pem));
    bool accepted = r == 0 && strcmp(jwt_alg_str(jwt_get_alg(jwt)), side->algorithm) == 0;
    jwt_free(jwt);
    return accepted;
}

static bool verifier_accepts(const struct side *side, const char *token)
{
    verifier_forget(side->verifier);
    return verifying_check(side->verifier, token, NULL) == REASON_NONE;
}

static char *mint(const struct side *side, unsigned number)
{
    char header[64], id[32];
    snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", side->algorithm);
    snprintf(id, sizeof id, "tok_%u", number);
    char *payload =
        token_payload("c2m_a", id, VERIFYING_NOW, VERIFYING_NOW + 900, ",\"scope\":\"login:web1\"");
    char *token = token_mint(side->key, side->algorithm, header, payload);
    free(payload);
    return token;
}

static void both_accept_honest_tokens(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 50; i++) {
        const struct side *side = i % 2 ? &rs256 : &es256;
        char *token = mint(side, i);
        assert_true(verifier_accepts(side, token));
        assert_true(libjwt_accepts(side, token));
        free(token);
    }
}

/* libjwt reads here what libjwt reads in claims.c, with the key and under the real header. */
static void both_read_the_same_claims(void **state)
{
    (void)state;
    struct verified verified;
    jwt_t *jwt = NULL;
    char *token = mint(&rs256, 7);
    assert_int_equal(verifying_check(rs256.verifier, token, &verified), REASON_NONE);
    assert_int_equal(jwt_decode(&jwt, token, (const unsigned char *)rs256.pem, (int)strlen(rs256.pem)), 0);
    assert_string_equal(jwt_get_grant(jwt, "sub"), verified.claims.subject);
    assert_string_equal(jwt_get_grant(jwt, "jti"), verified.claims.token_id);
    assert_string_equal(jwt_get_grant(jwt, "scope"), verified.claims.scopes.text);
    assert_int_equal(jwt_get_grant_int(jwt, "exp"), verified.claims.expires);
    assert_int_equal(jwt_get_grant_int(jwt, "iat"), verified.claims.issued);
    jwt_free(jwt);
    free(token);
}

static size_t below(size_t bound)
{
    return (size_t)random() % bound;
}

/* One change, of a kind by chance: a character, two that change places, one less, one more, a run repeated. */
static void mutate(char *token, size_t room)
{
    static const char characters[] = "ABCZabcz0189-_.=+/ \n";
    size_t length = strlen(token), at = below(length), other = below(length);
    char kept = token[at];
    switch (below(5)) {
    case 0:
        token[at] = characters[below(sizeof characters - 1)];
        break;
    case 1:
        token[at] = token[other];
        token[other] = kept;
        break;
    case 2:
        memmove(token + at, token + at + 1, length - at);
        break;
    case 3:
        memmove(token + at + 1, token + at, length - at + 1);
        token[at] = characters[below(sizeof characters - 1)];
        break;
    default:
        if (length + 8 < room && at + 8 < length)
            memmove(token + at + 8, token + at, length - at + 1);
        break;
    }
}

static void hold_side_by_side(const struct side *side)
{
    unsigned laxer = 0, ours = 0, changed = 0;
    for (unsigned i = 0; i < MUTATIONS; i++) {
        char text[2048];
        char *token = mint(side, i % 20);
        snprintf(text, sizeof text, "%s", token);
        for (size_t times = 1 + below(3); times > 0; times--)
            mutate(text, sizeof text);
        bool accepted = verifier_accepts(side, text);
        changed += strcmp(text, token) != 0;
        ours += accepted && strcmp(text, token) != 0;
        laxer += accepted && !libjwt_accepts(side, text);
        free(token);
    }
    assert_int_equal(laxer, 0);
    assert_int_equal(ours, 0); /* and of what is changed the verifier accepts nothing at all */
    assert_true(changed > MUTATIONS * 8 / 10);
}

static void the_verifier_is_never_laxer_than_libjwt_about_rs256(void **state)
{
    (void)state;
    hold_side_by_side(&rs256);
}

static void the_verifier_is_never_laxer_than_libjwt_about_es256(void **state)
{
    (void)state;
    hold_side_by_side(&es256);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_accept_honest_tokens),
        cmocka_unit_test(both_read_the_same_claims),
        cmocka_unit_test(the_verifier_is_never_laxer_than_libjwt_about_rs256),
        cmocka_unit_test(the_verifier_is_never_laxer_than_libjwt_about_es256),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
