/* The order of the checks is the order of the reasons in the log: kind, scope, audience, age. */
#include "login/policy.h"

#include <string.h>

const struct policy_rule *policy_rule_for(const struct policy *policy, const char *service)
{
    for (unsigned i = 0; i < policy->count; i++)
        if (strcmp(policy->services[i].name, service) == 0)
            return &policy->services[i].rule;
    return &policy->login;
}

/* What is kept is never typed: it serves wherever the service is ours, and proves nothing. */
bool policy_accepts(const struct policy_rule *rule, enum policy_origin origin, enum c2m_credential_form form)
{
    if (form == C2M_FORM_STORED)
        return rule->accept[origin] != 0;
    return (rule->accept[origin] & 1u << form) != 0;
}

/* A rule that asks for neither scope nor audience would make every API token a key: it holds nothing then. */
static bool scopes_suffice(
    const struct policy *policy, const struct policy_rule *rule, const struct claims *claims)
{
    if (rule->any_scope)
        return true;
    if (scopes_empty(&rule->required))
        return rule->audience[0] != '\0';
    return scopes_cover(&claims->scopes, &rule->required, policy->prefix);
}

enum reason policy_judge(const struct policy *policy, const struct policy_rule *rule,
    enum policy_origin origin, const struct claims *claims, enum c2m_credential_form form, int64_t now)
{
    if (!policy_accepts(rule, origin, form))
        return REASON_FORM_NOT_ACCEPTED;
    if (!scopes_suffice(policy, rule, claims))
        return REASON_SCOPE;
    if (rule->audience[0] && !claims_has_audience(claims, rule->audience))
        return REASON_AUDIENCE;
    if (rule->max_age > 0 && (claims->issued <= 0 || now - claims->issued > rule->max_age))
        return REASON_TOO_OLD;
    return REASON_NONE;
}
