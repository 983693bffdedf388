#include "askpass_answer.h"

#include "complain.h"
#include "sha256.h"

#include <stdio.h>
#include <string.h>

void askpass_answer_wipe(struct askpass_answer *answer)
{
    explicit_bzero(answer, sizeof *answer);
}

static void put(struct askpass_answer *answer, const char *bytes, size_t length)
{
    memcpy(answer->bytes + answer->length, bytes, length);
    answer->length += length;
}

static void put_part(
    struct askpass_answer *answer, unsigned part, unsigned parts, const struct askpass_token *token)
{
    char head[32];
    unsigned char hash[SHA256_SIZE];
    size_t from = (size_t)(part - 1) * ASKPASS_PART_MAX, left = token->length - from;

    sha256(token->bytes, token->length, hash);
    int length = snprintf(
        head, sizeof head, "c2m %u/%u %02x%02x%02x%02x:", part, parts, hash[0], hash[1], hash[2], hash[3]);
    put(answer, head, (size_t)length);
    put(answer, token->bytes + from, left < ASKPASS_PART_MAX ? left : ASKPASS_PART_MAX);
}

bool askpass_answer_make(
    const struct askpass_prompt *prompt, const struct askpass_token *token, struct askpass_answer *out)
{
    size_t whole = prompt->host[0] == '\0' ? ASKPASS_SUDO_MAX : ASKPASS_SSH_MAX;
    unsigned parts = (unsigned)((token->length + ASKPASS_PART_MAX - 1) / ASKPASS_PART_MAX);
    bool fits = token->length <= whole;

    out->length = 0;
    if (prompt->part > 1 && (fits || prompt->parts != parts)) {
        complain("this is not the token that the part before came from", NULL);
        return false;
    }
    if (fits)
        put(out, token->bytes, token->length);
    else
        put_part(out, prompt->part, parts, token);
    put(out, "\n", 1);
    return true;
}
