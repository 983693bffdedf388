/*
 * What the administrator wrote: /etc/c2m/authd.conf. One table (config_keys.c) is the grammar, the manual and
 * the test. Unknown sections, keys and values, duplicates and placeholders are errors with file, line, the
 * nearest known name and the cure; never a silent default.
 *
 * Only the top of the house includes this: what lies below takes plain parameters.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "login/policy.h"
#include "token/scopes.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum { CONFIG_PATH_SIZE = 256, CONFIG_TEXT_SIZE = 256, CONFIG_URL_SIZE = 512 };

enum { CONFIG_KEYS_MAX = 64 };

struct config {
    char file[CONFIG_PATH_SIZE];
    int lines
        [CONFIG_KEYS_MAX]; /* where each key of the table stands in it, for later complaints; 0: nowhere */
    /* [api] */
    char api_url[CONFIG_URL_SIZE];
    char api_ca[CONFIG_PATH_SIZE]; /* "": the system's */
    char api_proxy[CONFIG_URL_SIZE];
    int64_t requests_per_minute;
    /* [verify] */
    char issuer[CONFIG_TEXT_SIZE];
    /* exactly one of these four says where the keys come from */
    char key[CONFIG_PATH_SIZE];
    char secret[CONFIG_PATH_SIZE];
    char jwks[CONFIG_URL_SIZE];
    int64_t channel; /* 0 or 1 */
    char algorithm[48]; /* blank-separated; HS256 with a secret, "" with the channel */
    int64_t tolerance, max_lifetime; /* seconds */
    /* [login] and [service NAME] */
    struct policy policy;
    int64_t single_use; /* 0 or 1 */
    char client_secrets[CONFIG_PATH_SIZE]; /* "": none */
    char users[CONFIG_PATH_SIZE]; /* "": `users` beside the file */
    char long_forms[128];
    char scope_prefix[64];
    struct scopes request_scopes;
    int64_t unmapped_deny; /* 0 or 1 */
    int64_t refusal_floor_ms;
    /* [account] */
    int64_t account_unknown; /* enum account_unknown */
    /* [session] */
    int64_t stored; /* 0 or 1 */
    int64_t on_expiry_hangup; /* 0 or 1 */
    int64_t max_session; /* seconds; 0: no bound */
    /* [host] */
    char host_client[C2M_ID_MAX + 1];
    char host_key[CONFIG_PATH_SIZE]; /* "": it has none */
    int64_t host_es256; /* 0: RS256 */
    char host_key_id[CONFIG_TEXT_SIZE], host_audience[CONFIG_TEXT_SIZE],
        host_assertion_type[CONFIG_TEXT_SIZE];
    struct scopes host_scopes;
    int64_t host_ttl; /* seconds */
    /* [delivery] */
    struct scopes delivery_scopes;
    /* [revocation] */
    int64_t pasted_long_revoke;
    char seal_key[CONFIG_PATH_SIZE];
};

typedef void (*config_report)(void *argument, const char *sentence);

/*
 * Reads and checks FILE. Returns the number of errors, each reported in a sentence "FILE:LINE: what: cure";
 * negative errno when there is no memory. WARNINGS are reported with a leading "warning: " and not counted.
 */
int config_load(const char *file, struct config *out, config_report report, void *argument);
/* The line of a key outside of [service]; 0 when it is not in the file. */
int config_line(const struct config *config, const char *section, const char *name);

#endif
