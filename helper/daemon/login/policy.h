/*
 * May this genuine token do that here? `accept` by origin, required scopes, audience and age, by service. A service
 * without a section of its own is judged by [login].
 */
#ifndef LOGIN_POLICY_H
#define LOGIN_POLICY_H

#include "base/reason.h"
#include "token/claims.h"
#include "token/scopes.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum { POLICY_SERVICES_MAX = 64, POLICY_AUDIENCE_SIZE = 256 };

/* Where one logs in from: REMOTE when the application names a host (login/origin.h). */
enum policy_origin { POLICY_LOCAL, POLICY_REMOTE };
enum { POLICY_ORIGINS = 2 };

struct policy_rule {
    /* by origin: a bit for each enum c2m_credential_form, 1u << form; 0: from there the service is not ours */
    unsigned accept[POLICY_ORIGINS];
    bool any_scope; /* required_scopes = any */
    struct scopes required; /* all of them must be held; empty: audience alone decides */
    char audience[POLICY_AUDIENCE_SIZE]; /* "": not asked for */
    int64_t max_age; /* seconds since iat; 0: not bounded */
    int64_t reuse_ms; /* presence without a prompt; sudo and sudo-i only */
};

struct policy {
    struct policy_rule login;
    struct {
        char name[C2M_NAME_MAX + 1];
        struct policy_rule rule;
    } services[POLICY_SERVICES_MAX];
    unsigned count;
    char prefix[64]; /* of scopes in tokens, such as "c2m-api/"; "": none */
};

/* Never NULL: the service's own rule, or [login]'s. */
const struct policy_rule *policy_rule_for(const struct policy *policy, const char *service);
bool policy_accepts(const struct policy_rule *rule, enum policy_origin origin, enum c2m_credential_form form);
/* REASON_NONE, FORM_NOT_ACCEPTED, SCOPE, AUDIENCE or TOO_OLD. NOW is the wall clock. */
enum reason policy_judge(const struct policy *policy, const struct policy_rule *rule,
    enum policy_origin origin, const struct claims *claims, enum c2m_credential_form form, int64_t now);

#endif
