/* Two tables, of transport errors and of statuses, and the members of a token response by type. */
#include "token/api_answer.h"

#include "base/cleanup.h"
#include "base/http_headers.h"
#include "base/json.h"

#include <errno.h>
#include <limits.h>
#include <strings.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

enum { TOKEN_MAX = 8192, LIFETIME_MAX = 1000000000 };

static const enum reason transport[] = {
    [HTTP_OK] = REASON_NONE,
    [HTTP_NAME] = REASON_API_UNREACHABLE,
    [HTTP_UNREACHABLE] = REASON_API_UNREACHABLE,
    [HTTP_PROXY] = REASON_API_UNREACHABLE,
    [HTTP_TIMEOUT] = REASON_API_TIMEOUT,
    [HTTP_CERTIFICATE] = REASON_API_TLS,
    [HTTP_CERTIFICATE_NAME] = REASON_API_TLS,
    [HTTP_CERTIFICATE_DATES] = REASON_API_TLS,
    [HTTP_TLS] = REASON_API_TLS,
    [HTTP_BROKEN] = REASON_API_NONSENSE,
    [HTTP_TOO_LARGE] = REASON_API_NONSENSE,
    [HTTP_INTERNAL] = REASON_INTERNAL,
};

static const enum c2m_api_why whys[] = {
    [HTTP_OK] = C2M_API_WELL,
    [HTTP_NAME] = C2M_API_NAME,
    [HTTP_UNREACHABLE] = C2M_API_CONNECTION,
    [HTTP_PROXY] = C2M_API_PROXY,
    [HTTP_TIMEOUT] = C2M_API_TIMEOUT,
    [HTTP_CERTIFICATE] = C2M_API_CERTIFICATE,
    [HTTP_CERTIFICATE_NAME] = C2M_API_CERTIFICATE_NAME,
    [HTTP_CERTIFICATE_DATES] = C2M_API_CERTIFICATE_DATES,
    [HTTP_TLS] = C2M_API_TLS,
    [HTTP_BROKEN] = C2M_API_BROKEN,
    [HTTP_TOO_LARGE] = C2M_API_BROKEN,
    [HTTP_INTERNAL] = C2M_API_WELL, /* this host's own trouble */
};

static const char any[] = "with any code or none", some[] = "with some code";

/* The first row that fits. A 403 without a code is a firewall's or a gateway's, not the API's word. */
static const struct {
    long low, high;
    const char *code;
    enum api_outcome outcome;
    enum reason reason;
} failures[] = {
    {401, 401, any, API_REFUSED, REASON_API_REFUSED},
    {400, 400, "invalid_grant", API_REFUSED, REASON_API_REFUSED},
    {403, 403, "ACCOUNT_SUSPENDED", API_FORBIDDEN, REASON_SUSPENDED},
    {403, 403, "rate_limited", API_UNAVAILABLE, REASON_API_LIMITED},
    {403, 403, some, API_FORBIDDEN, REASON_API_FORBIDDEN},
    {429, 429, any, API_UNAVAILABLE, REASON_API_LIMITED},
    {400, 599, any, API_UNAVAILABLE, REASON_API_ERROR},
    {LONG_MIN, LONG_MAX, any, API_UNAVAILABLE, REASON_API_NONSENSE},
};

/* A page of somebody else's: no code of the API's was in it, and it is no empty answer. */
static enum c2m_api_why why_of(const struct http_answer *answer, enum reason reason)
{
    bool strange = reason == REASON_API_ERROR || reason == REASON_API_NONSENSE;
    if (answer->error == HTTP_OK && strange && !answer->json && answer->body_length > 0)
        return C2M_API_NOT_JSON;
    return whys[answer->error];
}

const char *api_why_word(enum c2m_api_why why)
{
    static const char *const words[] = {
        [C2M_API_NAME] = "name",
        [C2M_API_CONNECTION] = "connection",
        [C2M_API_PROXY] = "proxy",
        [C2M_API_CERTIFICATE] = "certificate",
        [C2M_API_TLS] = "tls",
        [C2M_API_TIMEOUT] = "timeout",
        [C2M_API_BROKEN] = "broken",
        [C2M_API_NOT_JSON] = "not_json",
        [C2M_API_CERTIFICATE_NAME] = "certificate_name",
        [C2M_API_CERTIFICATE_DATES] = "certificate_dates",
    };
    return (size_t)why < sizeof words / sizeof words[0] ? words[why] : NULL;
}

static void judge(long status, const char *code, enum api_outcome *outcome, enum reason *reason)
{
    size_t i = 0;
    for (;; i++) {
        bool fits = failures[i].code == any || (failures[i].code == some && code[0]) ||
                    strcmp(failures[i].code, code) == 0;
        if (fits && status >= failures[i].low && status <= failures[i].high)
            break;
    }
    *outcome = failures[i].outcome;
    *reason = failures[i].reason;
}

/* The body as a strict JSON object; -EINVAL when it is none, or does not say that it is one. */
static int parse(const struct http_answer *answer, struct json **out)
{
    return answer->json ? json_parse(answer->body, answer->body_length, out) : -EINVAL;
}

/* The first code that is a word: a number, or what could forge a line of a log, is none. */
static void read_code(const struct json *json, char code[64])
{
    static const char *const names[] = {"code", "errorCode", "error", "errorType"};
    code[0] = '\0';
    for (size_t i = 0; json && !code[0] && i < sizeof names / sizeof names[0]; i++) {
        const char *text;
        size_t length;
        if (json_text(json, names[i], &text, &length) == 0 && length < 64 &&
            strspn(text, LETTERS "._-") == length)
            memcpy(code, text, length + 1);
    }
}

