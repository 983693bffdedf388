/* Where the helper's program and its configuration are. */
#ifndef AUTHD_H
#define AUTHD_H

#include "options.h"

#include <stdbool.h>
#include <stddef.h>

#define AUTHD_CONFIG "/etc/c2m/authd.conf"

/* What --authd says; else the one beside this program (a build tree), else the installed one. */
bool authd_find(const struct options *options, char *path, size_t size);

/*
 * The first word of a key's value in the configuration, as the helper's reader would find it; who judges is the helper
 * (c2m-authd --check). False: the file cannot be read, or does not say.
 */
bool authd_value(const char *config, const char *section, const char *key, char *out, size_t size);

#endif
