/*
 * c2mctl token: a short token for the API, to the process that stands in the session. Standard output holds the
 * token alone, so that $(c2mctl token) is one.
 */
#include "commands.h"
#include "helper.h"
#include "output.h"
#include "refusal.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void wipe(struct c2m_token *token)
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

static void print(const struct options *options, const struct c2m_token *token)
{
    if (!options->json) {
        printf("%.*s\n", (int)token->token.length, token->token.bytes);
        return;
    }
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    output_secret(output, "token", token->token.bytes, token->token.length);
    output_time(output, "expires", token->expires);
    output_print(output);
}

int command_token(const struct options *options)
{
    struct c2m_token_request request = {.min_ttl = options->min_ttl};
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};
    struct c2m_token token __attribute__((cleanup(wipe)));
    bool more = false;

    if (geteuid() == 0) {
        refusal_tell(options, "root", "root has no token: run this as the user, in the login session");
        return EXIT_NOT_YOURS;
    }
    prctl(PR_SET_DUMPABLE, 0); /* no core holds the token, no debugger of the same user reads it */
    int code = helper_ask(&helper, options, C2M_TOKEN, &request, sizeof request, C2M_DEADLINE_MS);
    if (code == EXIT_OK)
        code = helper_next(&helper, C2M_TOKEN_IS, &token, sizeof token, &more);
    if (code != EXIT_OK)
        return code;
    if (!more || !is_sound(&token))
        return helper_confused(&helper);
    print(options, &token);
    return EXIT_OK;
}
