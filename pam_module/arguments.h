/*
 * What root wrote behind pam_c2m.so in /etc/pam.d: limits that no answer of the helper can lift.
 */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

struct arguments {
    const char *service; /* service=NAME: told to the helper; NULL: PAM_SERVICE */
    const char *runtime_dir; /* runtime_dir=DIR: where the helper's sockets are */
    uint32_t min_uid; /* min_uid=N: users below it are left alone */
    bool allow_root; /* uid 0 may authenticate too */
    bool reuse; /* a session's presence may stand for a prompt (sudo only) */
    bool debug; /* log every call */
    bool quiet; /* no messages beside the prompt */
};

/*
 * Reads argv; the texts stay argv's. Returns NULL, or the first argument that is unknown, malformed or given
 * twice; OUT is not to be used then.
 */
const char *arguments_read(struct arguments *out, int argc, const char **argv);

#endif
