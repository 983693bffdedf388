/* DER, written from its end: then each length is known when its head is written. */
#include "token/spki.h"

#include <assert.h>
#include <string.h>

enum { INTEGER = 0x02, BIT_STRING = 0x03, SEQUENCE = 0x30 };

static void prepend(struct spki *spki, const void *bytes, size_t length)
{
    assert(length <= spki->at);
    spki->at -= length;
    memcpy(spki->bytes + spki->at, bytes, length);
}

static void prepend_byte(struct spki *spki, size_t byte)
{
    const uint8_t one = (uint8_t)byte;
    prepend(spki, &one, 1);
}

/* The head of LENGTH bytes that stand there already. */
static void prepend_head(struct spki *spki, uint8_t tag, size_t length)
{
    if (length < 0x80) {
        prepend_byte(spki, length);
    } else {
        size_t octets = 0;
        for (size_t rest = length; rest; rest >>= 8, octets++)
            prepend_byte(spki, rest & 0xff);
        prepend_byte(spki, 0x80 | octets);
    }
    prepend_byte(spki, tag);
}

/* Positive: one that begins with a 1 bit gets a zero byte before it. */
static void prepend_number(struct spki *spki, const uint8_t *number, size_t length)
{
    size_t end = spki->at;
    prepend(spki, number, length);
    if (number[0] & 0x80)
        prepend_byte(spki, 0);
    prepend_head(spki, INTEGER, end - spki->at);
}

void spki_rsa(struct spki *out, const uint8_t *modulus, size_t modulus_length, const uint8_t *exponent,
    size_t exponent_length)
{
    static const uint8_t rsa_encryption[] = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
    out->at = SPKI_MAX;
    prepend_number(out, exponent, exponent_length);
    prepend_number(out, modulus, modulus_length);
    prepend_head(out, SEQUENCE, spki_length(out));
    prepend_byte(out, 0); /* unused bits */
    prepend_head(out, BIT_STRING, spki_length(out));
    prepend(out, rsa_encryption, sizeof rsa_encryption);
    prepend_head(out, SEQUENCE, spki_length(out));
}

void spki_p256(struct spki *out, const uint8_t x[SPKI_COORDINATE], const uint8_t y[SPKI_COORDINATE])
{
    /* SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING, an uncompressed point */
    static const uint8_t head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
        0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
    out->at = SPKI_MAX;
    prepend(out, y, SPKI_COORDINATE);
    prepend(out, x, SPKI_COORDINATE);
    prepend(out, head, sizeof head);
}

void spki_ed25519(struct spki *out, const uint8_t x[SPKI_COORDINATE])
{
    static const uint8_t head[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
    out->at = SPKI_MAX;
    prepend(out, x, SPKI_COORDINATE);
    prepend(out, head, sizeof head);
}
