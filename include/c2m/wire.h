/*
 * The contract of the helper's two sockets: operations, verdicts, texts by number, limits.
 *
 * AF_UNIX, SOCK_SEQPACKET, one host, native byte order: a message is one header and one body of fixed size, so
 * nothing is parsed. A field of text is an array with its length beside it; it is not terminated, may hold any
 * byte, and is checked by the receiver (c2m_text_ok). Bytes past the length are zero. Every size is asserted.
 *
 * A connection serves one operation. The client speaks first; the helper answers:
 *   AUTHENTICATE        -> (PROMPT <- ANSWER)* -> VERDICT
 *   ACCOUNT OPEN CLOSE  -> VERDICT
 *   STATUS              -> STATUS | VERDICT
 *   SESSIONS            -> SESSION* -> END | VERDICT
 *   REVOCATIONS         -> REVOCATION* -> END | VERDICT
 *   TOKEN               -> TOKEN | VERDICT
 *   ENROLL ROTATE       -> ENROLLED | VERDICT
 *   ENROLLED            -> ENROLLED* -> END | VERDICT
 *   UNENROLL            -> VERDICT
 *   EXPLAIN             -> RECORD* -> END | VERDICT
 *   METRICS             -> METRIC* -> END | VERDICT
 *   MISMATCHES          -> MISMATCH* -> END | VERDICT
 *   ADOPTABLE           -> ADOPTABLE | END | VERDICT
 *   ADOPT               -> VERDICT
 *   SESSION_END GIVE_UP PRESENCES_END -> VERDICT
 *
 * Versions: any change of a struct or of a number's meaning takes the next C2M_VERSION. A helper takes messages of its
 * own version, and CLOSE of the one before it, which it answers in that version: a program that loaded its module before
 * an upgrade closes what it opened. So CLOSE and its answer never change; what is asserted behind struct c2m_verdict
 * holds for every version. An operation that needs more than c2m_request gets a struct of its own.
 */
#ifndef C2M_WIRE_H
#define C2M_WIRE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define C2M_RUNTIME_DIR "/run/c2m"
#define C2M_PAM_SOCKET "pam.sock" /* root, 0600: PAM applications that run as root, administration */
#define C2M_USER_SOCKET "user.sock" /* root, 0666: users, each for himself */

enum {
    C2M_MAGIC = 0x43326d31,
    C2M_VERSION = 1,
    C2M_MESSAGE_MAX = 16384,
    C2M_NONCE_SIZE = 16,
    C2M_REFERENCE_SIZE = 8, /* hex digits, no terminator: names a login in texts, logs and commands */
    C2M_NAME_MAX = 62, /* a user's, a service's or a terminal's name */
    C2M_HOST_MAX = 254,
    C2M_ID_MAX = 126, /* a token's identifier, a client's */
    C2M_TOKEN_MAX = 8192, /* a token, or whatever was typed */
    C2M_RECORD_MAX = 4096, /* a line of the log */
    C2M_FIRST_ANSWER_MS = 2000, /* the helper's first answer takes local work only */
    C2M_DEADLINE_MS = 10000, /* from an ANSWER to the next message: the API may be asked */
    C2M_ENROLL_MS = 40000, /* from ENROLL or ROTATE to its answer: up to three requests */
};

