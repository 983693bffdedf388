/* What the log was told, in place of telling it: link with --wrap of log_send and log_message. */
#ifndef TESTS_SAID_H
#define TESTS_SAID_H

#include <stdbool.h>

bool said(const char *text); /* in a line since the last forget_log */
void forget_log(void);

#endif
