/* Reading a file that must be what the administrator made it: no link, no device, nobody else's. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Opens PATH for reading (O_NOFOLLOW|O_CLOEXEC) and returns the descriptor, the caller's to close, or a negative
 * errno: -ELOOP a symbolic link, -EINVAL no regular file, -EPERM it belongs to neither root nor us, or its mode has
 * a bit of FORBIDDEN.
 */
int file_open(const char *path, mode_t forbidden);

/* What is wrong with a file that file_open refused with ERROR and FORBIDDEN, and its cure: a half sentence. */
const char *file_complaint(int error, mode_t forbidden);

/* Reads until the end or until SIZE bytes are there: their number, or a negative errno. */
ssize_t file_read(int fd, void *buffer, size_t size);

#endif
