/* One spelling for each byte string: what is not exactly the encoder's output is refused. */
#include "token/base64url.h"

enum { NONE = 0xff };

static const uint8_t values[128] = {
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, /* 0x00 */
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, /* 0x10 */
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 62, NONE,
    NONE, /* 0x20: - */
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NONE, NONE, NONE, NONE, NONE, NONE, /* 0x30: 0 */
    NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, /* 0x40: A */
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NONE, NONE, NONE, NONE, 63, /* 0x50: _ */
    NONE, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, /* 0x60: a */
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NONE, NONE, NONE, NONE, NONE, /* 0x70 */
};

long base64url_decode(const char *text, size_t length, uint8_t *out, size_t size)
{
    size_t rest = length % 4;
    size_t needed = length / 4 * 3 + (rest == 0 ? 0 : rest - 1);
    if (rest == 1 || needed > size)
        return -1;
    uint32_t bits = 0;
    unsigned held = 0;
    size_t written = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char character = (unsigned char)text[i];
        if (character >= sizeof values || values[character] == NONE)
            return -1;
        bits = bits << 6 | values[character];
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[written++] = (uint8_t)(bits >> held);
        }
    }
    return (bits & ((1u << held) - 1)) == 0 ? (long)written : -1;
}
