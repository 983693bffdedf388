/* What the benches share: times and their report, and one login by libpam. Any failure ends the program. */
#ifndef C2M_TESTS_MEASURE_H
#define C2M_TESTS_MEASURE_H

#include <security/pam_appl.h>
#include <sys/types.h>

enum { MEASURE_TOKEN_SIZE = 8192 };

/* CLOCK_MONOTONIC, in microseconds. */
double measure_now(void);

/* Prints NAME_p50= and NAME_p99= of COUNT times, which it sorts. */
void measure_report(const char *name, double *times, int count);

/* Says WHAT and errno, and ends with status 1. */
_Noreturn void measure_die(const char *what);

/* The first line of FILE, without its end, into OUT of MEASURE_TOKEN_SIZE. */
void measure_read_token(const char *file, char *out);

/* alice's login through SERVICE (authenticate and acct_mgmt), each prompt answered with SECRET; NULL: refused, and said why.
 * The handle is the caller's to end. */
pam_handle_t *measure_authenticate(const char *service, const char *secret);

/* One such login from pam_start to pam_end, in microseconds. */
double measure_login(const char *service, const char *secret);

/* A field of /proc/PID/status (those that begin with Vm) or smaps_rollup, with its colon, in kB; -1: there is none. */
long measure_memory_kb(pid_t pid, const char *field);

#endif
