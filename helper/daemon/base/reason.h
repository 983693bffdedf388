/*
 * Why something ended as it did: the one list of words that logs, receipts and tests share. A word is part of
 * the program's contract: it is documented in c2m-authd(8) and never changes its meaning.
 */
#ifndef BASE_REASON_H
#define BASE_REASON_H

enum reason {
    REASON_NONE,
    /* granted */
    REASON_CREDENTIAL, /* a credential typed at this prompt */
    REASON_SESSION, /* the session proves presence */
    REASON_TERMINAL, /* a credential typed at this terminal before */
    REASON_LIVE, /* account: the login or session is alive */
    /* what was typed */
    REASON_EMPTY,
    REASON_NOT_CREDENTIAL, /* looks like nothing that leaves this host */
    REASON_FORM_NOT_ACCEPTED, /* a credential, of a kind that `accept` does not list */
    REASON_CUT, /* an incomplete token at a length that programs cut at */
    REASON_TOO_LONG,
    REASON_PARTS, /* the parts of a token do not make one: mixed, lost, out of order, another hash */
    REASON_PART_AGAIN, /* the first part twice: sshd's `password` method */
    /* is it genuine */
    REASON_MALFORMED, /* not three parts of canonical base64url */
    REASON_JSON, /* header or payload is no strict JSON object */
    REASON_ALGORITHM, /* not the one that the key is pinned to */
    REASON_HEADER, /* crit, b64, jwk, jku, x5u, x5c, zip */
    REASON_UNKNOWN_KEY, /* none of the keys that are published, or that are ours */
    REASON_NO_KEYS, /* nobody could be asked for the key that it names: an outage */
    REASON_SIGNATURE,
    REASON_CLAIM, /* a claim is missing or of the wrong type */
    REASON_ISSUER,
    REASON_EXPIRED,
    REASON_NOT_YET, /* nbf or iat in the future */
    REASON_TOKEN_TYPE,
    REASON_LIFETIME, /* exp - iat beyond max_lifetime */
    /* is it this user, may it */
    REASON_UNMAPPED,
    REASON_SUBJECT, /* another user's client */
    REASON_SCOPE,
    REASON_AUDIENCE,
    REASON_TOO_OLD, /* iat beyond max_age */
    REASON_REVOKED, /* on the deny list */
    REASON_OURS, /* delivered, obtained or kept by this helper: never a proof */
    REASON_NO_TOKEN_ID,
    REASON_SERVICE_OFF, /* accept = none */
    REASON_NO_CONVERSATION,
    REASON_THROTTLED,
    /* the API */
    REASON_API_REFUSED, /* 401, or 400 invalid_grant */
    REASON_API_FORBIDDEN, /* 403 with a code of the API's */
    REASON_SUSPENDED,
    REASON_API_LIMITED, /* 429, or the budget is spent */
    REASON_API_UNREACHABLE,
    REASON_API_TIMEOUT,
    REASON_API_TLS,
    REASON_API_ERROR, /* 5xx, another 4xx */
    REASON_API_NONSENSE, /* an answer that is none */
    /* this host */
    REASON_STORE, /* the state cannot be written */
    REASON_DEADLINE,
    REASON_FULL, /* too many connections or logins */
    REASON_PROTOCOL,
    REASON_NOT_ALLOWED, /* the peer may not ask that */
    REASON_FOREIGN_NAMESPACE,
    REASON_UNKNOWN_NAME, /* user.sock: a name that root's module never spoke of */
    REASON_PEER_GONE,
    REASON_INTERNAL, /* memory, an impossible state */
    /* sessions */
    REASON_NO_LOGIN, /* open, close or account without one */
    REASON_OPENED,
    REASON_LOGOUT, /* close_session */
    REASON_ENDED, /* c2mctl sessions end, by root */
    REASON_GIVEN_UP, /* c2mctl revoke, by its user */
    REASON_OPENER_DIED,
    REASON_NEVER_OPENED,
    REASON_REBOOT,
    REASON_SESSION_CLOSED,
    REASON_STALE_PROOF, /* beyond reuse */
    REASON_NO_REUSE, /* not configured, or not on root's line */
    REASON_NO_TERMINAL,
    REASON_NOT_STANDING, /* no session that the caller stands in */
    REASON_RAN_OUT, /* the session's token merely expired */
    REASON_MAX_SESSION, /* the session is older than [session] max_session */
    REASON_HUNG_UP, /* the login's process has ended by our signal */
    REASON_STILL_THERE, /* it has not */
    REASON_NO_DELIVERY,
    REASON_SHORT_SESSION,
    REASON_TOO_WIDE, /* the API returned more than was asked for */
    /* what is kept */
    REASON_NOT_ENROLLED, /* nothing is kept of that owner */
    REASON_OVERTAKEN, /* another enrollment of that owner, or its removal, was faster */
    REASON_NO_CLIENT, /* nobody says which client of the API it is */
    /* another machine's state */
    REASON_ADOPTED, /* the next start takes it over */
    REASON_NOT_SET_ASIDE, /* there is none */
    /* revocations */
    REASON_ASKED,
    REASON_DONE,
    REASON_DONE_BEFORE, /* 404 or 401 that proves it dead */
    REASON_EXPIRED_FIRST,
    REASON_NO_BEARER,
    REASON_INSUFFICIENT_SCOPE,
    REASON_RETRY,
    REASON_COUNT,
};

/* The word, such as "not_credential": lower case, digits and '_' only. Never NULL. */
const char *reason_word(enum reason reason);
/* The reason of a word read back from the store; REASON_NONE when it is not one. */
enum reason reason_of_word(const char *word);

#endif
