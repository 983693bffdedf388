/*
 * What c2mctl report sends to who helps: sections of text. Each writes what it knows to be harmless; all of it passes the
 * filter besides.
 */
#ifndef BUNDLE_H
#define BUNDLE_H

#include "options.h"

#include <stdio.h>

#define BUNDLE_LEFT_OUT "[left out]"

typedef void bundle_section(const struct options *options, FILE *out);

bundle_section bundle_about; /* versions */
bundle_section bundle_config; /* keys and values that are no secrets */
bundle_section bundle_users; /* how many */
bundle_section bundle_stacks; /* PAM's */
bundle_section bundle_sshd; /* what sshd makes of its settings */
bundle_section bundle_units; /* systemd's */
bundle_section bundle_log; /* the last lines of helper and module */

/* One line of it after the other: the same without secrets, to OUT. */
struct bundle_filter {
    bool in_key; /* between BEGIN and END of a PEM file */
};
void bundle_filter_line(struct bundle_filter *filter, const char *line, FILE *out);

#endif
