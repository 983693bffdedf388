/*
 * /etc/c2m/users, as far as doctor needs it; the helper's own reader judges its form.
 */
#ifndef USERS_FILE_H
#define USERS_FILE_H

#include "check.h"

enum { USERS_NAME_SIZE = 40 };

struct users_file_entry {
    char user[USERS_NAME_SIZE];
    char clients[1024]; /* a blank before each and at the end */
    unsigned line;
};

/* The file that `[login] users` names, or the one beside the configuration. */
void users_file_path(const char *config, char *path, size_t size);

/* Calls SEE for each entry, in order. 0 or a negative errno. */
int users_file_read(
    const char *path, void (*see)(void *data, const struct users_file_entry *entry), void *data);

#endif