/* Requests are below 100, answers above. Never renumber. */
enum c2m_operation {
    C2M_AUTHENTICATE = 1, /* body: c2m_request */
    C2M_ACCOUNT = 2, /* body: c2m_request */
    C2M_OPEN = 3, /* body: c2m_request */
    C2M_CLOSE = 4, /* body: c2m_request */
    C2M_ANSWER = 5, /* body: c2m_answer; only after a PROMPT */
    C2M_STATUS = 20, /* no body */
    C2M_SESSIONS = 21, /* no body; root sees all, a user his own */
    C2M_REVOCATIONS = 22, /* no body; root only */
    C2M_TOKEN = 23, /* body: c2m_token_request */
    C2M_SESSION_END = 24, /* body: c2m_session_end; root only: the session is over, its tokens are revoked */
    C2M_GIVE_UP = 25, /* no body: the same for the session in which the caller stands, and his terminals */
    C2M_ENROLL = 26, /* body: c2m_enroll; root only, as the next three */
    C2M_ROTATE = 27, /* body: c2m_enroll, of which the user counts */
    C2M_ENROLLED = 28, /* no body */
    C2M_UNENROLL = 29, /* body: c2m_enroll, of which the user counts */
    C2M_EXPLAIN = 30, /* body: c2m_explain; root only */
    C2M_METRICS = 31, /* no body; root only */
    C2M_ADOPTABLE = 32, /* no body; root only */
    C2M_ADOPT = 33, /* no body; root only: at the next start */
    C2M_MISMATCHES = 34, /* no body; root only */
    C2M_PRESENCES_END =
        35, /* body: c2m_presences_end; root only: sudo asks there, the tokens typed are revoked */
    C2M_PROMPT = 101, /* body: c2m_prompt */
    C2M_VERDICT = 102, /* body: c2m_verdict */
    C2M_STATUS_IS = 120, /* body: c2m_status */
    C2M_SESSION_IS = 121, /* body: c2m_session */
    C2M_REVOCATION_IS = 122, /* body: c2m_revocation */
    C2M_TOKEN_IS = 123, /* body: c2m_token */
    C2M_ENROLLED_IS = 124, /* body: c2m_enrolled */
    C2M_RECORD_IS = 125, /* body: c2m_record */
    C2M_METRIC_IS = 126, /* body: c2m_metric */
    C2M_ADOPTABLE_IS = 127, /* body: c2m_adoptable */
    C2M_MISMATCH_IS = 128, /* body: c2m_mismatch */
    C2M_END = 199, /* no body: the list is complete */
};

/* Far apart: no few flipped bits turn one into another, and no zeroed or freed memory is one of them. */
enum c2m_verdict_code {
    C2M_GRANTED = 0x5a17c6e3,
    C2M_DENIED = 0x2cd94b78, /* wrong, expired, revoked, cut, not a credential */
    C2M_FORBIDDEN = 0x71628f1d, /* genuine, but another user's, or a scope is missing */
    C2M_EXHAUSTED = 0x0bb5f2a6, /* too many failures */
    C2M_ENDED = 0x66e03895, /* account: the session is closed, its token revoked, the account suspended */
    C2M_UNAVAILABLE = 0x390e5dcb, /* an outage, never a refusal */
    C2M_IGNORE = 0x4773a132, /* not ours to judge */
};

/*
 * Texts travel as numbers; the module and c2mctl hold the words. Arguments are integers and the reference only,
 * so no byte of the API, a token or the configuration can reach a terminal.
 */
