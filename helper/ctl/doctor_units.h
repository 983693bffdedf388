/*
 * The helper's units, as systemd sees them.
 */
#ifndef DOCTOR_UNITS_H
#define DOCTOR_UNITS_H

#include "check.h"

/* Is systemd PID 1 here? */
bool doctor_units_exist(void);

/* Adds why systemd does not run the helper, with its cure. False: systemd knows of nothing that keeps it from that. */
bool doctor_units_explain(struct reports *reports);

/* Does it believe that it listens for root? Then only a restart makes the socket anew. */
bool doctor_units_listen(void);

#endif