static bool carries_error(const struct json *json)
{
    static const char *const names[] = {"code", "error", "errors", "errorCode", "errorType", "errorMessage"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (json_kind(json, names[i]) > JSON_NULL)
            return true;
    }
    return false;
}

static int read_access_token(const struct json *json, struct api_token *out)
{
    const char *text;
    size_t length;
    int error = json_text(json, "access_token", &text, &length);
    if (error != 0)
        return error;
    if (length == 0 || length > TOKEN_MAX || strspn(text, LETTERS "._~+/=-") != length)
        return -EINVAL;
    return secret_new(text, length, &out->token);
}

static int read_type(const struct json *json)
{
    const char *text;
    size_t length;
    int error = json_text(json, "token_type", &text, &length);
    if (error == 0)
        return strcasecmp(text, "Bearer") == 0 ? 0 : -EINVAL;
    return error == -ENOENT ? 0 : error;
}

static int read_expiry(const struct json *json, int64_t now, struct api_token *out)
{
    int64_t seconds = 0;
    const char *text;
    size_t length;
    int error =
        json_text(json, "expires_at", &text, &length); /* not believed, but a wrong type is a wrong answer */
    if (error == 0 || error == -ENOENT)
        error = json_integer(json, "expires_in", &seconds);
    if (error == -ENOENT)
        return 0;
    if (error == 0 && (seconds <= 0 || seconds > LIFETIME_MAX))
        error = -EINVAL;
    out->expires = error == 0 ? now + seconds : 0;
    return error;
}

/* The body's identifier is the one to revoke by; the header's, where the body has none. */
static int read_token_id(const struct json *json, const struct http_answer *answer, struct api_token *out)
{
    const char *text;
    size_t length;
    int error = json_text(json, "token_id", &text, &length);
    if (error == -ENOENT || (error == 0 && length == 0)) {
        memcpy(out->token_id, answer->token_id, sizeof out->token_id);
        return 0;
    }
    if (error == 0 && !http_safe_id(text, length))
        error = -EINVAL;
    if (error == 0)
        memcpy(out->token_id, text, length + 1);
    return error;
}

static int add_scope(void *argument, const char *text, size_t length)
{
    return scopes_add(argument, text, length);
}

static int read_scopes(const struct json *json, struct api_token *out)
{
    const char *name = json_kind(json, "scopes") > JSON_NULL ? "scopes" : "scope";
    const char *text;
    size_t length;
    if (json_kind(json, name) == JSON_ARRAY)
        return json_texts(json, name, add_scope, &out->scopes);
    int error = json_text(json, name, &text, &length);
    if (error == 0)
        error = scopes_parse(&out->scopes, text, length);
    return error == -ENOENT ? 0 : error;
}

/* The token first: the others' errors must not hide that there is one. */
static int read_response(const struct http_answer *answer, int64_t now, struct api_token *out)
{
    JSON_CLEANUP struct json *json = NULL;
    int error = parse(answer, &json);
    if (error != 0)
        return error;
    error = read_access_token(json, out);
    if (error == 0)
        error = read_token_id(json, answer, out);
    if (error == 0)
        error = read_type(json);
    if (error == 0)
        error = read_expiry(json, now, out);
    return error == 0 ? read_scopes(json, out) : error;
}

static void read_token(const struct http_answer *answer, int64_t now, struct api_token *out)
{
    *out = (struct api_token){.outcome = API_UNAVAILABLE,
        .reason = transport[answer->error],
        .status = answer->status,
        .retry_after = answer->retry_after,
        .duration_us = answer->duration_us};
    if (answer->error != HTTP_OK)
        return;
    if (answer->status == 200 || answer->status == 201) {
        int error = read_response(answer, now, out);
        out->outcome = error == 0 ? API_OK : API_UNAVAILABLE;
        if (error != 0)
            out->reason = error == -ENOMEM ? REASON_INTERNAL : REASON_API_NONSENSE;
        return;
    }
    JSON_CLEANUP struct json *json = NULL;
    char code[64];
    bool unread = parse(answer, &json) == -ENOMEM;
    read_code(json, code);
    judge(answer->status, code, &out->outcome, &out->reason);
    if (unread && out->reason == REASON_API_ERROR) /* what its code would have said nobody knows */
        out->reason = REASON_INTERNAL;
}

void api_answer_token(const struct http_answer *answer, int64_t now, struct api_token *out)
{
    read_token(answer, now, out);
    out->why = why_of(answer, out->reason);
}

bool api_answer_revoked(const struct api_revocation *answer)
{
    return answer->status == 204 || (answer->status == 200 && answer->json && !answer->error_member);
}

void api_answer_revocation(const struct http_answer *answer, struct api_revocation *out)
{
    *out = (struct api_revocation){.status = answer->status,
        .lost = answer->error != HTTP_OK && answer->sent,
        .retry_after = answer->retry_after,
        .reason = transport[answer->error],
        .why = whys[answer->error],
        .duration_us = answer->duration_us};
    if (answer->error != HTTP_OK)
        return;
    JSON_CLEANUP struct json *json = NULL;
    enum api_outcome ignored;
    int error = parse(answer, &json);
    out->json = error == 0;
    out->lost = error == -ENOMEM && answer->status == 200;
    out->error_member = out->json && carries_error(json);
    read_code(json, out->code);
    judge(answer->status, out->code, &ignored, &out->reason);
    if (answer->status == 403 && strcmp(out->code, "insufficient_scope") == 0)
        out->reason = REASON_INSUFFICIENT_SCOPE;
    if (error == -ENOMEM && out->reason != REASON_API_LIMITED)
        out->reason = REASON_INTERNAL;
    out->why = why_of(answer, out->reason);
    if (api_answer_revoked(out)) {
        out->reason = REASON_DONE;
        out->why = C2M_API_WELL;
    }
}
