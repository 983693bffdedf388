/*
 * The user's askpass.conf: who may have a token, and where it comes from. c2m-askpass(1) describes the file.
 */
#ifndef ASKPASS_CONFIG_H
#define ASKPASS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

enum { ASKPASS_PATH_SIZE = 4096, ASKPASS_LINE_SIZE = 1024 };

enum askpass_kind { ASKPASS_NONE, ASKPASS_FILE, ASKPASS_COMMAND, ASKPASS_TERMINAL };

struct askpass_source {
    enum askpass_kind kind;
    char value[ASKPASS_LINE_SIZE]; /* a path, a command, "" */
};

/* Where the file is: below $XDG_CONFIG_HOME, else ~/.config. False after it has complained. */
bool askpass_config_file(char *file, size_t size);

/*
 * Reads FILE and finds the source for HOST, "" for sudo. False after it has complained: the file is not the user's
 * own or others can write it, any line of it is wrong, or it does not name HOST.
 */
bool askpass_config_find(const char *file, const char *host, struct askpass_source *out);

#endif
