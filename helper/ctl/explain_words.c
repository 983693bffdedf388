/*
 * One row for each word of the helper's log (base/reason.c); tests/integration/manual.sh holds that none is missing.
 */
#include "explain_words.h"

#include <stddef.h>
#include <string.h>

static const struct explain_word words[] = {
    /* A table, a row a line. */
    /* clang-format off */
    {"none", CHECK_NONE, "no reason"},
    {"credential", CHECK_COUNT, "a credential was given here"},
    {"session", CHECK_NONE, "the login session proves presence, nobody was asked"},
    {"terminal", CHECK_NONE, "a credential was typed at this terminal shortly before"},
    {"live", CHECK_NONE, "the login is alive"},
    {"empty", CHECK_FORM, "nothing was typed"},
    {"not_credential", CHECK_FORM, "what was typed looks like no credential; it did not leave this host"},
    {"form_not_accepted", CHECK_FORM, "a kind of credential that accept= does not list here"},
    {"cut", CHECK_FORM, "the token arrived cut, at a length where programs cut"},
    {"too_long", CHECK_FORM, "longer than any token"},
    {"parts", CHECK_FORM, "the parts of a token do not make one"},
    {"part_again", CHECK_FORM, "the first part came twice: sshd's password method cannot carry parts"},
    {"malformed", CHECK_GENUINE, "no JWT in canonical form"},
    {"json", CHECK_GENUINE, "header or payload is no strict JSON"},
    {"algorithm", CHECK_GENUINE, "not the algorithm of the key"},
    {"header", CHECK_GENUINE, "its header carries what none of ours may"},
    {"unknown_key", CHECK_GENUINE, "signed by a key that is not published"},
    {"no_keys", CHECK_GENUINE, "the published keys cannot be fetched: an outage"},
    {"signature", CHECK_GENUINE, "the signature is wrong"},
    {"claim", CHECK_GENUINE, "a claim is missing or of the wrong type"},
    {"issuer", CHECK_GENUINE, "of another issuer"},
    {"expired", CHECK_GENUINE, "the token has expired"},
    {"not_yet", CHECK_GENUINE, "the token is not valid yet: compare the clocks"},
    {"token_type", CHECK_GENUINE, "of another token type"},
    {"lifetime", CHECK_GENUINE, "it lives longer than max_lifetime"},
    {"unmapped", CHECK_USER, "the user has no line in the map of users"},
    {"subject", CHECK_USER, "the token is another user's"},
    {"scope", CHECK_POLICY, "the token lacks a required scope"},
    {"audience", CHECK_POLICY, "the token is meant for another audience"},
    {"too_old", CHECK_POLICY, "the token is older than max_age"},
    {"revoked", CHECK_ALIVE, "the token was revoked on this host"},
    {"ours", CHECK_ALIVE, "the helper obtained this token itself: it proves nothing"},
    {"no_token_id", CHECK_POLICY, "the token has no identifier, so it could not be revoked"},
    {"service_off", CHECK_ASKED, "the service takes no tokens: accept = none"},
    {"no_conversation", CHECK_ASKED, "the application could ask nobody"},
    {"throttled", CHECK_GUESSES, "too many failures of that user from there"},
    {"api_refused", CHECK_EXCHANGE, "the API refused it"},
    {"api_forbidden", CHECK_EXCHANGE, "the API forbids it"},
    {"suspended", CHECK_EXCHANGE, "the account is suspended at the API"},
    {"api_limited", CHECK_EXCHANGE, "the rate limit is reached: an outage"},
    {"api_unreachable", CHECK_EXCHANGE, "the API is unreachable: an outage"},
    {"api_timeout", CHECK_EXCHANGE, "the API did not answer in time: an outage"},
    {"api_tls", CHECK_EXCHANGE, "the API's certificate is not good: an outage"},
    {"api_error", CHECK_EXCHANGE, "the API answered with an error: an outage"},
    {"api_nonsense", CHECK_EXCHANGE, "the API's answer makes no sense: an outage"},
    {"store", CHECK_RECORDED, "the state cannot be written: an outage"},
    {"deadline", CHECK_NONE, "it took too long: an outage"},
    {"full", CHECK_RECORDED, "too many logins or tokens at once: an outage"},
    {"protocol", CHECK_NONE, "the application broke the protocol"},
    {"not_allowed", CHECK_ASKED, "the caller may not ask that"},
    {"foreign_namespace", CHECK_ASKED, "the caller lives in a container of its own"},
    {"unknown_name", CHECK_ASKED, "root's module never spoke of that user"},
    {"peer_gone", CHECK_NONE, "the application went away"},
    {"internal", CHECK_NONE, "memory was short, or worse: an outage"},
    {"no_login", CHECK_NONE, "there is no such login"},
    {"opened", CHECK_NONE, "the session was opened"},
    {"logout", CHECK_NONE, "logged out"},
    {"ended", CHECK_NONE, "root ended it: c2mctl sessions end"},
    {"given_up", CHECK_NONE, "its user gave it up: c2mctl revoke"},
    {"opener_died", CHECK_NONE, "the process that opened it ended without closing it"},
    {"never_opened", CHECK_NONE, "it was granted and never opened"},
    {"reboot", CHECK_NONE, "the machine was restarted"},
    {"session_closed", CHECK_NONE, "the session is over"},
    {"stale_proof", CHECK_NONE, "the last proof is older than reuse="},
    {"no_reuse", CHECK_NONE, "reuse is not set, or not on the line of pam.d"},
    {"no_terminal", CHECK_NONE, "no terminal, or a job in its background"},
    {"not_standing", CHECK_NONE, "the caller stands in no session"},
    {"ran_out", CHECK_NONE, "the session's token has merely expired"},
    {"max_session", CHECK_NONE, "the session is older than max_session"},
    {"hung_up", CHECK_NONE, "the login's process has ended by our signal"},
    {"still_there", CHECK_NONE, "the login's process is still there"},
    {"no_delivery", CHECK_NONE, "no token is delivered: [delivery] scopes is empty"},
    {"short_session", CHECK_NONE, "opened with a short token, which cannot be narrowed"},
    {"too_wide", CHECK_NONE, "the API returned more than was asked for"},
    {"not_enrolled", CHECK_NONE, "no long token is kept of it"},
    {"overtaken", CHECK_NONE, "another enrollment or a removal was faster"},
    {"no_client", CHECK_NONE, "nobody says which client of the API it is"},
    {"adopted", CHECK_NONE, "the next start takes over what was set aside"},
    {"not_set_aside", CHECK_NONE, "no other machine's state was set aside"},
    {"asked", CHECK_NONE, "the API is being asked"},
    {"done", CHECK_NONE, "the API says that it is dead"},
    {"done_before", CHECK_NONE, "the API's answer proves that it was dead"},
    {"expired_first", CHECK_NONE, "it expired before the API could be told"},
    {"no_bearer", CHECK_NONE, "no token is left that may revoke it"},
    {"insufficient_scope", CHECK_NONE, "every token that could revoke it lacks the scope"},
    {"retry", CHECK_NONE, "the API did not confirm it, it is asked again"},
    /* clang-format on */
};

const struct explain_word *explain_word(const char *word)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, word) == 0)
            return &words[i];
    return NULL;
}

const char *explain_check(enum check check)
{
    static const char *const names[CHECK_COUNT] = {[CHECK_NONE] = "none",
        [CHECK_ASKED] = "ours",
        [CHECK_FORM] = "form",
        [CHECK_GUESSES] = "guesses",
        [CHECK_EXCHANGE] = "exchange",
        [CHECK_GENUINE] = "genuine",
        [CHECK_ALIVE] = "alive",
        [CHECK_USER] = "user",
        [CHECK_POLICY] = "policy",
        [CHECK_RECORDED] = "recorded"};
    return names[check];
}
