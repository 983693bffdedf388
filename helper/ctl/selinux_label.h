/*
 * SELinux' label of the sockets' folder, as anybody may read it.
 */
#ifndef SELINUX_LABEL_H
#define SELINUX_LABEL_H

#include <stdbool.h>

enum { SELINUX_TYPE_SIZE = 64 };

struct selinux_label {
    char type[SELINUX_TYPE_SIZE]; /* the folder's */
    bool enforcing;
    bool known; /* the policy in force knows the type that the folder should have: our module is loaded */
};

/* True when SELinux is there and the folder's type is another than our policy module gives it. */
bool selinux_label_is_wrong(const char *dir, struct selinux_label *label);

#endif
