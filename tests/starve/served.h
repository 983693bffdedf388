/* A helper that always grants, or always denies, each in a process of its own: it asks for a token before it grants. */
#ifndef TESTS_STARVE_SERVED_H
#define TESTS_STARVE_SERVED_H

#include <stdbool.h>

/* Starts one: the folder of its socket, for as long as it lives. */
const char *served_begin(bool grants);
/* Ends all. */
void served_end(void);

#endif
