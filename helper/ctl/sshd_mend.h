/*
 * How a setting of sshd's comes to count: the first line that sets a word does, so one that is appended may come too late.
 */
#ifndef SSHD_MEND_H
#define SSHD_MEND_H

#include "report.h"
#include "sshd_config.h"

/* The place, and the cure in words and as a command: SETTING ("UsePAM yes") instead of what stands there, or as our line. */
void sshd_mend(struct report *report, const struct sshd_place *place, const char *setting);

#endif
