/* A file that is the user's own: nobody else's, no link, no device. */
#ifndef OWN_FILE_H
#define OWN_FILE_H

#include <sys/types.h>

/*
 * Opens FILE for reading and returns the descriptor, the caller's to close, or -1 after it has complained: it cannot
 * be opened, is a link or no regular file, belongs to neither root nor us, or its mode has a bit of FORBIDDEN.
 */
int own_file_open(const char *file, mode_t forbidden);

#endif
