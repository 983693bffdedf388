/* Sockets in the file system. */
#ifndef STANDIN_LOCAL_H
#define STANDIN_LOCAL_H

#include <stddef.h>

/* A listening socket at the path, 0600; what a dead program left there is removed. The caller closes it. -1
 * with errno set; EADDRINUSE if somebody answers there. */
int local_listen(const char *path);

/* A connection to the path; the caller closes it. -1 with errno set. */
int local_connect(const char *path);

/* Sends all of it. 0, or -1 with errno set. */
int local_send(int fd, const char *text, size_t length);

#endif
