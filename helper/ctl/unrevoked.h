/*
 * Tokens that should be dead and live on, because the API refuses who would revoke them.
 */
#ifndef UNREVOKED_H
#define UNREVOKED_H

#include "options.h"

struct unrevoked {
    unsigned unauthorised; /* those that wait, and whose last answer was a 401 */
    /*
     * the same of a 403; and those that wait no more, because nobody may revoke them, and another token of the host could:
     * of the users of its client, by the map that CONFIG names, and what was obtained to keep that token
     */
    unsigned forbidden;
};

/* Root only. 0, or a negative errno: nobody tells. */
int unrevoked_count(const struct options *options, const char *config, struct unrevoked *out);

#endif
