/*
 * One line an outcome, through pam_syslog(3): event= verdict= ref= reason= user= ...
 */
#ifndef REPORT_H
#define REPORT_H

#include "call.h"

/*
 * Failures always; a success, and a user who is left alone or unknown, only with `debug` (they are every local
 * login's). Every value that comes from outside passes the printable filter and cannot end its field.
 */
void report(const struct call *call);

#endif
