/* What is installed with the programs, to be copied by hand. */
#ifndef SHIPPED_H
#define SHIPPED_H

#define SHIPPED_DIR "/usr/share/doc/c2m"
#define SHIPPED_DATA "/usr/share/c2m" /* what is copied: images may lack all of share/doc */
#define SHIPPED_PROFILE "/usr/share/pam-configs/c2m" /* pam-auth-update's; an RPM has none */

/* The folder with authd.conf, users, pam.d and sudoers.d: the installed one, or the examples of the source. */
const char *shipped_examples(void);

#endif
