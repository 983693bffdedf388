#include "delivered.h"

#include "helper.h"
#include "refusal.h"

#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

void delivered_wipe(struct c2m_token *token)
{
    explicit_bzero(token, sizeof *token);
}

/* It goes to a terminal or a script as it is: visible ASCII, no blank, or not at all. */
static bool is_sound(const struct c2m_token *token)
{
    if (token->token.length == 0 || !c2m_text_ok(token->token.length, token->token.bytes, C2M_TOKEN_MAX))
        return false;
    for (size_t i = 0; i < token->token.length; i++)
        if (token->token.bytes[i] <= ' ' || token->token.bytes[i] > '~')
            return false;
    return true;
}

int delivered_fetch(const struct options *options, uint32_t min_ttl, struct c2m_token *token)
{
    struct c2m_token_request request = {.min_ttl = min_ttl};
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};
    bool more = false;

    if (geteuid() == 0) {
        refusal_tell(options, "root", "root has no token: run this as the user, in the login session");
        return EXIT_NOT_YOURS;
    }
    prctl(PR_SET_DUMPABLE, 0); /* no core holds the token, no debugger of the same user reads it */
    int code = helper_ask(&helper, options, C2M_TOKEN, &request, sizeof request, C2M_DEADLINE_MS);
    if (code == EXIT_OK)
        code = helper_next(&helper, C2M_TOKEN_IS, token, sizeof *token, &more);
    if (code == EXIT_OK && (!more || !is_sound(token)))
        code = helper_confused(&helper);
    return code;
}
