/*
 * c2mctl revoke: the session in which one stands is over, for sudo and for the API; its shell is not hung up.
 */
#include "commands.h"
#include "helper.h"
#include "output.h"
#include "refusal.h"

#include <stdio.h>
#include <unistd.h>

int command_revoke(const struct options *options)
{
    struct helper helper __attribute__((cleanup(helper_end))) = {.client = C2M_CLIENT_CLOSED};

    if (geteuid() == 0) {
        refusal_tell(options, "root", "root stands in no session: c2mctl sessions end REF ends anybody's");
        return EXIT_NOT_YOURS;
    }
    int code = helper_ask(&helper, options, C2M_GIVE_UP, NULL, 0, C2M_FIRST_ANSWER_MS);
    if (code == EXIT_OK)
        code = helper_verdict(&helper);
    if (code != EXIT_OK)
        return code;
    if (options->json) {
        struct output *output __attribute__((cleanup(output_drop))) = output_new();
        output_bool(output, "ok", true);
        output_print(output);
    } else if (!options->quiet) {
        puts("this session's tokens are being revoked; sudo asks again");
    }
    return EXIT_OK;
}
