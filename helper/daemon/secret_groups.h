/* Which groups may read the secrets: --check alone says it, for it asks the name service. */
#ifndef SECRET_GROUPS_H
#define SECRET_GROUPS_H

#include "config.h"

/*
 * Warns of each secret that CONFIG names and that a group may read which is neither root's nor that of USER, whom the
 * helper becomes; of none when there is no such user. What cannot be read at all was said by rules_new.
 */
void secret_groups_check(const struct config *config, const char *user, config_report report, void *argument);

#endif
