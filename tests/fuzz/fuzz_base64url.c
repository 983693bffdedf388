/* base64url: one spelling for each byte string, both ways, whatever the room. */
#include "given.h"

#include "token/base64url.h"

#include <stdlib.h>
#include <string.h>

static void decoded_text_is_what_the_encoder_writes(const char *text, size_t length)
{
    uint8_t *out = malloc(length + 1);
    char *again = malloc(2 * length + 4);
    long size = base64url_decode(text, length, out, length + 1);
    must(size >= -1 && size <= (long)length, "the decoded length is bounded");
    if (size >= 0) {
        must(given_base64url(again, out, (size_t)size) == length && memcmp(again, text, length) == 0,
            "what was decoded is the encoder's text");
        must(size == 0 || base64url_decode(text, length, out, (size_t)size - 1) == -1,
            "a room that is too small is refused");
        must(base64url_decode(text, length, out, (size_t)size) == size, "a room that fits is enough");
    }
    free(out);
    free(again);
}

static void encoded_bytes_come_back(const uint8_t *data, size_t size)
{
    char *text = malloc(2 * size + 4);
    uint8_t *out = malloc(size + 1);
    size_t length = given_base64url(text, data, size);
    must(base64url_decode(text, length, out, size) == (long)size, "the encoder's text is decoded");
    must(memcmp(out, data, size) == 0, "to the same bytes");
    free(text);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decoded_text_is_what_the_encoder_writes((const char *)data, size);
    encoded_bytes_come_back(data, size);
    return 0;
}
