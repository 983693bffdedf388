/*
 * Tokens for tests, honest and forged: every part is the caller's to choose. It has nothing in common with the
 * code under test. A test names it with "// link: tests/unit/tokens.c". Whatever fails here aborts the test;
 * every char * is malloc'ed.
 */
#ifndef TESTS_TOKENS_H
#define TESTS_TOKENS_H

#include <stddef.h>
#include <stdint.h>

struct token_key;

struct token_key *token_key_rsa(unsigned bits);
struct token_key *token_key_ec(const char *curve); /* "P-256", "P-384", "P-521", "secp256k1" */
struct token_key *token_key_ed25519(void);
struct token_key *token_key_hmac(const void *secret, size_t length);
void token_key_free(struct token_key *key);
char *token_public_pem(const struct token_key *key);
char *token_private_pem(const struct token_key *key);

/* The public key as a JWK, with MORE (`,'use':'sig'` or ""), which begins with a comma; '\'' stands for '"'. */
char *token_public_jwk(const struct token_key *key, const char *more);

char *token_base64url(const void *bytes, size_t length);
/* TEXT with '"' for each '\'': what a table of JSON texts is readable in. */
char *token_json(const char *text);
/*
 * The signature of BYTES by "RS256", "RS512", "PS256", "ES256" (r and s in the width of the curve), "ES256-DER",
 * "EdDSA", "HS256", "HS512"; "none" is empty. What a header says is another matter.
 */
uint8_t *token_signature(
    const struct token_key *key, const char *algorithm, const char *bytes, size_t length, size_t *out_length);
/* A whole token of these two JSON texts. */
char *token_mint(const struct token_key *key, const char *algorithm, const char *header, const char *payload);
char *token_mint_bytes(const struct token_key *key, const char *algorithm, const char *header,
    size_t header_length, const char *payload, size_t payload_length);
/* HEADER.PAYLOAD (both encoded already) and its signature. */
char *token_mint_encoded(const struct token_key *key, const char *algorithm, const char *signed_text);

/* An honest payload: sub, iss "c2m-api", jti, iat, exp, token_type "short", and MORE (`,"scope":"a b"` or ""). */
char *token_payload(const char *subject, const char *id, int64_t issued, int64_t expires, const char *more);

#endif
