/* The control socket: lines in, lines of JSON out, for whoever may open DIR/control. */
#ifndef STANDIN_CONTROL_H
#define STANDIN_CONTROL_H

#include "command.h"

struct control;

/* Listens on directory/control, 0600. NULL with a message on standard error; also where another stand-in
 * answers there. */
struct control *control_new(struct standin *standin, const char *directory);
void control_free(struct control *control);

/* Readable when control_turn has something to do. */
int control_descriptor(const struct control *control);

/* Accepts, reads, carries out and answers what has arrived. */
void control_turn(struct control *control);

#endif
