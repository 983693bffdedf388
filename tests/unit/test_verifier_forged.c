/*
 * Forged tokens and hostile headers, each refused for its own reason. A row whose signer is the pinned key itself
 * is one that the signature alone would let in. What a payload says is test_verifier_claims.c's.
 */
// fakes: clock
// link: tests/unit/tokens.c tests/unit/verifying.c
#include "token/verifier.h"
#include "tokens.h"
#include "verifying.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum signer {
    OWN_RSA,
    OWN_P256,
    OWN_ED25519,
    FOREIGN_RSA,
    FOREIGN_P256,
    FOREIGN_ED25519,
    WEAK_RSA,
    P384,
    K256,
    RSA_PEM,
    RSA_PEM_CUT,
    P256_PEM,
    ED25519_PEM,
    ONE_BYTE,
    NO_BYTE,
    SIGNERS
};

static struct token_key *signers[SIGNERS];

/* The classic confusion: the public key, which everybody knows, as the secret of an HMAC. */
static struct token_key *hmac_of(const struct token_key *key, size_t cut)
{
    char *pem = token_public_pem(key);
    struct token_key *made = token_key_hmac(pem, strlen(pem) - cut);
    free(pem);
    return made;
}

static int make_keys(void **state)
{
    (void)state;
    signers[OWN_RSA] = token_key_rsa(2048);
    signers[OWN_P256] = token_key_ec("P-256");
    signers[OWN_ED25519] = token_key_ed25519();
    signers[FOREIGN_RSA] = token_key_rsa(2048);
    signers[FOREIGN_P256] = token_key_ec("P-256");
    signers[FOREIGN_ED25519] = token_key_ed25519();
    signers[WEAK_RSA] = token_key_rsa(1024);
    signers[P384] = token_key_ec("P-384");
    signers[K256] = token_key_ec("secp256k1");
    signers[RSA_PEM] = hmac_of(signers[OWN_RSA], 0);
    signers[RSA_PEM_CUT] = hmac_of(signers[OWN_RSA], 1);
    signers[P256_PEM] = hmac_of(signers[OWN_P256], 0);
    signers[ED25519_PEM] = hmac_of(signers[OWN_ED25519], 0);
    signers[ONE_BYTE] = token_key_hmac("a", 1);
    signers[NO_BYTE] = token_key_hmac("", 0);
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    for (int i = 0; i < SIGNERS; i++)
        token_key_free(signers[i]);
    return 0;
}

#define ALG(name) "{'alg':'" name "','typ':'JWT'}"
#define WITH(member) "{'alg':'RS256'," member "}"
#define TIMES "'iat':1700000000,'exp':1700000900"
#define ISSUER "'iss':'c2m-api',"
#define NAMES "'sub':'c2m_a','jti':'tok_1',"
#define GOOD "{" ISSUER NAMES TIMES "}"
#define EXPIRED "{" ISSUER NAMES "'iat':1699999000,'exp':1699999900}"

