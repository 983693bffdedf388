/*
 * c2mctl revoke: the session in which one stands is over, for sudo and for the API; its shell is not hung up.
 */
#include "commands.h"
#include "helper.h"
#include "refusal.h"

#include <unistd.h>

int command_revoke(const struct options *options)
{
    if (geteuid() == 0) {
        refusal_tell(options, "root", "root stands in no session: c2mctl sessions end REF ends anybody's");
        return EXIT_NOT_YOURS;
    }
    return helper_order(
        options, C2M_GIVE_UP, NULL, 0, "this session's tokens are being revoked; sudo asks again");
}
