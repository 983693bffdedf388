/* What was typed: only what looks like a credential leaves the host, and a Unix password does not. */
#include "given.h"

#include "login/credential.h"
#include "token/jwt_text.h"

#include <string.h>

static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/=-";

static bool safe_all(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] == '\0' || !strchr(safe, bytes[i]))
            return false;
    return true;
}

static void leaves(const char *bytes, size_t length, const struct credential *credential)
{
    bool prefix = length > 3 && memcmp(bytes, "lt_", 3) == 0;
    must(length > 0 && length <= C2M_TOKEN_MAX && safe_all(bytes, length),
        "what leaves has a token's alphabet");
    if (credential->form == C2M_FORM_LONG)
        must(prefix || jwt_text_looks_like(bytes, length, 5) || jwt_text_looks_like(bytes, length, 3),
            "a long token has a prefix or the form of one");
    if (credential->form == C2M_FORM_SHORT)
        must(jwt_text_looks_like(bytes, length, 3), "a short token is a JWT");
    if (credential->form == C2M_FORM_CODE)
        must(length >= 6 && length <= 10 && strspn(bytes, "0123456789") >= length, "a code is digits");
    must(credential->form != C2M_FORM_SECRET && credential->form != C2M_FORM_STORED, "no other form is told");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char bytes[C2M_TOKEN_MAX + 2];
    struct given given = {data, size};
    struct credential credential, secret;
    size_t length = given_bytes(&given, bytes, sizeof bytes - 1);
    bytes[length] = '\0';
    credential_tell(bytes, length, "lt_", &credential);
    must(credential.reason == REASON_NONE || credential.form == 0 || credential.form == C2M_FORM_SHORT,
        "only a broken short token keeps its form");
    must(credential.reason != REASON_NONE || credential.form != 0, "what is taken has a form");
    if (credential.reason == REASON_NONE)
        leaves(bytes, length, &credential);
    secret = credential;
    credential_take_secret(bytes, length, &secret);
    if (credential.reason != REASON_NOT_CREDENTIAL)
        must(secret.form == credential.form && secret.reason == credential.reason,
            "a secret is what is left over");
    else if (secret.form == C2M_FORM_SECRET)
        must(length >= 8 && length <= 512 && strlen(bytes) == length && given_printable(bytes),
            "a secret is printable and bounded");
    return 0;
}
