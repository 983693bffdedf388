/* The words. Each is its constant in lower case; a test holds that none is missing, doubled or misspelt. */
#include "base/reason.h"

#include <assert.h>
#include <string.h>

static const char *const words[] = {
    [REASON_NONE] = "none",
    [REASON_CREDENTIAL] = "credential",
    [REASON_SESSION] = "session",
    [REASON_TERMINAL] = "terminal",
    [REASON_LIVE] = "live",
    [REASON_EMPTY] = "empty",
    [REASON_NOT_CREDENTIAL] = "not_credential",
    [REASON_FORM_NOT_ACCEPTED] = "form_not_accepted",
    [REASON_CUT] = "cut",
    [REASON_TOO_LONG] = "too_long",
    [REASON_PARTS] = "parts",
    [REASON_PART_AGAIN] = "part_again",
    [REASON_MALFORMED] = "malformed",
    [REASON_JSON] = "json",
    [REASON_ALGORITHM] = "algorithm",
    [REASON_HEADER] = "header",
    [REASON_UNKNOWN_KEY] = "unknown_key",
    [REASON_NO_KEYS] = "no_keys",
    [REASON_SIGNATURE] = "signature",
    [REASON_CLAIM] = "claim",
    [REASON_ISSUER] = "issuer",
    [REASON_EXPIRED] = "expired",
    [REASON_NOT_YET] = "not_yet",
    [REASON_TOKEN_TYPE] = "token_type",
    [REASON_LIFETIME] = "lifetime",
    [REASON_UNMAPPED] = "unmapped",
    [REASON_SUBJECT] = "subject",
    [REASON_SCOPE] = "scope",
    [REASON_AUDIENCE] = "audience",
    [REASON_TOO_OLD] = "too_old",
    [REASON_REVOKED] = "revoked",
    [REASON_OURS] = "ours",
    [REASON_NO_TOKEN_ID] = "no_token_id",
    [REASON_SERVICE_OFF] = "service_off",
    [REASON_NO_CONVERSATION] = "no_conversation",
    [REASON_THROTTLED] = "throttled",
    [REASON_API_REFUSED] = "api_refused",
    [REASON_API_FORBIDDEN] = "api_forbidden",
    [REASON_SUSPENDED] = "suspended",
    [REASON_API_LIMITED] = "api_limited",
    [REASON_API_UNREACHABLE] = "api_unreachable",
    [REASON_API_TIMEOUT] = "api_timeout",
    [REASON_API_TLS] = "api_tls",
    [REASON_API_ERROR] = "api_error",
    [REASON_API_NONSENSE] = "api_nonsense",
    [REASON_STORE] = "store",
    [REASON_DEADLINE] = "deadline",
    [REASON_FULL] = "full",
    [REASON_PROTOCOL] = "protocol",
    [REASON_NOT_ALLOWED] = "not_allowed",
    [REASON_FOREIGN_NAMESPACE] = "foreign_namespace",
    [REASON_UNKNOWN_NAME] = "unknown_name",
    [REASON_PEER_GONE] = "peer_gone",
    [REASON_INTERNAL] = "internal",
    [REASON_NO_LOGIN] = "no_login",
    [REASON_OPENED] = "opened",
    [REASON_LOGOUT] = "logout",
    [REASON_ENDED] = "ended",
    [REASON_GIVEN_UP] = "given_up",
    [REASON_OPENER_DIED] = "opener_died",
    [REASON_NEVER_OPENED] = "never_opened",
    [REASON_REBOOT] = "reboot",
    [REASON_SESSION_CLOSED] = "session_closed",
    [REASON_STALE_PROOF] = "stale_proof",
    [REASON_NO_REUSE] = "no_reuse",
    [REASON_NO_TERMINAL] = "no_terminal",
    [REASON_NOT_STANDING] = "not_standing",
    [REASON_RAN_OUT] = "ran_out",
    [REASON_MAX_SESSION] = "max_session",
    [REASON_HUNG_UP] = "hung_up",
    [REASON_STILL_THERE] = "still_there",
    [REASON_NO_DELIVERY] = "no_delivery",
    [REASON_SHORT_SESSION] = "short_session",
    [REASON_TOO_WIDE] = "too_wide",
    [REASON_NOT_ENROLLED] = "not_enrolled",
    [REASON_OVERTAKEN] = "overtaken",
    [REASON_NO_CLIENT] = "no_client",
    [REASON_ADOPTED] = "adopted",
    [REASON_NOT_SET_ASIDE] = "not_set_aside",
    [REASON_ASKED] = "asked",
    [REASON_DONE] = "done",
    [REASON_DONE_BEFORE] = "done_before",
    [REASON_EXPIRED_FIRST] = "expired_first",
    [REASON_NO_BEARER] = "no_bearer",
    [REASON_INSUFFICIENT_SCOPE] = "insufficient_scope",
    [REASON_RETRY] = "retry",
};
static_assert(sizeof words / sizeof words[0] == REASON_COUNT, "a reason without a word");

const char *reason_word(enum reason reason)
{
    /* A gap in the table, or a number that is no reason, must not stop a log line. */
    unsigned index = (unsigned)reason;
    return index < REASON_COUNT && words[index] ? words[index] : words[REASON_INTERNAL];
}

enum reason reason_of_word(const char *word)
{
    for (unsigned index = 0; index < REASON_COUNT; index++) {
        if (words[index] && strcmp(words[index], word) == 0)
            return (enum reason)index;
    }
    return REASON_NONE;
}
