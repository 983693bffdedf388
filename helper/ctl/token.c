/*
 * c2mctl token: a short token for the API, to the process that stands in the session. Standard output holds the
 * token alone, so that $(c2mctl token) is one.
 */
#include "commands.h"
#include "delivered.h"
#include "output.h"

#include <stdio.h>

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
    struct c2m_token token __attribute__((cleanup(delivered_wipe)));

    int code = delivered_fetch(options, options->min_ttl, &token);
    if (code == EXIT_OK)
        print(options, &token);
    return code;
}