/* The pinned algorithm, what the token says (' is a quote), who signed it and how. */
static const struct forgery {
    const char *pinned, *header, *payload;
    enum signer signer;
    const char *signature;
    enum reason reason;
} forgeries[] = {
    /* confusion of algorithms */
    {"RS256", ALG("HS256"), GOOD, RSA_PEM, "HS256", REASON_ALGORITHM},
    {"RS256", ALG("HS512"), GOOD, RSA_PEM, "HS512", REASON_ALGORITHM},
    {"RS256", ALG("HS256"), GOOD, RSA_PEM_CUT, "HS256", REASON_ALGORITHM},
    {"RS256", ALG("HS256"), GOOD, NO_BYTE, "HS256", REASON_ALGORITHM},
    {"RS256", ALG("HS256"), GOOD, ONE_BYTE, "HS256", REASON_ALGORITHM},
    {"RS256", ALG("RS256"), GOOD, RSA_PEM, "HS256", REASON_SIGNATURE},
    {"RS256", ALG("RS256"), GOOD, NO_BYTE, "HS512", REASON_SIGNATURE},
    {"PS256", ALG("HS256"), GOOD, RSA_PEM, "HS256", REASON_ALGORITHM},
    {"ES256", ALG("HS256"), GOOD, P256_PEM, "HS256", REASON_ALGORITHM},
    {"ES256", ALG("ES256"), GOOD, P256_PEM, "HS512", REASON_SIGNATURE},
    {"EdDSA", ALG("HS256"), GOOD, ED25519_PEM, "HS256", REASON_ALGORITHM},
    {"EdDSA", ALG("EdDSA"), GOOD, ED25519_PEM, "HS512", REASON_SIGNATURE},
    {"RS256", ALG("RS512"), GOOD, OWN_RSA, "RS512", REASON_ALGORITHM},
    {"RS256", ALG("RS256"), GOOD, OWN_RSA, "RS512", REASON_SIGNATURE},
    {"RS256", ALG("PS256"), GOOD, OWN_RSA, "PS256", REASON_ALGORITHM},
    {"RS256", ALG("RS256"), GOOD, OWN_RSA, "PS256", REASON_SIGNATURE},
    {"PS256", ALG("RS256"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"PS256", ALG("PS256"), GOOD, OWN_RSA, "RS256", REASON_SIGNATURE},
    {"PS256", ALG("PS256"), GOOD, OWN_RSA, "PS512", REASON_SIGNATURE},
    {"ES256", ALG("RS256"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"ES256", ALG("ES256"), GOOD, OWN_ED25519, "EdDSA", REASON_SIGNATURE},
    {"EdDSA", ALG("EdDSA"), GOOD, OWN_P256, "ES256", REASON_SIGNATURE},
    {"EdDSA", ALG("Ed25519"), GOOD, OWN_ED25519, "EdDSA", REASON_ALGORITHM},
    {"ES256", ALG("ES256"), GOOD, OWN_P256, "ES256-DER", REASON_SIGNATURE},
    {"RS256", ALG("rs256"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", ALG("Rs256"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", ALG("RS256 "), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", ALG(" RS256"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", ALG("RS2560"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", ALG("RS256\\n"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", ALG("RS256\\u0000"), GOOD, OWN_RSA, "RS256", REASON_JSON},
    /* none, with a signature and without */
    {"RS256", ALG("none"), GOOD, OWN_RSA, "none", REASON_MALFORMED},
    {"RS256", ALG("none"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", ALG("None"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", ALG("NONE"), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", ALG("nOnE"), GOOD, FOREIGN_RSA, "RS256", REASON_ALGORITHM},
    {"ES256", ALG("none"), GOOD, OWN_P256, "ES256", REASON_ALGORITHM},
    {"RS256", ALG(""), GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", "{'typ':'JWT'}", GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", "{'alg':['RS256']}", GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", "{'alg':null}", GOOD, OWN_RSA, "RS256", REASON_ALGORITHM},
    {"RS256", "{'alg':'none','alg':'RS256'}", GOOD, OWN_RSA, "RS256", REASON_JSON},
    {"RS256", "{'alg':'RS256','alg':'none'}", GOOD, OWN_RSA, "none", REASON_MALFORMED},
    /* keys that are not ours */
    {"RS256", ALG("RS256"), GOOD, FOREIGN_RSA, "RS256", REASON_SIGNATURE},
    {"PS256", ALG("PS256"), GOOD, FOREIGN_RSA, "PS256", REASON_SIGNATURE},
    {"ES256", ALG("ES256"), GOOD, FOREIGN_P256, "ES256", REASON_SIGNATURE},
    {"EdDSA", ALG("EdDSA"), GOOD, FOREIGN_ED25519, "EdDSA", REASON_SIGNATURE},
    {"RS256", ALG("RS256"), GOOD, WEAK_RSA, "RS256", REASON_SIGNATURE},
    {"ES256", ALG("ES256"), GOOD, P384, "ES256", REASON_SIGNATURE},
    {"ES256", ALG("ES384"), GOOD, P384, "ES256", REASON_ALGORITHM},
    {"ES256", ALG("ES256"), GOOD, K256, "ES256", REASON_SIGNATURE},
    {"ES256", ALG("ES256K"), GOOD, K256, "ES256", REASON_ALGORITHM},
    {"RS256", WITH("'kid':'../../dev/null'"), GOOD, NO_BYTE, "HS256", REASON_SIGNATURE},
    {"RS256", WITH("'kid':'\\u0027 OR 1=1 --'"), GOOD, FOREIGN_RSA, "RS256", REASON_SIGNATURE},
    {"RS256", WITH("'kid':{}"), GOOD, OWN_RSA, "RS256", REASON_HEADER},
    /* headers that ask for more */
    {"RS256", WITH("'jwk':{'kty':'RSA','e':'AQAB','n':'AQAB'}"), GOOD, FOREIGN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'jku':'https://attacker.example/jwks'"), GOOD, FOREIGN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'x5u':'https://attacker.example/pem'"), GOOD, FOREIGN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'x5c':['MIIB']"), GOOD, FOREIGN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'jku':'https://attacker.example/jwks'"), GOOD, OWN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'crit':['exp']"), GOOD, OWN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'crit':[],'exp':1"), GOOD, OWN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'b64':false"), GOOD, OWN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'zip':'DEF'"), GOOD, OWN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'typ':'dpop+jwt'"), GOOD, OWN_RSA, "RS256", REASON_HEADER},
    {"RS256", WITH("'typ':7"), GOOD, OWN_RSA, "RS256", REASON_HEADER},
    {"RS256", ALG("RS256"), EXPIRED, FOREIGN_RSA, "RS256", REASON_SIGNATURE}, /* not told that it expired */
};

static enum signer own(const char *algorithm)
{
    return algorithm[0] != 'E' ? OWN_RSA : algorithm[1] == 'S' ? OWN_P256 : OWN_ED25519;
}

static void each_forged_token_is_refused_for_its_own_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++) {
        const struct forgery *row = &forgeries[i];
        struct verifier *verifier = verifying_new(row->pinned, signers[own(row->pinned)]);
        char *header = token_json(row->header), *payload = token_json(row->payload);
        char *token = token_mint(signers[row->signer], row->signature, header, payload);
        for (int again = 0; again < 2; again++) {
            enum reason reason = verifying_check(verifier, token, NULL);
            if (reason != row->reason)
                fail_msg(
                    "%s . %s by %d (%s): %d", row->header, row->payload, row->signer, row->signature, reason);
        }
        free(token);
        free(header);
        free(payload);
        verifier_free(verifier);
    }
}

/* A table of refusals proves nothing if its good rest is refused as well. */
static void what_the_rows_spoil_is_accepted(void **state)
{
    (void)state;
    static const char *const algorithms[] = {"RS256", "PS256", "ES256", "EdDSA"};
    for (size_t i = 0; i < 4; i++) {
        const char *algorithm = algorithms[i];
        char header[64];
        snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", algorithm);
        struct verifier *verifier = verifying_new(algorithm, signers[own(algorithm)]);
        char *payload = token_json(GOOD);
        char *token = token_mint(signers[own(algorithm)], algorithm, header, payload);
        free(payload);
        assert_int_equal(verifying_check(verifier, token, NULL), REASON_NONE);
        free(token);
        verifier_free(verifier);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_forged_token_is_refused_for_its_own_reason),
        cmocka_unit_test(what_the_rows_spoil_is_accepted),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