enum c2m_text {
    C2M_TEXT_NONE = 0,
    /* prompts */
    C2M_TEXT_ASK_TOKEN = 1, /* C2M token: */
    C2M_TEXT_ASK_TOKEN_OR_CODE = 2, /* C2M token or code: */
    C2M_TEXT_ASK_CODE = 3, /* C2M code: */
    C2M_TEXT_ASK_PART = 4, /* C2M token, part [0] of [1]: */
    /* reasons, shown before the next prompt or as an error */
    C2M_TEXT_NOT_ACCEPTED = 20, /* ref */
    C2M_TEXT_EXPIRED = 21, /* [0] minutes ago; ref */
    C2M_TEXT_SCOPE = 22, /* it lacks a scope that is needed here; ref */
    C2M_TEXT_CUT = 23, /* [0] characters arrived; ref */
    C2M_TEXT_WAIT = 24, /* too many attempts, [0] seconds */
    C2M_TEXT_UNREACHABLE = 25, /* ref */
    C2M_TEXT_ENDED = 26, /* the session is over or its token was revoked; ref */
    C2M_TEXT_TOO_OLD = 27, /* older than [0] minutes, issue a new one; ref */
    C2M_TEXT_UNSUPPORTED = 28, /* a kind of credential that is not accepted here; ref */
    C2M_TEXT_SUSPENDED = 29, /* account: the API calls it suspended; ref */
    C2M_TEXT_PART_AGAIN = 30, /* a token in parts over sshd's `password` method; ref */
    /* refusals of the commands */
    C2M_TEXT_NO_SESSION = 40, /* the caller stands in no session */
    C2M_TEXT_NO_DELIVERY = 41, /* [delivery] scopes is empty */
    C2M_TEXT_SHORT_SESSION = 42, /* opened with a pasted short token, which cannot be narrowed */
    C2M_TEXT_NOT_ROOT = 43, /* root only */
    C2M_TEXT_SESSION_EXPIRED = 44,
    C2M_TEXT_API_REFUSED = 45, /* the API refused to issue it; ref */
    C2M_TEXT_CONTAINER = 46, /* the caller lives in another pid namespace */
    C2M_TEXT_BUSY = 47, /* [0] seconds: the API's rate limit */
    C2M_TEXT_NOT_ENROLLED = 48, /* no long token is kept for that owner */
    C2M_TEXT_NO_CLIENT = 49, /* nobody says which client of the API the host is */
    C2M_TEXT_NO_HOST_KEY = 50, /* an assertion, and [host] key is not configured */
    C2M_TEXT_UNMAPPED = 51, /* that user has no client */
    C2M_TEXT_OTHER_CLIENT = 52, /* genuine, but of another client; ref */
    C2M_TEXT_NOT_GENUINE = 53, /* what it yields is not accepted here; ref */
    C2M_TEXT_OVERTAKEN = 54, /* another enrollment or a removal was faster */
    C2M_TEXT_NOT_SET_ASIDE = 55, /* there is no other machine's state */
};

struct c2m_header {
    uint32_t magic;
    uint16_t version;
    uint16_t operation; /* enum c2m_operation */
    uint32_t length; /* of the body that follows */
    uint8_t nonce[C2M_NONCE_SIZE]; /* the client's, of its first message; every answer repeats it */
};
static_assert(sizeof(struct c2m_header) == 28, "wire");

struct c2m_name {
    uint16_t length;
    char bytes[C2M_NAME_MAX];
};
static_assert(sizeof(struct c2m_name) == 64, "wire");

struct c2m_host {
    uint16_t length;
    char bytes[C2M_HOST_MAX];
};
static_assert(sizeof(struct c2m_host) == 256, "wire");

struct c2m_id {
    uint16_t length;
    char bytes[C2M_ID_MAX];
};
static_assert(sizeof(struct c2m_id) == 128, "wire");

struct c2m_secret { /* wipe after use */
    uint16_t length;
    char bytes[C2M_TOKEN_MAX];
};
static_assert(sizeof(struct c2m_secret) == 8194, "wire");

enum c2m_request_flag {
    C2M_CAN_ASK = 1, /* the application has a conversation */
    C2M_REUSE = 2, /* root's pam.d line allows presence without a prompt */
    C2M_CARRIED = 4, /* the answer was typed already: the helper restarted during the prompt */
};

#define C2M_NO_UID UINT32_MAX

struct c2m_request {
    uint32_t flags; /* enum c2m_request_flag */
    uint32_t
        uid; /* of user, as root's module resolved it; C2M_NO_UID: there is no such user, who may only be refused */
    uint32_t deadline_ms; /* from an ANSWER to the verdict */
    uint32_t reserved; /* zero */
    struct c2m_name service;
    struct c2m_name user;
    struct c2m_name ruser;
    struct c2m_name tty;
    struct c2m_host rhost;
};
static_assert(sizeof(struct c2m_request) == 528, "wire");

struct c2m_answer {
    struct c2m_secret typed;
};
static_assert(sizeof(struct c2m_answer) == 8194, "wire");

