/* Shapes only: nothing here says that a token is genuine. */
#include "login/credential.h"

#include "token/jwt_text.h"

#include <string.h>

static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/=-";

static bool all_of(const char *bytes, size_t length, const char *alphabet)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] == '\0' || !strchr(alphabet, bytes[i]))
            return false;
    return true;
}

static bool has_long_prefix(const char *bytes, size_t length, const char *prefixes)
{
    for (const char *word = prefixes; *word; word += strspn(word, " ")) {
        size_t size = strcspn(word, " ");
        if (size > 0 && length > size && memcmp(bytes, word, size) == 0)
            return true;
        word += size;
    }
    return false;
}

static bool is_code(const char *bytes, size_t length)
{
    return length >= 6 && length <= 10 && all_of(bytes, length, "0123456789");
}

bool credential_cut_length(size_t length)
{
    return length == 1023 || length == 4095;
}

/* Every JWT and JWE begins with '{"' in base64url: enough to know what a cut one was. */
static bool begins_like_jwt(const char *bytes, size_t length)
{
    return length > 3 && memcmp(bytes, "eyJ", 3) == 0 && all_of(bytes, length, safe);
}

static void tell_jwt(const char *bytes, size_t length, struct credential *out)
{
    struct jwt_text text;
    out->reason = jwt_text_parse(bytes, length, &text);
    out->form =
        out->reason == REASON_NONE && strcmp(text.token_type, "long") == 0 ? C2M_FORM_LONG : C2M_FORM_SHORT;
    if (out->reason != REASON_NONE && credential_cut_length(length))
        out->reason = REASON_CUT;
}

void credential_tell(const char *bytes, size_t length, const char *long_prefixes, struct credential *out)
{
    *out = (struct credential){.reason = REASON_NOT_CREDENTIAL};
    if (length == 0)
        out->reason = REASON_EMPTY;
    else if (length > C2M_TOKEN_MAX)
        out->reason = REASON_TOO_LONG;
    else if ((has_long_prefix(bytes, length, long_prefixes) && all_of(bytes, length, safe)) ||
             jwt_text_looks_like(bytes, length, 5))
        *out = (struct credential){.form = C2M_FORM_LONG};
    else if (jwt_text_looks_like(bytes, length, 3))
        tell_jwt(bytes, length, out);
    else if (is_code(bytes, length))
        *out = (struct credential){.form = C2M_FORM_CODE};
    else if (begins_like_jwt(bytes, length))
        *out = (struct credential){
            .form = C2M_FORM_SHORT, .reason = credential_cut_length(length) ? REASON_CUT : REASON_MALFORMED};
}

void credential_take_secret(const char *bytes, size_t length, struct credential *credential)
{
    if (credential->reason != REASON_NOT_CREDENTIAL || length < 8 || length > 512)
        return;
    for (size_t i = 0; i < length; i++)
        if (bytes[i] <= ' ' || bytes[i] >= 0x7f)
            return;
    *credential = (struct credential){.form = C2M_FORM_SECRET};
}
