/*
 * What the kernel and the name service say, by the linker's --wrap: so that the tests need no root and no
 * accounts. A test names `-Wl,--wrap=getsockopt,--wrap=geteuid,--wrap=getpwnam_r` in its link line.
 */
#ifndef FAKES_KERNEL_H
#define FAKES_KERNEL_H

#include <sys/types.h>

extern uid_t fake_listener; /* who called listen(), by SO_PEERCRED; root at first */
extern uid_t fake_euid; /* root at first */

/* An account by the name alice is 1001; what is set here besides is found first. */
extern const char *fake_account; /* a name that getpwnam_r() finds */
extern const char *fake_pw_name; /* the name that the account then has */
extern uid_t fake_pw_uid;
extern int fake_name_service_error;

#endif
