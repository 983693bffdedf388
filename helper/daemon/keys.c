/* The verifier never asks where its keys are from; what is fetched is given to it here. */
#include "keys.h"

#include "base/cleanup.h"

static void on_keys(void *argument, struct keyset *keyset)
{
    const struct login_parts *parts = argument;
    verifier_set_keyset(parts->verifier, keyset);
}

/* NULL when the keys are no set that is published. */
static int fetcher(
    struct login_parts *parts, struct http *http, const struct config *config, struct jwks **out)
{
    *out = NULL;
    if (!config->jwks[0])
        return 0;
    return jwks_new(parts->loop, http, parts->store, config->jwks, config->algorithm, out);
}

int keys_new(struct login_parts *parts, struct http *http, struct rules *rules)
{
    struct verifier_options options;
    rules_verifier_options(rules, &options);
    int r = verifier_new(&options, rules->keyset, &parts->verifier);
    if (r < 0)
        return r;
    rules->keyset = NULL;
    verifier_set_mismatches(parts->verifier, parts->mismatches);
    r = fetcher(parts, http, &rules->config, &parts->jwks);
    if (parts->jwks)
        jwks_start(parts->jwks, on_keys, parts);
    return r;
}

int keys_reload(struct login_parts *parts, struct http *http, struct rules *rules)
{
    const struct config *config = &rules->config;
    struct jwks *former = parts->jwks, *jwks = NULL;
    struct verifier_options options;
    rules_verifier_options(rules, &options);
    if (former && jwks_is(former, config->jwks, config->algorithm))
        return verifier_reload(parts->verifier, &options, NULL);
    int r = fetcher(parts, http, config, &jwks);
    if (r == 0)
        r = verifier_reload(parts->verifier, &options, rules->keyset);
    if (r < 0) {
        jwks_free(jwks);
        return r;
    }
    rules->keyset = NULL;
    parts->jwks = jwks;
    jwks_free(former); /* who waited for it is judged by what is here now */
    if (jwks)
        jwks_start(jwks, on_keys, parts);
    return 0;
}

void keys_free(struct login_parts *parts)
{
    jwks_free(STEAL(parts->jwks));
    verifier_free(STEAL(parts->verifier));
}