struct c2m_prompt {
    uint32_t prompt; /* enum c2m_text: what to ask */
    uint32_t reason; /* enum c2m_text: why the last attempt failed, or NONE; also sent as an error message */
    uint32_t prompt_argument[2];
    uint32_t reason_argument[2];
    char reference[C2M_REFERENCE_SIZE];
};
static_assert(sizeof(struct c2m_prompt) == 32, "wire");

struct c2m_verdict {
    uint32_t verdict; /* enum c2m_verdict_code */
    uint32_t operation; /* of the request that it answers */
    uint32_t reason; /* enum c2m_text, or NONE */
    uint32_t reason_argument[2];
    uint32_t prompted; /* prompts that belonged to it */
    char reference[C2M_REFERENCE_SIZE]; /* zero when there is none */
};
static_assert(sizeof(struct c2m_verdict) == 32, "wire");

/* What CLOSE is made of, for ever; and all that c2m_request and enum c2m_verdict_code say, besides. */
static_assert(C2M_MAGIC == 0x43326d31 && C2M_CLOSE == 4 && C2M_VERDICT == 102, "never to change");
static_assert(offsetof(struct c2m_header, version) == 4 && offsetof(struct c2m_header, operation) == 6 &&
                  offsetof(struct c2m_header, length) == 8 && offsetof(struct c2m_header, nonce) == 12,
    "never to change");
static_assert(offsetof(struct c2m_request, uid) == 4 && offsetof(struct c2m_request, service) == 16 &&
                  offsetof(struct c2m_request, user) == 80 && offsetof(struct c2m_request, ruser) == 144 &&
                  offsetof(struct c2m_request, tty) == 208 && offsetof(struct c2m_request, rhost) == 272,
    "never to change");
static_assert(C2M_GRANTED == 0x5a17c6e3 && C2M_UNAVAILABLE == 0x390e5dcb && C2M_IGNORE == 0x4773a132 &&
                  offsetof(struct c2m_verdict, verdict) == 0 && offsetof(struct c2m_verdict, operation) == 4,
    "never to change");

/* Why a request to the API came to nothing. Never renumber. */
enum c2m_api_why {
    C2M_API_WELL = 0, /* it was answered, as the API does */
    C2M_API_NAME = 1, /* its host's name cannot be resolved */
    C2M_API_CONNECTION = 2, /* refused, or no route */
    C2M_API_PROXY = 3, /* the proxy's name, no connection to it, or it refuses */
    C2M_API_CERTIFICATE = 4, /* its authority, or whatever else is wrong with it */
    C2M_API_TLS = 5, /* protocol, ciphers */
    C2M_API_TIMEOUT = 6,
    C2M_API_BROKEN = 7, /* the connection or the answer broke off */
    C2M_API_NOT_JSON = 8, /* an answer that is not the API's: a portal's, a firewall's, another server's */
    C2M_API_CERTIFICATE_NAME = 9, /* it is another host's */
    C2M_API_CERTIFICATE_DATES = 10, /* it is over, or not yet valid */
};

struct c2m_status {
    int64_t started; /* wall clock, seconds */
    int64_t last_answer; /* of the API, wall clock; 0: none yet */
    uint32_t api_state; /* 0 not asked yet, 1 answers, 2 does not */
    uint32_t api_rtt_us; /* of the last answer */
    uint32_t sessions; /* active */
    uint32_t pending_logins;
    uint32_t revocations_pending;
    uint32_t revocations_unrevocable;
    uint64_t requests_sent;
    struct c2m_name helper_version;
    uint32_t api_why; /* enum c2m_api_why: of the last request */
    uint32_t api_status; /* HTTP, of the last request; 0: there was no answer */
};
static_assert(sizeof(struct c2m_status) == 120, "wire");

enum c2m_session_state { C2M_SESSION_PENDING = 1, C2M_SESSION_ACTIVE = 2, C2M_SESSION_CLOSED = 3 };
enum c2m_credential_form {
    C2M_FORM_SHORT = 1,
    C2M_FORM_LONG = 2,
    C2M_FORM_CODE = 3,
    C2M_FORM_SECRET = 4,
    C2M_FORM_STORED = 5, /* nothing was typed: a token that is kept for the user serves his session */
};

