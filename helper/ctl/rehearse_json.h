/*
 * What a rehearsal came to, for programs.
 */
#ifndef REHEARSE_JSON_H
#define REHEARSE_JSON_H

#include "outcome.h"
#include "output.h"
#include "report.h"

/* One object more in LIST: every answer for everybody, or, with OUTAGE, who still gets in; and what is wrong. */
void rehearse_json(
    struct output *list, const struct service *service, const struct reports *findings, bool outage);

#endif
