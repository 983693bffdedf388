/* The records of tokens across a restart: tokens.json in the stand-in's directory, written at a clean end. */
#ifndef STANDIN_SNAPSHOT_H
#define STANDIN_SNAPSHOT_H

#include "tokens.h"

/* Writes all records that are still of use. 0, or -1 with a message on standard error. */
int snapshot_write(const struct tokens *tokens, const char *directory);

/* Enters what an earlier run wrote, and removes the file: after a crash nobody must believe an old one.
 * Nothing there is no error. */
void snapshot_read(struct tokens *tokens, const char *directory);

#endif
