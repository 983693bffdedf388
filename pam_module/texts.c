/*
 * The one table of what users read. %0 and %1 stand for the arguments, %r for " (ref 7f3a91c2)".
 *
 * The module knows neither which service needs a scope (a section of the configuration may stand for several) nor whether
 * the stack goes on to a local password: hence "needed here", and "use your local password" as in the shipped stacks;
 * where a strict one has none, the next prompt does not come. The words are known to c2m-askpass, of whatever version
 * the user's machine has: a text that it does not know gets no token. What to do is in c2m(7), under them.
 */
#include "texts.h"

#include <stdio.h>
#include <string.h>

static const struct {
    uint32_t number;
    enum text_kind kind;
    const char *words;
} table[] = {
    {C2M_TEXT_ASK_TOKEN, TEXT_PROMPT, "C2M token: "},
    {C2M_TEXT_ASK_TOKEN_OR_CODE, TEXT_PROMPT, "C2M token or code: "},
    {C2M_TEXT_ASK_CODE, TEXT_PROMPT, "C2M code: "},
    {C2M_TEXT_ASK_PART, TEXT_PROMPT, "C2M token, part %0 of %1: "},
    {C2M_TEXT_NOT_ACCEPTED, TEXT_REASON, "C2M: not accepted%r."},
    {C2M_TEXT_EXPIRED, TEXT_REASON, "C2M: that token expired %0 min ago: issue a new one%r."},
    {C2M_TEXT_SCOPE, TEXT_REASON,
        "C2M: that token lacks a scope that is needed here%r: ask who runs this host which one."},
    {C2M_TEXT_CUT, TEXT_REASON,
        "C2M: the token arrived cut at %0 characters: use c2m-askpass, a code, or a long-term token%r."},
    {C2M_TEXT_WAIT, TEXT_REASON, "C2M: too many attempts, wait %0 s."},
    {C2M_TEXT_UNREACHABLE, TEXT_REASON, "C2M is unreachable%r; use your local password."},
    {C2M_TEXT_ENDED, TEXT_REASON, "C2M: this session is over or its token was revoked%r: log in again."},
    {C2M_TEXT_TOO_OLD, TEXT_REASON, "C2M: that token is older than %0 min: issue a new one%r."},
    {C2M_TEXT_UNSUPPORTED, TEXT_REASON,
        "C2M: that kind of credential is not accepted here%r: use another kind, or ask who runs this host."},
    {C2M_TEXT_SUSPENDED, TEXT_REASON, "C2M: your account is suspended%r: ask who runs the C2M API."},
    {C2M_TEXT_PART_AGAIN, TEXT_REASON, "C2M: a token in parts: use keyboard-interactive, not password%r."},
};

static const char *find(uint32_t number, enum text_kind kind)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].number == number && table[i].kind == kind)
            return table[i].words;
    return NULL;
}

bool text_known(uint32_t number, enum text_kind kind)
{
    return find(number, kind) != NULL;
}

static bool write_reference(char *out, size_t size, const char *reference)
{
    static const char none[C2M_REFERENCE_SIZE] = {0};

    out[0] = '\0';
    if (memcmp(reference, none, sizeof none) == 0)
        return true;
    for (size_t i = 0; i < C2M_REFERENCE_SIZE; i++)
        if (reference[i] == '\0' || strchr("0123456789abcdef", reference[i]) == NULL)
            return false;
    snprintf(out, size, " (ref %.*s)", C2M_REFERENCE_SIZE, reference);
    return true;
}

bool text_write(
    char *out, enum text_kind kind, uint32_t number, const uint32_t argument[2], const char *reference)
{
    char place[3][24];
    const char *words = find(number, kind);
    size_t used = 0;

    out[0] = '\0';
    if (words == NULL || !write_reference(place[2], sizeof place[2], reference))
        return false;
    snprintf(place[0], sizeof place[0], "%u", argument[0]);
    snprintf(place[1], sizeof place[1], "%u", argument[1]);
    for (; *words != '\0' && used + 1 < TEXT_SIZE; words++) {
        if (*words != '%') {
            out[used++] = *words;
            continue;
        }
        words++;
        const char *value = place[*words == 'r' ? 2 : *words - '0'];
        size_t length = strnlen(value, TEXT_SIZE - 1 - used);
        memcpy(out + used, value, length);
        used += length;
    }
    out[used] = '\0';
    return true;
}
