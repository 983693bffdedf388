/*
 * The module's file, for the checks that compare it with something.
 */
#ifndef DOCTOR_MODULE_H
#define DOCTOR_MODULE_H

#include "check.h"

/* Where libpam looks for pam_c2m.so. False: no folder of PAM modules was found. */
bool doctor_module_path(char *path, size_t size);
/* The version that the file says; -ENODATA: it says none, or a negative errno. */
int doctor_module_version(const char *path, char *out, size_t size);
/* How to get the right one. */
void doctor_module_mend(struct report *report);

#endif
