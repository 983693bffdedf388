/* [service NAME] takes what [login] says, unless it says otherwise: its rule starts as a copy. */
#include "config_keys.h"

#include <assert.h>

#define AT(section, name, kind, field, preset, choices, low, high, meaning) \
    {section, name, kind, offsetof(struct config, field), sizeof((struct config *)0)->field, preset, \
        choices, low, high, meaning}
#define RULE(section, name, kind, base, field, preset, low, high, meaning) \
    {section, name, kind, (base) + offsetof(struct policy_rule, field), \
        sizeof((struct policy_rule *)0)->field, preset, NULL, low, high, meaning}

enum { LOGIN_RULE = offsetof(struct config, policy.login), DAY = 24 * 3600 };

const struct config_key config_keys[] = {
    AT("api", "url", CONFIG_URL, api_url, NULL, NULL, 0, 0,
        "base URL of the C2M API, with its prefix if it has one"),
    AT("api", "ca", CONFIG_PATH, api_ca, "", NULL, 0, 0,
        "PEM file of the authorities that may sign its certificate; the system's by default"),
    AT("api", "proxy", CONFIG_TEXT, api_proxy, "", NULL, 0, 0, "HTTP proxy; the environment is not read"),
    AT("api", "requests_per_minute", CONFIG_INTEGER, requests_per_minute, "60", NULL, 1, 10000,
        "most requests a minute; the strictest service allows 10"),
    AT("verify", "issuer", CONFIG_TEXT, issuer, NULL, NULL, 0, 0, "the iss claim, exact"),
    AT("verify", "key", CONFIG_PATH, key, "", NULL, 0, 0,
        "file of the public key that signs short tokens, in PEM or as a JWK"),
    AT("verify", "jwks", CONFIG_URL, jwks, "", NULL, 0, 0, "URL of the set of keys that sign short tokens"),
    AT("verify", "secret", CONFIG_PATH, secret, "", NULL, 0, 0,
        "file of the secret that signs short tokens by HS256"),
    AT("verify", "channel", CONFIG_CHOICE, channel, "no", "no yes", 0, 0,
        "no key is published: exchanged tokens are trusted because the API itself sent them"),
    AT("verify", "algorithm", CONFIG_ALGORITHM, algorithm, "", "RS256 PS256 ES256 EdDSA", 0, 0,
        "the algorithm of the key, or those of the set"),
    AT("verify", "tolerance", CONFIG_DURATION, tolerance, "30s", NULL, 0, 300, "how far clocks may be apart"),
    AT("verify", "max_lifetime", CONFIG_DURATION, max_lifetime, "1h", NULL, 60, DAY,
        "longest life of a short token"),
    RULE("login", "accept", CONFIG_ACCEPT, LOGIN_RULE, accept, "short long", 0, 0,
        "which credentials log in: short long, or none"),
    RULE("login", "required_scopes", CONFIG_REQUIRED, LOGIN_RULE, required, "", 0, 0,
        "scopes that a token must hold to log in, all of them; or any"),
    RULE("login", "audience", CONFIG_TEXT, LOGIN_RULE, audience, "", 0, 0,
        "the aud claim that a token must carry"),
    RULE("login", "max_age", CONFIG_DURATION, LOGIN_RULE, max_age, "0s", 0, 90L * DAY,
        "oldest token that may be typed, counted from iat; 0: no limit"),
    AT("login", "users", CONFIG_PATH, users, "", NULL, 0, 0,
        "the map of users and clients; `users` beside this file by default"),
    AT("login", "client_secrets", CONFIG_PATH, client_secrets, "", NULL, 0, 0,
        "file of `client-id = secret` lines, for a service that asks for the secret beside a code"),
    AT("login", "long_forms", CONFIG_TEXT, long_forms, "lt_ ltk_", NULL, 0, 0,
        "prefixes of opaque long-term tokens"),
    AT("login", "scope_prefix", CONFIG_TEXT, scope_prefix, "", NULL, 0, 0,
        "prefix of scopes inside tokens, such as c2m-api/"),
    AT("login", "request_scopes", CONFIG_SCOPES, request_scopes, "", NULL, 0, 0,
        "scopes that an exchange asks for; the long token's own by default"),
    AT("login", "unmapped", CONFIG_CHOICE, unmapped_deny, "ignore", "ignore deny", 0, 0,
        "what a user without a line in the map gets"),
    AT("login", "refusal_floor", CONFIG_MS, refusal_floor_ms, "2s", NULL, 0, 5000,
        "with unmapped = deny: no refusal is faster"),
    RULE("service", "accept", CONFIG_ACCEPT, 0, accept, NULL, 0, 0,
        "as in [login], for this PAM service; none: it is not ours"),
    RULE("service", "required_scopes", CONFIG_REQUIRED, 0, required, NULL, 0, 0, "replaces [login]'s"),
    RULE("service", "audience", CONFIG_TEXT, 0, audience, NULL, 0, 0, "replaces [login]'s"),
    RULE("service", "max_age", CONFIG_DURATION, 0, max_age, NULL, 0, 90L * DAY, "replaces [login]'s"),
    RULE("service", "reuse", CONFIG_MS, 0, reuse_ms, NULL, 0, 15L * 60 * 1000,
        "[service sudo] and [service sudo-i] only: how long a proof of presence serves without a prompt"),
    AT("account", "unknown", CONFIG_CHOICE, account_unknown_deny, "ignore", "ignore deny", 0, 0,
        "acct_mgmt of a mapped user without a session (public key, cron)"),
    AT("session", "stored", CONFIG_CHOICE, stored, "no", "no yes", 0, 0,
        "a session that a public key opened is served by the token that c2mctl enroll keeps for its user"),
    AT("host", "client", CONFIG_TEXT, host_client, "", NULL, 0, 0,
        "the client of the API that this host itself is, for c2mctl enroll"),
    AT("host", "key", CONFIG_PATH, host_key, "", NULL, 0, 0,
        "file of its private key, in PEM, which signs the assertions of c2mctl enroll --assertion"),
    AT("host", "algorithm", CONFIG_CHOICE, host_es256, "RS256", "RS256 ES256", 0, 0,
        "the algorithm of that key"),
    AT("host", "key_id", CONFIG_TEXT, host_key_id, "", NULL, 0, 0,
        "the kid under which the service knows the key"),
    AT("host", "audience", CONFIG_TEXT, host_audience, "", NULL, 0, 0,
        "the aud of an assertion; [api] url by default"),
    AT("host", "assertion_type", CONFIG_TEXT, host_assertion_type,
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", NULL, 0, 0, "the kind of assertion, a URN"),
    AT("host", "scopes", CONFIG_SCOPES, host_scopes, "", NULL, 0, 0,
        "scopes of the host's long token; the client's own by default"),
    AT("host", "ttl", CONFIG_DURATION, host_ttl, "30d", NULL, 3600, (int64_t)90 * DAY,
        "life that is asked for each long token that c2mctl enroll and rotate issue"),
    AT("delivery", "scopes", CONFIG_SCOPES, delivery_scopes, "", NULL, 0, 0,
        "scopes of the tokens that c2mctl token prints; empty: none are"),
    AT("revocation", "pasted_long", CONFIG_CHOICE, pasted_long_revoke, "keep", "keep revoke", 0, 0,
        "what becomes of a pasted long token at logout"),
    AT("revocation", "seal_key", CONFIG_PATH, seal_key, "/etc/c2m/seal.key", NULL, 0, 0,
        "32 random bytes that seal bearers at rest"),
};
static_assert(sizeof config_keys / sizeof config_keys[0] <= CONFIG_KEYS_MAX, "the lines of each");
const size_t config_key_count = sizeof config_keys / sizeof config_keys[0];
