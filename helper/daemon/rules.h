/* What a reload replaces as a whole: the keys, the map, the policy, the options of logins. All or nothing. */
#ifndef RULES_H
#define RULES_H

#include "config.h"
#include "login/parts.h"
#include "base/vault.h"
#include "token/keyset.h"

struct rules {
    struct config config;
    struct keyset *keyset; /* until the verifier takes it */
    struct user_map *user_map;
    struct client_secrets *client_secrets;
    struct vault *vault; /* until the daemon takes it at its start; a reload only sees that it would open */
    struct login_options options;
    struct host_options host;
};

/*
 * Loads the files that CONFIG names, also one that has errors (what it does not name is passed over): all there is to
 * mend is told in one run. A negative errno; each error is reported in a sentence with its cure.
 */
int rules_new(const struct config *config, config_report report, void *argument, struct rules **out);
void rules_free(struct rules *rules);
/* For the verifier; the strings live as long as RULES. */
void rules_verifier_options(const struct rules *rules, struct verifier_options *out);

#endif
