/*
 * c2m-askpass: what ssh (SSH_ASKPASS) and sudo (SUDO_ASKPASS) run to have a prompt answered. A link to c2mctl.
 */
#ifndef ASKPASS_H
#define ASKPASS_H

#include <stdbool.h>

/* True when the program was called by its other name. */
bool askpass_called(const char *name);

/* Prints the answer to the prompt in argv[1] on standard output and returns 0, or says why not and returns 1. */
int askpass_main(int argc, char **argv);

#endif
