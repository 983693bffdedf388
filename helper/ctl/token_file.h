/*
 * A file in memory, 0600, that holds a token for another program.
 */
#ifndef TOKEN_FILE_H
#define TOKEN_FILE_H

#include "c2m/wire.h"

#include <limits.h>

struct token_file {
    char path[PATH_MAX]; /* "": there is none */
};

/*
 * Makes it where nothing reaches a disk: in $XDG_RUNTIME_DIR, if that is the user's own, or in /dev/shm. 0 or a negative
 * errno; -ENODEV: there is no such place.
 */
int token_file_create(struct token_file *file, const struct c2m_token *token);

/* Another token in its place, at once and as a whole. 0 or a negative errno: it is as it was. */
int token_file_replace(const struct token_file *file, const struct c2m_token *token);

void token_file_remove(struct token_file *file); /* __attribute__((cleanup)) */

#endif
