/* Whole files in the stand-in's directory. */
#ifndef STANDIN_FILE_H
#define STANDIN_FILE_H

#include <stddef.h>
#include <sys/types.h>

/* The whole file, with a NUL behind it; the caller frees it. NULL with errno set. */
char *file_read(const char *path, size_t *length);

/* Writes the file beside its place and renames it, so that a reader sees the old or the new one whole.
 * Says on standard error what failed. 0, or -1. */
int file_write(const char *path, const char *text, mode_t mode);

/* `directory`/`name`. The caller frees it. */
char *file_path(const char *directory, const char *name);

#endif
