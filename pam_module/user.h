/*
 * Who is meant: from the name that the application gave to a uid of this host.
 */
#ifndef USER_H
#define USER_H

#include "arguments.h"

/*
 * Looks NAME up. Returns 0 and the uid; -EINVAL for a name that no account of ours can have (empty, too long,
 * control bytes, blanks, '/', ':', a leading '-', digits only) or a uid that is none (2^31 and above);
 * -ENOENT when there is no such user; another negative errno when the name service fails.
 */
int user_resolve(const char *name, uint32_t *uid);

/* True when the arguments keep the helper out of it: root, and accounts of the system. */
bool user_left_alone(uint32_t uid, const struct arguments *arguments);

#endif
