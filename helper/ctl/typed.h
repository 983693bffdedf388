/*
 * A credential that somebody types: at the terminal, unseen, or by standard input; never as an argument.
 */
#ifndef TYPED_H
#define TYPED_H

#include "options.h"

#include "c2m/wire.h"

/* Asks QUESTION if there is a terminal. Returns an exit code; what is wrong was told. OUT is the caller's to wipe. */
int typed_read(const struct options *options, const char *question, struct c2m_secret *out);

#endif
