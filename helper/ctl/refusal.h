/*
 * Why a command has nothing to print: in words for people, in a code for programs, as an exit status.
 */
#ifndef REFUSAL_H
#define REFUSAL_H

#include "options.h"

#include "c2m/wire.h"

/* The helper refused; tells it and returns the exit code. */
int refusal_verdict(const struct options *options, const struct c2m_verdict *verdict);

/* No helper answered on SOCKET (a negative errno says how): tells it, and what to do. */
void refusal_helper(const struct options *options, const char *socket, int error);

/* Tells any other: MESSAGE on standard error unless --quiet, and as JSON with --json. CODE is one word. */
void refusal_tell(const struct options *options, const char *code, const char *message);

#endif