struct c2m_session {
    int64_t opened; /* wall clock */
    int64_t expires; /* wall clock: of the session's current token */
    uint32_t uid;
    uint32_t state; /* enum c2m_session_state */
    uint32_t form; /* enum c2m_credential_form */
    uint32_t opener_pid;
    uint32_t audit_id;
    uint32_t sudo_uses;
    uint32_t tokens; /* that it holds */
    char reference[C2M_REFERENCE_SIZE];
    char token_hash[C2M_REFERENCE_SIZE]; /* first hex digits of the current token's SHA-256 */
    uint32_t reserved;
    uint64_t opener_start; /* ticks since boot: the opener is this process, not the next one of its pid */
    struct c2m_name user;
    struct c2m_name service;
    struct c2m_name tty;
    struct c2m_host rhost;
};
static_assert(sizeof(struct c2m_session) == 520, "wire");

enum c2m_revocation_state {
    C2M_REVOCATION_PENDING = 1,
    C2M_REVOCATION_DONE = 2,
    C2M_REVOCATION_EXPIRED = 3, /* the token ran out before the API could be told */
    C2M_REVOCATION_UNREVOCABLE = 4, /* no bearer may do it; the token dies at its expiry */
};

struct c2m_revocation {
    int64_t asked; /* wall clock */
    int64_t settled; /* wall clock; 0 while pending */
    int64_t expires; /* of the token */
    int64_t next_try; /* wall clock; 0 when settled */
    uint32_t state; /* enum c2m_revocation_state */
    uint32_t tries;
    uint32_t last_status; /* HTTP, 0 when there was no answer */
    uint32_t kind; /* 1 short, 2 long */
    char reference[C2M_REFERENCE_SIZE]; /* of the session */
    char token_hash[C2M_REFERENCE_SIZE];
    struct c2m_name user;
    struct c2m_name word; /* how it ended, or why it waits: a word of the log */
    struct c2m_id token_id;
};
static_assert(sizeof(struct c2m_revocation) == 320, "wire");

struct c2m_session_end {
    char reference[C2M_REFERENCE_SIZE];
};
static_assert(sizeof(struct c2m_session_end) == 8, "wire");

/* The presences by terminal; reason_argument[0] of the verdict says how many there were. */
struct c2m_presences_end {
    struct c2m_name user; /* empty: everybody's */
};
static_assert(sizeof(struct c2m_presences_end) == 64, "wire");

struct c2m_token_request {
    uint32_t min_ttl; /* seconds that the token must still live */
    uint32_t reserved;
};
static_assert(sizeof(struct c2m_token_request) == 8, "wire");

/* How a kept long token came to be, which is how the next one will. */
enum c2m_enroll_way {
    C2M_ENROLL_TOKEN = 1, /* it was given; a short one of it with tokens:write issues the next */
    C2M_ENROLL_CODE = 2, /* a one-time code issued it; the next one as above */
    C2M_ENROLL_SECRET = 3, /* the client's secret, which is kept sealed */
    C2M_ENROLL_ASSERTION = 4, /* a key of the host: [host] key */
};

struct c2m_enroll {
    uint32_t way; /* enum c2m_enroll_way */
    struct c2m_name user; /* empty: the host itself */
    struct c2m_id client; /* empty: what the configuration, the map or the token says */
    struct c2m_secret credential; /* what WAY says; empty with an assertion */
    uint8_t reserved[2];
};
static_assert(sizeof(struct c2m_enroll) == 8392, "wire");

struct c2m_enrolled {
    int64_t since; /* wall clock */
    int64_t expires; /* 0: nobody said */
    uint32_t way;
    uint32_t flags; /* enum c2m_enrolled_flag */
    char token_hash[C2M_REFERENCE_SIZE];
    struct c2m_name user; /* empty: the host */
    struct c2m_id client;
};
static_assert(sizeof(struct c2m_enrolled) == 224, "wire");

