/* The command line. */
#ifndef STANDIN_OPTIONS_H
#define STANDIN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
    char address[64]; /* an IPv4 address, numeric */
    uint16_t port; /* 0: the kernel chooses, once for the program's life */
    const char *directory;
    const char *clients; /* NULL: the four of the demo */
    const char *algorithm;
    const char *issuer;
    unsigned success;
    int64_t short_ttl;
    const char *ask; /* client mode: the line to send; NULL in server mode */
    const char *field;
};

/* Reads the command line. 0: go on; 1: --help was answered; -1: said on standard error what is wrong. The
 * texts are those of argv. */
int options_read(struct options *options, int argc, char **argv);

#endif
