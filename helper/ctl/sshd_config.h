/*
 * Where a word of sshd_config stands: sshd tells what it makes of its files, but not by which line.
 */
#ifndef SSHD_CONFIG_H
#define SSHD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#define SSHD_CONFIG "/etc/ssh/sshd_config"
#define SSHD_DROP_IN "/etc/ssh/sshd_config.d/00-c2m.conf"

struct sshd_place {
    char file[300];
    unsigned line; /* 0: nowhere */
    bool behind_drop_in; /* a line in SSHD_DROP_IN would come first; nowhere: it would be read */
};

/*
 * The first line that sets WORD (lower case) outside of Match: that one counts. With IN_MATCH the first line `Match`
 * whose block sets it.
 */
struct sshd_place sshd_config_find(const char *file, const char *word, bool in_match);

#endif
