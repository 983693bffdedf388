/* Where the helper's program and its configuration are. */
#ifndef AUTHD_H
#define AUTHD_H

#include "options.h"

#include <stdbool.h>
#include <stddef.h>

#define AUTHD_CONFIG "/etc/c2m/authd.conf"

/* What --authd says; else the one beside this program (a build tree), else the installed one. */
bool authd_find(const struct options *options, char *path, size_t size);

#endif
