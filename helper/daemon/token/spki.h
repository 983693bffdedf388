/*
 * The numbers of a JWK as a SubjectPublicKeyInfo (RFC 5280, 8017, 5480, 8410): the one form in which `signature` reads
 * and judges a key. Nothing is judged here but the widths.
 */
#ifndef TOKEN_SPKI_H
#define TOKEN_SPKI_H

#include <stddef.h>
#include <stdint.h>

enum { SPKI_NUMBER_MAX = 1024, SPKI_COORDINATE = 32, SPKI_MAX = 2 * SPKI_NUMBER_MAX + 64 };

struct spki {
    uint8_t bytes[SPKI_MAX];
    size_t at; /* what is written lies from here to the end */
};

static inline const uint8_t *spki_bytes(const struct spki *spki)
{
    return spki->bytes + spki->at;
}
static inline size_t spki_length(const struct spki *spki)
{
    return SPKI_MAX - spki->at;
}

/* Big-endian, without leading zeros, from 1 to SPKI_NUMBER_MAX bytes each. */
void spki_rsa(struct spki *out, const uint8_t *modulus, size_t modulus_length, const uint8_t *exponent,
    size_t exponent_length);
void spki_p256(struct spki *out, const uint8_t x[SPKI_COORDINATE], const uint8_t y[SPKI_COORDINATE]);
void spki_ed25519(struct spki *out, const uint8_t x[SPKI_COORDINATE]);

#endif
