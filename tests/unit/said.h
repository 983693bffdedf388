/* What the log was told, instead of a sink. Needs --wrap of log_send and log_message. */
#ifndef TESTS_SAID_H
#define TESTS_SAID_H

#include <stdbool.h>

bool said(const char *text); /* in a line since the last forget */
void forget_log(void);

#endif
