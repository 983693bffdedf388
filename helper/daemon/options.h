/* The command line of c2m-authd. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

struct options {
    const char *config, *state_dir, *runtime_dir, *user;
    bool foreground, check, debug;
    bool adopt; /* the state, though another machine wrote it */
};

/* -1: go on; else the program's exit status (0 after --help and --version, 64 for a wrong use), said already. */
int options_read(int argc, char **argv, struct options *out);

#endif
