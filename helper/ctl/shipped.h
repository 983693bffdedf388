/* What is installed with the programs, to be copied by hand. */
#ifndef SHIPPED_H
#define SHIPPED_H

#define SHIPPED_DIR "/usr/share/doc/c2m"
#define SHIPPED_PROFILE "/usr/share/pam-configs/c2m" /* pam-auth-update's; an RPM has none */

/* The examples' folder: the installed one, or that of the source. */
const char *shipped_examples(void);

#endif