enum c2m_enrolled_flag {
    C2M_ENROLLED_NO_ID = 1, /* nobody said its identifier: it cannot be revoked */
};

struct c2m_explain {
    char reference[C2M_REFERENCE_SIZE]; /* or its beginning, zeros behind it */
};
static_assert(sizeof(struct c2m_explain) == 8, "wire");

/* A line of the log that names a login. The first of a list has no reference and no text. */
struct c2m_record {
    int64_t at; /* wall clock; of the first: since when all such lines are still known */
    uint32_t level; /* of syslog, 3 to 7 */
    uint16_t reserved;
    uint16_t length;
    char text[C2M_RECORD_MAX]; /* printable */
    char reference[C2M_REFERENCE_SIZE];
};
static_assert(sizeof(struct c2m_record) == 4120, "wire");

/* The names of the labels and the units are c2mctl's table (metrics.c). Never renumber. */
enum c2m_metric_family {
    C2M_METRIC_BUILD = 1, /* version */
    C2M_METRIC_STARTED = 2, /* wall clock */
    C2M_METRIC_LOGINS = 3, /* service, verdict, reason */
    C2M_METRIC_LOGIN_BUCKET = 4, /* at most so many seconds */
    C2M_METRIC_LOGIN_SUM = 5, /* microseconds */
    C2M_METRIC_LOGIN_COUNT = 6,
    C2M_METRIC_API_REQUESTS = 7, /* endpoint, code */
    C2M_METRIC_SESSIONS = 8, /* state */
    C2M_METRIC_PENDING = 9,
    C2M_METRIC_UNREVOCABLE = 10,
    C2M_METRIC_OLDEST = 11, /* seconds */
    C2M_METRIC_BUDGET = 12,
    C2M_METRIC_BUDGET_USED = 13,
    C2M_METRIC_BUDGET_HELD = 14, /* seconds */
    C2M_METRIC_RESERVE = 15,
    C2M_METRIC_API_UP = 16,
    C2M_METRIC_CLOCK_OFFSET = 17, /* seconds */
    C2M_METRIC_THROTTLED = 18, /* lane */
    C2M_METRIC_JWKS_AGE = 19, /* seconds */
};

struct c2m_metric {
    int64_t value;
    uint32_t family; /* enum c2m_metric_family */
    uint32_t reserved;
    struct c2m_name labels[3];
};
static_assert(sizeof(struct c2m_metric) == 208, "wire");

/* What came from outside and is not what is expected here. Never renumber. */
enum c2m_mismatch_kind {
    C2M_MISMATCH_ISSUER = 0, /* iss, of a token whose signature is good */
    C2M_MISMATCH_AUDIENCE = 1, /* aud, blank-separated; of such a token, too */
    C2M_MISMATCH_KEY = 2, /* kid, of whatever was typed */
    C2M_MISMATCH_CERTIFICATE = 3, /* the names in a certificate that is for another host than the API's */
    C2M_MISMATCH_UNSET_AUDIT = 4, /* the service whose last session was opened without an audit session id */
};
enum { C2M_MISMATCH_KINDS = 5 };

/* The last one of its kind since the start. */
struct c2m_mismatch {
    uint32_t kind; /* enum c2m_mismatch_kind */
    uint32_t reserved;
    struct c2m_id text; /* printable, without quotes; "...": there was more of it */
};
static_assert(sizeof(struct c2m_mismatch) == 136, "wire");

/* What another machine's state holds, which was set aside. */
struct c2m_adoptable {
    uint32_t sessions;
    uint32_t tokens;
    uint32_t revocations; /* pending */
    uint32_t enrolled;
    uint32_t denied;
    uint32_t ordered; /* 1: the next start takes it over */
    struct c2m_name name; /* of the file */
};
static_assert(sizeof(struct c2m_adoptable) == 88, "wire");

struct c2m_token {
    int64_t expires; /* wall clock */
    struct c2m_secret token;
    uint8_t reserved[6];
};
static_assert(sizeof(struct c2m_token) == 8208, "wire");

#endif
