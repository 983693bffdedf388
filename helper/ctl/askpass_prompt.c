/*
 * The words are the module's (pam_module/texts.c; a test compares them): %0 and %1 stand for numbers, %r for a
 * reference or nothing. Each pattern can match in one way only, so there is nothing to try again.
 */
#include "askpass_prompt.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 32, REFERENCE_SIZE = 8, DIGITS_MAX = 10 };

static const char *const reasons[] = {
    "C2M: not accepted%r.",
    "C2M: that token expired %0 min ago: issue a new one%r.",
    "C2M: that token lacks a scope that is needed here%r: ask who runs this host which one.",
    "C2M: the token arrived cut at %0 characters: use c2m-askpass, a code, or a long-term token%r.",
    "C2M: too many attempts, wait %0 s.",
    "C2M is unreachable%r; use your local password.",
    "C2M: this session is over or its token was revoked%r: log in again.",
    "C2M: that token is older than %0 min: issue a new one%r.",
    "C2M: that kind of credential is not accepted here%r: use another kind, or ask who runs this host.",
    "C2M: your account is suspended%r: ask who runs the C2M API.",
    "C2M: a token in parts: use keyboard-interactive, not password%r.",
};

static const char *const plain[] = {"C2M token: ", "C2M token or code: "};
static const char part_of[] = "C2M token, part %0 of %1: ";

/* Behind the number at TEXT, or NULL. */
static const char *skip_number(const char *text, unsigned long *out)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > DIGITS_MAX || (text[0] == '0' && digits > 1))
        return NULL;
    *out = strtoul(text, NULL, 10);
    return text + digits;
}

/* Behind " (ref 7f3a91c2)" where there is one. */
static const char *skip_reference(const char *text)
{
    static const char begin[] = " (ref ";
    const char *digits = text + sizeof begin - 1;

    if (strncmp(text, begin, sizeof begin - 1) != 0 || strspn(digits, "0123456789abcdef") != REFERENCE_SIZE ||
        digits[REFERENCE_SIZE] != ')')
        return text;
    return digits + REFERENCE_SIZE + 1;
}

/* What follows PATTERN in TEXT; NULL when TEXT does not begin with it. */
static const char *match(const char *pattern, const char *text, unsigned long numbers[2])
{
    for (; *pattern != '\0' && text != NULL; pattern++) {
        if (*pattern != '%')
            text = *text == *pattern ? text + 1 : NULL;
        else if (*++pattern == 'r')
            text = skip_reference(text);
        else
            text = skip_number(text, &numbers[*pattern - '0']);
    }
    return text;
}

static bool is_all(const char *rest)
{
    return rest != NULL && *rest == '\0';
}

static bool match_question(const char *text, struct askpass_prompt *out)
{
    unsigned long numbers[2] = {0, 0};

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (is_all(match(plain[i], text, numbers)))
            return true;
    if (!is_all(match(part_of, text, numbers)) || numbers[0] < 2 || numbers[0] > numbers[1] ||
        numbers[1] > PARTS_MAX)
        return false;
    out->part = (unsigned)numbers[0];
    out->parts = (unsigned)numbers[1];
    return true;
}

/* Behind a reason and its blank, or TEXT itself. */
static const char *skip_reason(const char *text)
{
    unsigned long numbers[2];

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        const char *rest = match(reasons[i], text, numbers);
        if (rest != NULL && *rest == ' ')
            return rest + 1;
    }
    return text;
}

/* Behind "(user@host) ", or TEXT itself when it does not begin so; NULL when it is not well formed. */
static const char *skip_origin(const char *text, char host[ASKPASS_HOST_SIZE])
{
    static const char safe[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+:%@"; /* no blank, no bracket */

    host[0] = '\0';
    if (text[0] != '(')
        return text;
    size_t length = strspn(++text, safe);
    const char *at = memrchr(text, '@', length);
    if (at == NULL || at == text || strncmp(text + length, ") ", 2) != 0)
        return NULL;
    size_t size = (size_t)(text + length - (at + 1));
    if (size == 0 || size >= ASKPASS_HOST_SIZE)
        return NULL;
    memcpy(host, at + 1, size);
    host[size] = '\0';
    return text + length + 2;
}

bool askpass_prompt_read(const char *text, struct askpass_prompt *out)
{
    *out = (struct askpass_prompt){.part = 1};
    const char *rest = skip_origin(text, out->host);
    return rest != NULL && match_question(skip_reason(rest), out);
}
